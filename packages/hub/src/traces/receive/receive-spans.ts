// Bare node:http and no express: for bodies of 100 kB express more than halves the throughput.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { HubError } from '../../http/hub-error.ts';
import { problemCatalogue } from '../../http/problem-catalogue.ts';
import { readBody } from '../../http/read-body.ts';
import type { Log } from '../../log.ts';
import type { BodyBudget } from './body-budget.ts';
import { type Reply, retryAfter, textReply } from './otlp-replies.ts';
import type { Receipt, SpanFormat, SpanIntake, Transport, UnkeptSignal } from './span-intake.ts';

/** What receiving spans needs, whatever their format. */
export interface SpanReceiving {
  readonly intake: SpanIntake;
  readonly budget: BodyBudget;
  /** Bytes of one body, as sent and after inflating. */
  readonly maxBodyBytes: number;
  /** Throws a HubError when the credentials do not allow the request. */
  readonly guard: (request: IncomingMessage, path: string) => void;
  readonly log: Log;
}

/** What came of a request, in HTTP's words. */
export type Outcome =
  | Extract<Receipt, { kind: 'taken' }>
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

/** How a listener's bodies are written, and what it is called. */
export interface BodyKind {
  readonly format: SpanFormat;
  readonly transport: Transport;
}

/** Checks the credentials, reads one body and hands it to the intake. */
export function receiveSpans(
  deps: SpanReceiving,
  request: IncomingMessage,
  kind: BodyKind,
): Promise<Outcome> {
  return receive({ deps, request, transport: kind.transport }, async (bytes) =>
    outcomeOf(await deps.intake.take({ bytes, ...kind })),
  );
}

/** Takes a body under the same bounds and counts it; nothing of it is kept. */
export function receiveUnkept(
  deps: SpanReceiving,
  request: IncomingMessage,
  { signal, transport }: { readonly signal: UnkeptSignal; readonly transport: Transport },
): Promise<Outcome> {
  return receive({ deps, request, transport }, () => {
    deps.intake.countUnkept(signal);
    return Promise.resolve({ kind: 'taken', accepted: 0, rejected: 0, reasons: [] });
  });
}

interface Receiving {
  readonly deps: SpanReceiving;
  readonly request: IncomingMessage;
  readonly transport: Transport;
}

async function receive(
  { deps, request, transport }: Receiving,
  take: (body: Buffer) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    deps.guard(request, '/v1/traces');
  } catch (error) {
    request.resume();
    return refusalOf(error);
  }
  const release = deps.budget.enter(request);
  if (release === undefined) return refusals.overloaded(overloadedBodies);
  try {
    return await take(await readBody(request, deps.maxBodyBytes));
  } catch (error) {
    if (error instanceof HubError && error.code === 'INVALID_BODY')
      deps.intake.countUnreadable(transport);
    return refusalOf(error);
  } finally {
    release();
  }
}

const overloadedBodies = 'The hub reads as many bodies as it can at the moment; try again soon.';

const refusals = {
  undecodable: (message: string): Outcome => ({ kind: 'refused', status: 400, message }),
  overloaded: (message: string): Outcome => ({
    kind: 'refused',
    status: 429,
    message,
    headers: retryAfter,
  }),
  closed: (message: string): Outcome => ({
    kind: 'refused',
    status: 503,
    message,
    headers: retryAfter,
  }),
} as const;

function outcomeOf(receipt: Receipt): Outcome {
  return receipt.kind === 'taken' ? receipt : refusals[receipt.reason](receipt.message);
}

function refusalOf(error: unknown): Outcome {
  if (!(error instanceof HubError)) throw error;
  const { status } = problemCatalogue[error.code];
  return { kind: 'refused', status, message: error.message, headers: error.details.headers ?? {} };
}
