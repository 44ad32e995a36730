import type { Disagreement } from './agreement.ts';
import { BEYOND_JAVASCRIPT } from './fuzz-rules.ts';

/**
 * Differences between the engines that are meant. What the native library cannot judge is never drawn: rules that weigh the same (it
 * takes either, see ties.ts), multipart messages and differences between fewer than twenty bytes (it panics), bodies that are called
 * forms and are none in requests (its builder aborts), types that a message or request does not state (it invents some).
 */
interface Ambiguity {
  readonly reason: string;
  readonly covers: (disagreement: Disagreement) => boolean;
}

const AMBIGUITIES: readonly Ambiguity[] = [
  {
    reason:
      'Offsets beyond +11:00 are refused by a defect of the native library; clients in New Zealand send them.',
    covers: ({ native, ours, batch, id }) =>
      ours.length === 0 &&
      native.some((text) => text.includes("+13:00' to match a timestamp pattern")) &&
      batch.cases.some((one) => one.id === id && one.actual.includes('+13:00')),
  },
  {
    reason:
      'Patterns that JavaScript has no words for are not judged, and what has them is never called kept.',
    covers: ({ ours, batch, id }) =>
      ours.every((text) => text.startsWith(': not judged: The pattern')) &&
      batch.cases
        .filter((one) => id === '*' || one.id === id)
        .some((one) => patternsOf(one.rules).some((regex) => BEYOND_JAVASCRIPT.includes(regex))),
  },
];

function patternsOf(rules: unknown): readonly string[] {
  const found: string[] = [];
  JSON.stringify(rules, (key, value) => {
    if (key === 'regex') {
      found.push(value);
    }
    return value;
  });
  return found;
}

/** Why a disagreement is none, if it is none. */
export function reasonFor(disagreement: Disagreement): string | undefined {
  return AMBIGUITIES.find(({ covers }) => covers(disagreement))?.reason;
}
