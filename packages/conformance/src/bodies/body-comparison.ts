import type { Mismatch, Profile } from '../contract/mismatch.ts';

/** Steps after the root of a pact's path expression: names of members, attributes (`@id`), texts (`#text`), parts; positions in arrays. */
export type PathSteps = readonly (string | number)[];

/** What the rules for bodies that are compared as texts have to say; made by `rules/`. */
export interface TextRules {
  /**
   * Applies the rules that win at this place (or cascade to it) to a text; `undefined` where no rule speaks, so the comparison decides
   * by itself. Empty: the rules accept it.
   */
  applyAt(
    path: PathSteps,
    texts: { readonly expected: string; readonly actual: string },
  ): readonly Mismatch[] | undefined;
  /** A rule of its own or a cascading one speaks for this place. */
  hasRuleAt(path: PathSteps): boolean;
  /** Bounds of a list by the rules at its path; undefined where none speaks. */
  boundsAt(
    path: PathSteps,
  ): { readonly min: number | undefined; readonly max: number | undefined } | undefined;
}

export interface BodyContext {
  readonly rules: TextRules;
  /** Requests allow no unexpected keys; responses and messages do. */
  readonly allowUnexpected: boolean;
  readonly profile: Profile;
}

export interface ExpectedBody {
  /** Lower case, parameters kept. */
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** Compiled once for an expected body; called for every actual one. */
export type BodyComparison = (actual: Uint8Array) => readonly Mismatch[];
export type CompileBody = (expected: ExpectedBody, context: BodyContext) => BodyComparison;
