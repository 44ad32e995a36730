import type { Mismatch } from '../contract/mismatch.ts';
import type { SampleBody } from '../contract/sample.ts';
import type { BodyContext, CompileBody } from './body-comparison.ts';

/** The body that a part of a pact states. Missing: nothing is said about it; null and empty: there is none. */
export type PromisedBody =
  | { readonly kind: 'missing' | 'null' | 'empty' }
  | {
      readonly kind: 'present';
      /** Of the body itself, else of the part's header or metadata; undefined: it is told by the first bytes. */
      readonly contentType: string | undefined;
      readonly content: Uint8Array;
    };

export interface BodyPartContext extends BodyContext {
  readonly part: 'request' | 'response' | 'message';
  /** Compares JSON; also called for JSON parts of a multipart body, with the rules below the part. */
  readonly compileJson: CompileBody;
  /** Set where the pact has rules for the header content-type: whether they accept this one. */
  readonly acceptsContentType: ((contentType: string) => boolean) | undefined;
}

/** Compiled once for a promised body; called for every real one. An actual body without bytes counts as absent. */
export type BodyCheck = (actual: SampleBody) => readonly Mismatch[];
export type CompileBodyPart = (promised: PromisedBody, context: BodyPartContext) => BodyCheck;
