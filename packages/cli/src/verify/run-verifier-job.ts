import type { IncomingMessage, ServerResponse } from 'node:http';
import { Verifier } from '@pact-foundation/pact';
import type { VerifierJob, VerifierMessage } from './verifier-job.ts';

type Send = (message: VerifierMessage) => void;

/** The path at which the official verifier's own proxy asks for messages. */
const MESSAGES_PATH = '/_messages';
const STATES_PATH = '/_pactSetup';

/** Replays one pact file with the official verifier, in this process; resolves for a failed verification too. */
export async function runVerifierJob(job: VerifierJob, send: Send): Promise<VerifierMessage> {
  const verifier = new Verifier({
    provider: job.provider,
    providerBaseUrl: job.providerBaseUrl,
    providerStatesSetupUrl: job.providerStates,
    pactUrls: [job.pactFile],
    logLevel: 'error',
    timeout: job.timeoutMs,
    requestFilter: (request, response, next) => {
      if (request.path !== STATES_PATH) report(request, send);
      if (request.path !== MESSAGES_PATH || job.messages === undefined) return next();
      forwardMessage(job, request.body, response).catch((error: unknown) => {
        response.writeHead(502).end(`The provider's messages cannot be asked for: ${error}`);
      });
    },
  });
  return verifier.verifyProvider().then(
    (json) => ({ kind: 'result', json }),
    (error: unknown) => resultOf(error),
  );
}

function report(request: IncomingMessage, send: Send): void {
  const { traceparent } = request.headers;
  send({ kind: 'request', traceparent: typeof traceparent === 'string' ? traceparent : undefined });
}

/** The verifier rejects with its JSON result as the message, and with plain words when it could not run. */
function resultOf(error: unknown): VerifierMessage {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('{') ? { kind: 'result', json: message } : { kind: 'defect', message };
}

interface MessageRequest {
  readonly description?: string;
  readonly providerStates?: readonly { readonly name?: string }[];
}

/** Hands the question on byte for byte with the interaction's traceparent, and the answer back byte for byte. */
async function forwardMessage(
  job: VerifierJob,
  body: MessageRequest,
  response: ServerResponse,
): Promise<void> {
  const answer = await fetch(job.messages ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...traceOf(job, body) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(job.timeoutMs),
  });
  const headers: Record<string, string> = {};
  for (const name of ['content-type', 'pact-message-metadata']) {
    const value = answer.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()));
}

function traceOf(job: VerifierJob, body: MessageRequest): Readonly<Record<string, string>> {
  const states = (body.providerStates ?? []).map(({ name }) => name ?? '').join('\n');
  const trace = job.messageTraces.find(
    (one) => one.description === body.description && one.providerStates.join('\n') === states,
  );
  return trace === undefined ? {} : { traceparent: trace.traceparent };
}
