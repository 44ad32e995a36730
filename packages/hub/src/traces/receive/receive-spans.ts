// Bare node:http and no express: for bodies of 100 kB express more than halves the throughput.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { HubError } from '../../http/hub-error.ts';
import { problemCatalogue } from '../../http/problem-catalogue.ts';
import { readBody } from '../../http/read-body.ts';
import type { Log } from '../../log.ts';
import { DecodeError } from '../decode/decode-error.ts';
import type { DecodedBatch } from '../decode/decode-otlp.ts';
import type {
  RecordOutcome,
  SpanRecorder,
  Transport,
  UnkeptSignal,
} from '../ingest/record-spans.ts';
import type { BodyBudget } from './body-budget.ts';
import { type Reply, retryAfter, textReply } from './otlp-replies.ts';

/** What receiving spans needs, whatever their format. */
export interface SpanReceiving {
  readonly recorder: SpanRecorder;
  readonly budget: BodyBudget;
  /** Bytes of one body, as sent and after inflating. */
  readonly maxBodyBytes: number;
  /** Throws a HubError when the credentials do not allow the request. */
  readonly guard: (request: IncomingMessage, path: string) => void;
  readonly now: () => Date;
  readonly log: Log;
}

/** What came of a body: a batch that was taken, or why not. */
export type Receipt =
  | { readonly kind: 'taken'; readonly batch: DecodedBatch }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A listener that answers with what `answer` makes of the request; a bug answers 503, which senders repeat. */
export function replying(
  log: Log,
  answer: (request: IncomingMessage) => Promise<Reply>,
): RequestListener {
  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    send(response, await answer(request));
  };
  return (request, response) => {
    reply(request, response).catch((error: unknown) => {
      log('error', 'receiving spans failed', { error: (error as Error).stack });
      if (!response.headersSent)
        send(response, textReply(503, 'The export failed inside the hub; try again.', retryAfter));
    });
  };
}

function send(response: ServerResponse, { status, type, body, headers = {} }: Reply): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': body.length,
    ...headers,
  });
  response.end(body);
}

/** Checks the credentials, reads, decodes and records one body. */
export function receiveSpans(
  deps: SpanReceiving,
  request: IncomingMessage,
  format: { readonly transport: Transport; readonly decode: (body: Buffer) => DecodedBatch },
): Promise<Receipt> {
  return receive(deps, request, (body) => record(deps, format.decode(body), format.transport));
}

/** Takes a body under the same bounds and counts it; nothing of it is kept. */
export function receiveUnkept(
  deps: SpanReceiving,
  request: IncomingMessage,
  signal: UnkeptSignal,
): Promise<Receipt> {
  return receive(deps, request, () => {
    deps.recorder.countUnkept(signal);
    return { kind: 'taken', batch: { spans: [], rejected: 0, reasons: [] } };
  });
}

async function receive(
  deps: SpanReceiving,
  request: IncomingMessage,
  take: (body: Buffer) => Receipt,
): Promise<Receipt> {
  try {
    deps.guard(request, '/v1/traces');
  } catch (error) {
    request.resume();
    return refusalOf(error, deps.recorder);
  }
  const release = deps.budget.enter(request);
  if (release === undefined) return outcomes.overloaded;
  try {
    return take(await readBody(request, deps.maxBodyBytes));
  } catch (error) {
    return refusalOf(error, deps.recorder);
  } finally {
    release();
  }
}

const outcomes: Readonly<Record<Exclude<RecordOutcome, 'accepted'>, Receipt>> = {
  overloaded: {
    kind: 'refused',
    status: 429,
    message: 'The hub has too many spans in its queue; try again soon.',
    headers: retryAfter,
  },
  closed: {
    kind: 'refused',
    status: 503,
    message: 'The hub is shutting down; try again soon.',
    headers: retryAfter,
  },
};

function record(
  { recorder, now }: SpanReceiving,
  batch: DecodedBatch,
  transport: Transport,
): Receipt {
  if (batch.rejected > 0 && batch.spans.length === 0)
    throw new DecodeError(`No span could be taken: ${batch.reasons.join('; ')}.`);
  const outcome = recorder.record(batch, transport, now());
  return outcome === 'accepted' ? { kind: 'taken', batch } : outcomes[outcome];
}

function refusalOf(error: unknown, recorder: SpanRecorder): Receipt {
  if (error instanceof DecodeError) {
    recorder.countDecodeError();
    return { kind: 'refused', status: 400, message: error.message };
  }
  if (!(error instanceof HubError)) throw error;
  if (error.code === 'INVALID_BODY') recorder.countDecodeError();
  const { status } = problemCatalogue[error.code];
  return { kind: 'refused', status, message: error.message, headers: error.details.headers ?? {} };
}
