import type { IncomingMessage } from 'node:http';
import { HubError } from '../../http/hub-error.ts';
import type { Log } from '../../log.ts';
import type { AnswerCounts } from './answer-counts.ts';
import type { BodyBudget } from './body-budget.ts';
import type { BodyBounds } from './collect-body.ts';
import { BodyRefusal, overloaded, type RefusalReason } from './refusal.ts';
import type { Receipt, SpanFormat, SpanIntake, Transport, UnkeptSignal } from './span-intake.ts';

/** What receiving spans needs, whatever they travel by. */
export interface SpanReceiving {
  readonly intake: SpanIntake;
  readonly budget: BodyBudget;
  readonly answers: AnswerCounts;
  /** Bytes of one body, as sent and after inflating. */
  readonly maxBodyBytes: number;
  /** From the head of a request to the last byte of its body. */
  readonly maxBodyMillis: number;
  /** Throws a HubError when the credentials do not allow the request. */
  readonly guard: (request: Credentials, path: string) => void;
  readonly log: Log;
}

/** What of a request says who sends it. */
export type Credentials = Pick<IncomingMessage, 'method' | 'headers'>;

/** One body on its way in. */
export interface ArrivingBody {
  readonly transport: Transport;
  readonly credentials: Credentials;
  /** Bytes it says it has; 0 when it does not say. */
  readonly announcedBytes: number;
  readonly read: (bounds: BodyBounds) => Promise<Uint8Array>;
  /** How its spans are written, or what it holds instead of spans. */
  readonly content: SpanFormat | { readonly unkept: UnkeptSignal };
}

/** What came of a body; each transport tells it in its own words. */
export type Outcome =
  | Extract<Receipt, { kind: 'taken' }>
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Checks the credentials, reads one body within the bounds, and hands it to the intake. Never throws: a bug is an outcome too. */
export async function receiveBody(deps: SpanReceiving, body: ArrivingBody): Promise<Outcome> {
  const claim = deps.budget.claim();
  const { maxBodyBytes: maxBytes, maxBodyMillis: maxMillis } = deps;
  let outcome: Outcome;
  try {
    deps.guard(body.credentials, '/v1/traces');
    if (!deps.budget.hasRoomFor(Math.min(body.announcedBytes, maxBytes))) throw overloaded();
    const refusal = refusalUnread(deps, body);
    outcome = refusal ?? (await take(deps, body, await body.read({ maxBytes, maxMillis, claim })));
  } catch (error) {
    outcome = refusalOf(error, deps, body.transport);
  } finally {
    claim.release();
  }
  deps.answers.count(body.transport, outcome.kind === 'taken' ? 'taken' : outcome.reason);
  return outcome;
}

/** While the queue is full, reading and inflating bodies would cost the time that emptying it needs. */
function refusalUnread(
  { intake, maxBodyBytes }: SpanReceiving,
  { announcedBytes, content }: ArrivingBody,
): Receipt | undefined {
  const isOfSpans = typeof content === 'string' && announcedBytes <= maxBodyBytes;
  return isOfSpans ? intake.refusalFor(announcedBytes) : undefined;
}

async function take(
  { intake }: SpanReceiving,
  { transport, content }: ArrivingBody,
  bytes: Uint8Array,
): Promise<Outcome> {
  if (typeof content === 'string') return intake.take({ bytes, format: content, transport });
  intake.countUnkept(content.unkept);
  return { kind: 'taken', accepted: 0, rejected: 0, reasons: [] };
}

const guardReasons: Readonly<Record<string, RefusalReason>> = {
  NOT_AUTHENTICATED: 'unauthenticated',
  NOT_ALLOWED: 'forbidden',
  UNSUPPORTED_SCHEME: 'bad-credentials',
};

function refusalOf(error: unknown, deps: SpanReceiving, transport: Transport): Outcome {
  if (error instanceof BodyRefusal) {
    const { reason, message } = error;
    if (reason === 'undecodable') deps.intake.countUnreadable(transport);
    return { kind: 'refused', reason, message };
  }
  const reason = error instanceof HubError ? guardReasons[error.code] : undefined;
  if (reason !== undefined) {
    const { message, details } = error as HubError;
    return { kind: 'refused', reason, message, headers: details.headers ?? {} };
  }
  deps.log('error', 'receiving spans failed', {
    error: error instanceof Error ? error.stack : String(error),
  });
  const message = 'The export failed inside the hub; try again.';
  return { kind: 'refused', reason: 'failed', message };
}
