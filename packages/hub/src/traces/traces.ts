import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { createPairing } from '@concordat/domain';
import type { Router } from 'express';
import type { Log } from '../log.ts';
import { type IngestCounts, type SpanOutlets, SpanRecorder } from './ingest/record-spans.ts';
import { JaegerForwarder } from './jaeger/forward-to-jaeger.ts';
import { tracesRoutes } from './jaeger/traces-routes.ts';
import { BodyBudget } from './receive/body-budget.ts';
import { createOtlpHandler } from './receive/otlp-handler.ts';
import { createThriftHandler } from './receive/thrift-handler.ts';
import { openSpanDatabase } from './store/span-database.ts';
import { SpanStore } from './store/span-store.ts';
import { TraceStore } from './store/trace-store.ts';

export interface TracesOptions {
  readonly dataDir: string;
  readonly jaegerUrl: string | undefined;
  readonly retentionHours: number;
  readonly pairingWindowSeconds: number;
  /** Origins whose pages may send spans. */
  readonly otlpCorsOrigins: readonly string[];
  readonly guard: (request: IncomingMessage, path: string) => void;
  readonly onCalls: SpanOutlets['onCalls'];
  readonly onServices: SpanOutlets['onServices'];
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
  readonly jaeger: RequestListener;
  counts(): IngestCounts;
  /** Resolves when the span database answers a query; its own error otherwise. */
  answers(): Promise<void>;
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
const bounds = {
  bodyBytes: 64 * mebibyte,
  allBodiesBytes: 256 * mebibyte,
  queueBytes: 64 * mebibyte,
  forwardBytes: 32 * mebibyte,
};
/** How often halves are concluded and spans flushed: what a killed process can lose. */
const tickMs = 1_000;
const pruneMs = 600_000;
const forwardGraceMs = 3_000;

/** Opens the span database under `dataDir` and starts the clock of pairing, flushing and retention. */
export async function openTraces(options: TracesOptions): Promise<Traces> {
  const { log, now } = options;
  const database = await openSpanDatabase(join(options.dataDir, 'spans.duckdb'));
  const store = await SpanStore.open(database, {
    maxQueueBytes: bounds.queueBytes,
    retentionMicros: options.retentionHours * 3_600_000_000,
    log,
  });
  const forwarder =
    options.jaegerUrl === undefined
      ? undefined
      : new JaegerForwarder({
          url: options.jaegerUrl,
          maxQueueBytes: bounds.forwardBytes,
          log,
        });
  const windowMicros = options.pairingWindowSeconds * 1_000_000;
  const pairing = createPairing({ windowMicros, messageWindowMicros: 6 * windowMicros });
  const { onCalls, onServices } = options;
  const recorder = new SpanRecorder({ pairing, store, forwarder, onCalls, onServices });
  const receiving = {
    recorder,
    budget: new BodyBudget(bounds.allBodiesBytes),
    maxBodyBytes: bounds.bodyBytes,
    guard: options.guard,
    now,
    log,
  };
  const prune = (): void => {
    const at = now().getTime();
    options.onRetention(new Date(at - options.retentionHours * 3_600_000));
    void store.prune(at * 1000);
  };
  const stopClock = startClock(recorder, store, { now, prune });
  const jaeger = createThriftHandler(receiving);
  return {
    routes: tracesRoutes({
      traces: new TraceStore(database),
      flush: () => store.flush(),
      receiveThrift: jaeger,
      now,
    }),
    otlp: createOtlpHandler({ ...receiving, corsOrigins: options.otlpCorsOrigins }),
    jaeger,
    counts: () => recorder.counts(),
    answers: async () => {
      await database.reader.run('SELECT 1');
    },
    close: async () => {
      stopClock();
      recorder.close(now());
      await forwarder?.close(forwardGraceMs);
      await store.close();
      database.close();
    },
  };
}

function startClock(
  recorder: SpanRecorder,
  store: SpanStore,
  { now, prune }: { readonly now: () => Date; readonly prune: () => void },
): () => void {
  const tick = setInterval(() => {
    recorder.expire(now());
    void store.flush();
  }, tickMs);
  const retention = setInterval(prune, pruneMs);
  tick.unref();
  retention.unref();
  return () => {
    clearInterval(tick);
    clearInterval(retention);
  };
}
