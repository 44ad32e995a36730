import type { Mismatch } from '@concordat/conformance';
import type { GuardMismatch } from '@concordat/domain';
import { withoutData } from './pointer-names.ts';

const most = 8;
const longestPointer = 200;

/** The places that differ, without any value; the first of many, each once. */
export function guardMismatches(mismatches: readonly Mismatch[]): readonly GuardMismatch[] {
  const found = new Map<string, GuardMismatch>();
  for (const { part, rule, pointer } of mismatches) {
    if (found.size >= most) break;
    const one: GuardMismatch = {
      part: part === 'body-type' ? 'body' : part,
      rule: word(rule),
      pointer: (part === 'body' ? withoutData(pointer) : pointer).slice(0, longestPointer),
    };
    found.set(mismatchText(one), one);
  }
  return [...found.values()];
}

/** `part rule pointer`, as span attributes carry it. */
export function mismatchText({ part, rule, pointer }: GuardMismatch): string {
  return `${part} ${rule} ${pointer}`;
}

function word(text: string): string {
  return text.trim().replaceAll(/\s+/g, '-').slice(0, 40) || 'equality';
}
