import type { ProblemCode } from './problem-catalogue.ts';

/** Messages by field, as the broker writes them: `{"pacticipantVersionNumber": ["is missing"]}`. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What goes with a refusal beyond its code. */
export interface RefusalDetails {
  /** Answered as `errors` instead of `error`: by field, or a plain list where the broker has one. */
  readonly errors?: FieldErrors | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** An answer whose shape is fixed by the broker; it replaces the usual one and gets no problem+json form. */
  readonly body?: { readonly type: string; readonly text: string };
  /** Members that a problem+json answer of our own routes has beside the usual ones (RFC 9457 §3.2). */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Media type of the usual shape, where the broker uses another than HAL JSON. */
  readonly type?: string;
  readonly cause?: unknown;
}

/** The hub refuses a request; the problem handler turns it into the answer, in the shape the route's clients read. */
export class HubError extends Error {
  readonly code: ProblemCode;
  readonly details: RefusalDetails;

  constructor(code: ProblemCode, message: string, details: RefusalDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'HubError';
    this.code = code;
    this.details = details;
  }
}

/** A 404 in the broker's own words: for a path or resource that has no name to report. */
export function documentNotFound(): HubError {
  return new HubError('NOT_FOUND', 'The requested document was not found on this server.', {
    type: 'application/json',
  });
}
