import type { Mismatch } from '../contract/mismatch.ts';
import { pathText, pointerTo } from '../rules/rule-path.ts';
import type { PathSteps } from './body-comparison.ts';

/** One place in a body that differs. */
export function bodyMismatch(
  at: PathSteps,
  what: { readonly rule: string; readonly kind: Mismatch['kind']; readonly text: string },
): Mismatch {
  return { part: 'body', pointer: pointerTo(at), path: pathText(at), ...what };
}
