// On node:http2 and no gRPC library: those collect and inflate whole messages by themselves, so that many large ones at
// once could not be counted against the one bound that all transports share.
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { StreamHandler } from '../../http/listen-http2.ts';
import { answerHealth, healthService } from './grpc-health.ts';
import { readGrpcMessage } from './grpc-message.ts';
import { grpcCodes, sendGrpcMessage, sendGrpcStatus } from './grpc-reply.ts';
import { successReply } from './otlp-replies.ts';
import { type ArrivingBody, receiveBody, type SpanReceiving } from './receive-body.ts';
import { refusals } from './refusal.ts';

const collector = 'opentelemetry.proto.collector';
/** What `Export` of each service takes. */
const contents: ReadonlyMap<string, ArrivingBody['content']> = new Map<
  string,
  ArrivingBody['content']
>([
  [`${collector}.trace.v1.TraceService`, 'otlp-protobuf'],
  [`${collector}.metrics.v1.MetricsService`, { unkept: 'metrics' }],
  [`${collector}.logs.v1.LogsService`, { unkept: 'logs' }],
]);
const services: ReadonlySet<string> = new Set(contents.keys());
const contentType = /^application\/grpc(?:\+proto)?\s*(?:;|$)/i;

/**
 * OTLP/gRPC: `Export` of traces, and of metrics and logs, which are only counted; and gRPC's own health service. Credentials are
 * the same as over HTTP, in the metadata `authorization`.
 */
export function createGrpcHandler(deps: SpanReceiving): StreamHandler {
  return (stream, headers, closing) => {
    stream.on('error', () => undefined);
    if (!contentType.test(headers['content-type'] ?? '')) answerPlainly(stream, 415);
    else if (headers[':method'] !== 'POST') answerPlainly(stream, 405);
    else answerCall(deps, { stream, headers, closing });
  };
}

interface Call {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly closing: AbortSignal;
}

function answerCall(deps: SpanReceiving, { stream, headers, closing }: Call): void {
  const path = headers[':path'] ?? '';
  const [, service = '', method = ''] = path.split('/');
  const content = method === 'Export' ? contents.get(service) : undefined;
  if (content !== undefined) {
    void answerExport(deps, { stream, headers, content });
  } else if (service === healthService) {
    void answerHealth({ stream, headers, method, services, closing });
  } else {
    const message = `${path} is not known; call Export of TraceService, MetricsService or LogsService.`;
    sendGrpcStatus(stream, { code: grpcCodes.unimplemented, message });
  }
}

interface ExportCall extends Omit<Call, 'closing'> {
  readonly content: ArrivingBody['content'];
}

async function answerExport(
  deps: SpanReceiving,
  { stream, headers, content }: ExportCall,
): Promise<void> {
  const deadline = startDeadline(stream, headers['grpc-timeout']);
  const outcome = await receiveBody(deps, {
    transport: 'otlp-grpc',
    content,
    credentials: { method: 'POST', headers },
    announcedBytes: Number(headers['content-length'] ?? 0),
    read: (bounds) => readGrpcMessage(stream, headers, bounds),
  });
  clearTimeout(deadline);
  if (outcome.kind === 'taken') {
    sendGrpcMessage(stream, successReply('protobuf', outcome).body);
  } else {
    const { code, isRetryable } = refusals[outcome.reason];
    sendGrpcStatus(stream, { code, message: outcome.message, isRetryable });
  }
}

const unitMillis: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};
const longestTimer = 0x7fff_ffff;

/** Nobody waits for an answer after the client's deadline: the call ends, and what was taken by then stays taken. */
function startDeadline(
  stream: ServerHttp2Stream,
  timeout: string | readonly string[] | undefined,
): ReturnType<typeof setTimeout> | undefined {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(String(timeout ?? '')) ?? [];
  if (digits === undefined) return undefined;
  const millis = Math.min(Number(digits) * (unitMillis[unit] ?? 1), longestTimer);
  return setTimeout(() => {
    const message = `The deadline of ${digits}${unit} has passed.`;
    sendGrpcStatus(stream, { code: grpcCodes.deadlineExceeded, message });
  }, millis);
}

/** To whoever does not speak gRPC. */
function answerPlainly(stream: ServerHttp2Stream, status: number): void {
  stream.respond({ ':status': status }, { endStream: true });
  stream.close();
}
