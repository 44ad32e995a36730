import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { DecodeError } from '../decode/decode-error.ts';
import { ProtobufWriter } from '../decode/encode-otlp.ts';
import { ProtobufReader } from '../decode/protobuf-reader.ts';
import { BodyBudget } from './body-budget.ts';
import { readGrpcMessage } from './grpc-message.ts';
import {
  grpcCodes,
  isGrpcOpen,
  sendGrpcMessage,
  sendGrpcStatus,
  startGrpcMessages,
  writeGrpcMessage,
} from './grpc-reply.ts';
import { BodyRefusal } from './refusal.ts';

export const healthService = 'grpc.health.v1.Health';

export interface HealthCall {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** The names of services that are served. */
  readonly services: ReadonlySet<string>;
  readonly closing: AbortSignal;
}

/** ServingStatus of grpc.health.v1. */
const states = { serving: 1, notServing: 2, serviceUnknown: 3 } as const;
const questionBytes = 1_024;
const questionMillis = 10_000;

/** gRPC's own health service: `Check` answers once, `Watch` at once and again when the hub closes. Probes have no credentials, and need none. */
export async function answerHealth(call: HealthCall): Promise<void> {
  const { stream, method, services, closing } = call;
  if (method !== 'Check' && method !== 'Watch') {
    const message = `${healthService} has no ${JSON.stringify(method)}; call Check or Watch.`;
    sendGrpcStatus(stream, { code: grpcCodes.unimplemented, message });
    return;
  }
  const service = await readService(call);
  if (service === undefined) return;
  const isKnown = service === '' || services.has(service);
  const state = closing.aborted ? states.notServing : states.serving;
  if (method === 'Watch') watch(stream, isKnown ? state : states.serviceUnknown, closing);
  else if (isKnown) sendGrpcMessage(stream, encoded(state));
  else sendGrpcStatus(stream, { code: grpcCodes.notFound, message: 'The service is not known.' });
}

/** The stream stays open until the client or the hub ends it. */
function watch(stream: ServerHttp2Stream, state: number, closing: AbortSignal): void {
  if (!isGrpcOpen(stream)) return;
  startGrpcMessages(stream, { code: grpcCodes.unavailable, message: 'The hub is shutting down.' });
  writeGrpcMessage(stream, encoded(state));
  const end = (): void => {
    if (state === states.serving) writeGrpcMessage(stream, encoded(states.notServing));
    stream.end();
  };
  if (closing.aborted) end();
  else closing.addEventListener('abort', end, { once: true });
  stream.once('close', () => closing.removeEventListener('abort', end));
}

function encoded(state: number): Uint8Array {
  return new ProtobufWriter().varint(1, state).finish();
}

/** The service that is asked for, '' for all; undefined when the call was answered already. */
async function readService({ stream, headers }: HealthCall): Promise<string | undefined> {
  const bounds = {
    maxBytes: questionBytes,
    maxMillis: questionMillis,
    claim: new BodyBudget(4 * questionBytes).claim(),
  };
  try {
    return firstText(await readGrpcMessage(stream, headers, bounds));
  } catch (error) {
    if (!(error instanceof BodyRefusal || error instanceof DecodeError)) throw error;
    sendGrpcStatus(stream, { code: grpcCodes.invalidArgument, message: error.message });
    return undefined;
  }
}

/** Field 1 of the HealthCheckRequest. */
function firstText({ buffer, byteOffset, byteLength }: Uint8Array): string {
  const reader = new ProtobufReader(Buffer.from(buffer, byteOffset, byteLength));
  let text = '';
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) text = reader.string();
    else reader.skip();
  }
  return text;
}
