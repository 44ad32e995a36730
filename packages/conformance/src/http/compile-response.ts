import type { Mismatch } from '../contract/mismatch.ts';
import type { PromisedResponse } from '../pact/pact-parts.ts';
import { textMismatches } from '../rules/body-rules.ts';
import { compileRules, type RuleNotes } from '../rules/compiled-rule.ts';
import { type Compiling, compilePart, type PartCheck } from './compile-part.ts';

/** A promised answer, compiled. */
export interface ResponseCheck {
  readonly status: (status: number) => readonly Mismatch[];
  /** Headers and body. */
  readonly content: PartCheck;
}

export function compileResponse(promised: PromisedResponse, compiling: Compiling): ResponseCheck {
  return {
    status: compileStatus(promised, compiling.notes),
    content: compilePart(promised, 'response', compiling),
  };
}

function compileStatus(
  { status: expected, statusRules }: PromisedResponse,
  notes: RuleNotes,
): (status: number) => readonly Mismatch[] {
  const rules = statusRules === undefined ? undefined : compileRules(statusRules, notes);
  const place = { part: 'status', pointer: '', path: '' } as const;
  return (actual) => {
    if (rules !== undefined) {
      const texts = { expected: String(expected), actual: String(actual) };
      return textMismatches(rules, { ...texts, cascaded: false, place });
    }
    const text = `expected ${expected} but was ${actual}`;
    return expected === actual ? [] : [{ ...place, rule: 'equality', kind: 'value', text }];
  };
}
