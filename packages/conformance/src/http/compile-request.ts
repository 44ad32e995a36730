import type { Mismatch } from '../contract/mismatch.ts';
import type { RequestSample } from '../contract/sample.ts';
import type { PromisedRequest } from '../pact/pact-parts.ts';
import { textMismatches } from '../rules/body-rules.ts';
import { compileRules, type RuleNotes } from '../rules/compiled-rule.ts';
import { compileQuery } from './compare-query.ts';
import { type Compiling, compilePart, type PartCheck } from './compile-part.ts';

/** A promised request, compiled. */
export interface RequestCheck {
  /** Whether it is this request at all: method, path and query. */
  readonly address: (request: RequestSample) => readonly Mismatch[];
  /** Headers and body. */
  readonly content: PartCheck;
}

export function compileRequest(promised: PromisedRequest, compiling: Compiling): RequestCheck {
  const path = compilePath(promised, compiling.notes);
  const query = compileQuery(promised, compiling.profile, compiling.notes);
  return {
    address: (request) => [
      ...methodMismatches(promised.method, request.method),
      ...path(request.path),
      ...query(request.query),
    ],
    content: compilePart(promised, 'request', compiling),
  };
}

const ADDRESS = { pointer: '', path: '' } as const;

function methodMismatches(expected: string, actual: string): readonly Mismatch[] {
  if (expected === actual.toUpperCase()) {
    return [];
  }
  const text = `expected ${expected} but was ${actual.toUpperCase()}`;
  return [{ part: 'method', ...ADDRESS, rule: 'equality', kind: 'value', text }];
}

/** The raw path: neither its coding nor its case nor a slash at the end is made alike. */
function compilePath(
  { path: expected, pathRules }: PromisedRequest,
  notes: RuleNotes,
): (path: string) => readonly Mismatch[] {
  const rules = pathRules === undefined ? undefined : compileRules(pathRules, notes);
  return (actual) => {
    if (rules !== undefined) {
      const place = { part: 'path', ...ADDRESS } as const;
      return textMismatches(rules, { expected, actual, cascaded: false, place });
    }
    const text = `expected '${expected}' but was '${actual}'`;
    return expected === actual
      ? []
      : [{ part: 'path', ...ADDRESS, rule: 'equality', kind: 'value', text }];
  };
}
