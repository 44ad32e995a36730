/** Why a body is not taken. */
export type RefusalReason =
  | 'bad-credentials'
  | 'unauthenticated'
  | 'forbidden'
  | 'undecodable'
  | 'too-large'
  | 'unknown-encoding'
  | 'stalled'
  | 'overloaded'
  | 'closed'
  | 'failed';

/** How each reason is told: by HTTP status, by google.rpc.Code, and whether the sender may try again. */
export const refusals: Readonly<
  Record<
    RefusalReason,
    { readonly status: number; readonly code: number; readonly isRetryable: boolean }
  >
> = {
  'bad-credentials': { status: 400, code: 3, isRetryable: false },
  unauthenticated: { status: 401, code: 16, isRetryable: false },
  forbidden: { status: 403, code: 7, isRetryable: false },
  undecodable: { status: 400, code: 3, isRetryable: false },
  'too-large': { status: 413, code: 8, isRetryable: false },
  'unknown-encoding': { status: 415, code: 12, isRetryable: false },
  // Not 408, which senders of spans do not repeat: a hub that is too busy to read makes honest senders slow too.
  stalled: { status: 503, code: 14, isRetryable: true },
  overloaded: { status: 429, code: 8, isRetryable: true },
  closed: { status: 503, code: 14, isRetryable: true },
  // Not 500, which senders do not repeat.
  failed: { status: 503, code: 14, isRetryable: true },
};

/** Seconds: SDKs give an export ten in all, and drop it when told to wait longer than what is left. */
export const retryAfterSeconds = 1;

/** Thrown on the way to a body; `receiveBody` makes an answer of it. */
export class BodyRefusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BodyRefusal';
    this.reason = reason;
  }
}

export function tooLarge(limit: number): BodyRefusal {
  return new BodyRefusal('too-large', `The body is larger than ${limit} bytes; send less at once.`);
}

export function overloaded(): BodyRefusal {
  return new BodyRefusal('overloaded', 'The hub is reading too much at once; try again soon.');
}
