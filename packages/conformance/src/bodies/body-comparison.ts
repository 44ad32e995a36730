import type { Mismatch, Profile } from '../contract/mismatch.ts';
import type { PactRule } from '../pact/pact-model.ts';

/** Steps after the root of a pact's path expression: names of members, attributes (`@id`), texts (`#text`), parts; positions in arrays. */
export type PathSteps = readonly (string | number)[];

/** The rules that win at a place. `cascaded`: they are written for a place above it. */
export interface WinningRules {
  readonly rules: readonly PactRule[];
  readonly combine: 'and' | 'or';
  readonly cascaded: boolean;
}

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
  /** Some rule of kind type, min or max is written for this place or above it, whether it wins or not. */
  hasTypeRuleAt(path: PathSteps): boolean;
  /** A rule is written for this very place. */
  hasOwnRuleAt(path: PathSteps): boolean;
  /** For what is no text (names of elements, bytes): the rules themselves. */
  winningAt(path: PathSteps): WinningRules | undefined;
  /** The rules written for this place and below it, as rules of a body of its own: of one part in a multipart body. */
  under(path: PathSteps): TextRules;
}

export interface BodyContext {
  readonly rules: TextRules;
  /** Requests allow no unexpected keys; responses and messages do. */
  readonly allowUnexpected: boolean;
  readonly profile: Profile;
}

export interface BodyPartContext extends BodyContext {
  readonly part: 'request' | 'response' | 'message';
  /** Compares JSON; also called for JSON parts of a multipart body, with the rules below the part. */
  readonly compileJson: CompileBody;
  /** Set where the pact has rules for the header content-type: whether they accept this one. */
  readonly acceptsContentType: ((contentType: string) => boolean) | undefined;
}

export interface ExpectedBody {
  /** Lower case, parameters kept. */
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** Compiled once for an expected body; called for every actual one. */
export type BodyComparison = (actual: Uint8Array) => readonly Mismatch[];
export type CompileBody = (expected: ExpectedBody, context: BodyContext) => BodyComparison;
