import type { RequestListener } from 'node:http';
import type { Call, CallCause, OperationMinute } from '@concordat/domain';
import type { Router } from 'express';
import type { IngestBounds } from '../config.ts';
import type { StreamHandler } from '../http/listen-http2.ts';
import type { DatagramHandler } from '../http/listen-udp.ts';
import type { Log } from '../log.ts';
import type { IngestCounts } from './ingest/ingest.ts';
import { openIngestHere } from './ingest/ingest-here.ts';
import { openIngestThread } from './ingest/ingest-thread.ts';
import type { Observed, ServiceSighting } from './ingest/observed.ts';
import { openJaegerReader } from './jaeger/read-from-jaeger.ts';
import { tracesRoutes } from './jaeger/traces-routes.ts';
import type { JaegerConfig } from './jaeger-config.ts';
import { AnswerCounts, type AnswerFigures } from './receive/answer-counts.ts';
import { BodyBudget } from './receive/body-budget.ts';
import { createDatagramHandler } from './receive/datagram-handler.ts';
import { createGrpcHandler } from './receive/grpc-handler.ts';
import { createOtlpHandler } from './receive/otlp-handler.ts';
import type { SpanReceiving } from './receive/receive-body.ts';
import { createThriftHandler } from './receive/thrift-handler.ts';
import type { TraceReader } from './store/trace-reader.ts';

export interface TracesOptions {
  readonly dataDir: string;
  readonly jaeger: JaegerConfig | undefined;
  readonly retentionHours: number;
  /** Bytes of spans on the disk beyond which the oldest go. */
  readonly retentionBytes: number;
  readonly pairingWindowSeconds: number;
  /** Gateways that are seen through. */
  readonly transparentServices: readonly string[];
  /** Whether spans are decoded, paired and written on a thread of their own. */
  readonly ingestThread: boolean;
  readonly ingestBounds: IngestBounds;
  /** Origins whose pages may send spans. */
  readonly otlpCorsOrigins: readonly string[];
  readonly guard: SpanReceiving['guard'];
  readonly onCalls: (calls: readonly Call[], at: Date) => void;
  /** Late verdicts of live guards: calls that were told before. */
  readonly onVerdicts: (verdicts: readonly Call[]) => void;
  readonly onCauses: (causes: readonly CallCause[]) => void;
  readonly onServices: (seen: readonly ServiceSighting[]) => void;
  readonly onOperations: (minutes: readonly OperationMinute[], at: Date) => void;
  /** Told on the clock of retention from when on spans are kept; whoever keeps what was made of older ones lets it go too. */
  readonly onRetention: (before: Date) => void;
  readonly now: () => Date;
  readonly log: Log;
}

/** Spans in, calls and traces out; `close` gives everything back and keeps what was accepted. */
export interface Traces {
  /** Jaeger's query API. */
  readonly routes: Router;
  readonly otlp: RequestListener;
  readonly otlpGrpc: StreamHandler;
  readonly jaeger: RequestListener;
  readonly jaegerUdp: DatagramHandler;
  /** Exact after `drain`. */
  counts(): IngestCounts & { readonly requests: AnswerFigures };
  /** Resolves when the calls of everything that was taken before have been told. */
  drain(): Promise<void>;
  /** Resolves when the span database answers a query; its own error otherwise. */
  answers(): Promise<void>;
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
const bounds = {
  bodyMillis: 30_000,
  readMillis: 20_000,
  readBytes: 64 * mebibyte,
};
const pruneMs = 600_000;

/** Opens the span database under `dataDir` and starts the clock of pairing, flushing and retention. */
export async function openTraces(options: TracesOptions): Promise<Traces> {
  const { log, now, ingestBounds } = options;
  const { dataDir, retentionHours, retentionBytes } = options;
  const openIngest = options.ingestThread ? openIngestThread : openIngestHere;
  const ingest = await openIngest(
    {
      ...{ dataDir, retentionHours, retentionBytes },
      pairingWindowSeconds: options.pairingWindowSeconds,
      transparentServices: options.transparentServices,
      forwardTo: options.jaeger,
      keepsSpans: options.jaeger?.queryUrl === undefined,
      maxQueuedBytes: ingestBounds.queueBytes,
    },
    { onObserved: (observed) => tell(options, observed), now, log },
  );
  const answers = new AnswerCounts();
  const receiving: SpanReceiving = {
    intake: ingest,
    budget: new BodyBudget(ingestBounds.bodiesBytes),
    answers,
    maxBodyBytes: ingestBounds.bodyBytes,
    maxBodyMillis: bounds.bodyMillis,
    guard: options.guard,
    log,
  };
  const stopForgetting = startForgetting(options);
  const jaeger = createThriftHandler(receiving);
  return {
    routes: tracesRoutes({
      traces: openReader(options) ?? ingest.reader,
      receiveThrift: jaeger,
      now,
    }),
    otlp: createOtlpHandler({ ...receiving, corsOrigins: options.otlpCorsOrigins }),
    otlpGrpc: createGrpcHandler(receiving),
    jaeger,
    jaegerUdp: createDatagramHandler(receiving),
    counts: () => ({ ...ingest.counts(), requests: answers.figures() }),
    drain: () => ingest.drain(),
    answers: () => ingest.reader.answers(),
    close: async () => {
      stopForgetting();
      await ingest.close();
    },
  };
}

/** Undefined when the hub keeps the spans itself. */
function openReader({ jaeger, now }: TracesOptions): TraceReader | undefined {
  if (jaeger?.queryUrl === undefined) return undefined;
  return openJaegerReader({
    url: jaeger.queryUrl,
    token: jaeger.token,
    timeoutMs: bounds.readMillis,
    maxAnswerBytes: bounds.readBytes,
    now,
  });
}

function tell(
  { onCalls, onVerdicts, onCauses, onServices, onOperations, now }: TracesOptions,
  { calls, verdicts, causes, services, operations }: Observed,
): void {
  if (calls.length > 0) onCalls(calls, now());
  if (verdicts.length > 0) onVerdicts(verdicts);
  if (causes.length > 0) onCauses(causes);
  if (services.length > 0) onServices(services);
  if (operations.length > 0) onOperations(operations, now());
}

/** Whoever keeps what was made of spans lets it go when they go. */
function startForgetting({ onRetention, retentionHours, now }: TracesOptions): () => void {
  const forget = (): void => onRetention(new Date(now().getTime() - retentionHours * 3_600_000));
  const timer = setInterval(forget, pruneMs);
  timer.unref();
  return () => clearInterval(timer);
}
