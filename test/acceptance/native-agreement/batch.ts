import type { FuzzRules } from './fuzz-rules.ts';

/** One small comparison; many travel in one interaction, each under a name of its own. */
export interface FuzzCase {
  /** `c0`, `c1`, … */
  readonly id: string;
  readonly expected: string;
  readonly actual: string;
  /** With the paths as they stand in the interaction. */
  readonly rules: FuzzRules;
}

export type Side = 'request' | 'response' | 'message';

/** What is promised of one part, or what came. */
export interface FuzzPart {
  /** Of requests only. */
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** Of answers only. */
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** Of messages only: name and JSON. */
  readonly metadata: readonly (readonly [string, string])[];
  readonly contentType: string | undefined;
  /** JSON or text; undefined: there is none. */
  readonly body: string | undefined;
}

export type RuleCategory = 'body' | 'header' | 'query' | 'metadata' | 'path' | 'status';

/** One interaction to be judged by the native library and by ours. */
export interface Batch {
  readonly family: string;
  readonly side: Side;
  readonly cases: readonly FuzzCase[];
  readonly promised: FuzzPart;
  readonly actual: FuzzPart;
  readonly category: RuleCategory;
  /** The notation of the pact; 4 where nothing is said. */
  readonly version?: 2 | 3;
}

export const NOTHING: FuzzPart = {
  path: '/',
  query: [],
  status: 200,
  headers: [],
  metadata: [],
  contentType: undefined,
  body: undefined,
};

/** Everything that the cases of a batch have for rules. */
export function rulesOf(batch: Batch): FuzzRules {
  return Object.assign({}, ...batch.cases.map(({ rules }) => rules));
}

/** Whose mismatch it is, by the name that its place, or else its text, has in it; `*` when it is about the whole. */
export function caseOf(...texts: readonly (string | undefined)[]): string {
  for (const text of texts) {
    const found = /\bc\d+\b/.exec(text ?? '');
    if (found !== null) {
      return found[0];
    }
  }
  return '*';
}
