/** What the live guard said about one real exchange; never a value of it, only names, rules and places. */
export interface GuardVerdict {
  /** Which end looked: the service that answers (sends the event) or the one that asks (receives it). */
  readonly side: 'provider' | 'consumer';
  /** `uncovered`: no interaction of the pacts at hand is like this request. `undecided`: it was looked at and nothing can be said. */
  readonly verdict: 'kept' | 'broken' | 'uncovered' | 'undecided';
  readonly consumer: string;
  readonly provider: string;
  /** `GET /v1/orders/{id}`, `send order.placed`. */
  readonly operation: string;
  /** Of the closest interaction; undefined where none was found. */
  readonly interaction: string | undefined;
  /** The content that was judged by: the pact version's sha. */
  readonly pactSha: string | undefined;
  /** Bounded; the first of many. */
  readonly mismatches: readonly GuardMismatch[];
  /** JSON pointers of the answer's (event's) fields that were there, array positions as `*`. Empty where not collected. */
  readonly fields: readonly string[];
  /** Of the fields, those the consumer's code read; undefined where reading is not watched. */
  readonly fieldsRead: readonly string[] | undefined;
}

export interface GuardMismatch {
  readonly part: 'method' | 'path' | 'query' | 'header' | 'status' | 'body' | 'metadata';
  /** The matching rule that failed: `type`, `regex`, `equality`, `integer`; `required` for what is missing. */
  readonly rule: string;
  /** JSON pointer into the body or metadata; a header's or parameter's name; empty for the whole part. */
  readonly pointer: string;
}

/**
 * Span attributes that carry a verdict. `mismatches` is a list of texts `part rule pointer`, of single spaces; `fields` and
 * `fieldsRead` are lists of pointers.
 */
export const guardAttributes = {
  side: 'concordat.guard.side',
  verdict: 'concordat.guard.verdict',
  consumer: 'concordat.guard.consumer',
  provider: 'concordat.guard.provider',
  operation: 'concordat.guard.operation',
  interaction: 'concordat.guard.interaction',
  pactSha: 'concordat.guard.pact.sha',
  mismatches: 'concordat.guard.mismatches',
  fields: 'concordat.guard.fields',
  fieldsRead: 'concordat.guard.fields.read',
} as const;

/** Name of an INTERNAL span that carries a verdict about its parent, where that had ended before the verdict was there. */
export const guardSpanName = 'concordat.guard';
