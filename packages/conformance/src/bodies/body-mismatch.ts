import type { Mismatch } from '../contract/mismatch.ts';
import type { PathSteps } from './body-comparison.ts';

/** One place in a body that differs. */
export function bodyMismatch(
  at: PathSteps,
  what: { readonly rule: string; readonly kind: Mismatch['kind']; readonly text: string },
): Mismatch {
  return { part: 'body', pointer: pointerTo(at), path: pathTo(at), ...what };
}

/** As the native library writes places: `$.items[0]['#text']`. */
export function pathTo(at: PathSteps): string {
  return `$${at.map(stepText).join('')}`;
}

function stepText(step: string | number): string {
  if (typeof step === 'number') {
    return `[${step}]`;
  }
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(step) ? `.${step}` : `['${step}']`;
}

/** RFC 6901. */
export function pointerTo(at: PathSteps): string {
  return at.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
