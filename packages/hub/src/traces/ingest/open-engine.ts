import { randomInt } from 'node:crypto';
import { createPairing } from '@concordat/domain';
import type { Log } from '../../log.ts';
import { type ForwardOptions, JaegerForwarder } from '../jaeger/forward-to-jaeger.ts';
import { openSpanStore } from '../store/open-span-store.ts';
import type { TraceReader } from '../store/trace-reader.ts';
import { IngestEngine } from './ingest-engine.ts';
import type { Observed } from './observed.ts';

/** What can be copied from thread to thread. */
export interface EngineOptions {
  readonly dataDir: string;
  /** Where every new span is sent too. */
  readonly forwardTo: ForwardOptions | undefined;
  /** Whether spans can be read here. */
  readonly keepsSpans: boolean;
  readonly retentionHours: number;
  /** Bytes on the disk beyond which the oldest spans go. */
  readonly retentionBytes: number;
  readonly pairingWindowSeconds: number;
  /** Gateways that are seen through: what goes by them is also told as the call that was meant. */
  readonly transparentServices: readonly string[];
  /** Bytes of bodies and spans that may wait to be paired or written. */
  readonly maxQueuedBytes: number;
}

export interface EngineSurroundings {
  readonly onObserved: (observed: Observed) => void;
  readonly now: () => Date;
  readonly log: Log;
}

/** An engine with its store and its clock; `close` gives everything back and keeps what was accepted. */
export interface OpenEngine {
  readonly engine: IngestEngine;
  /** Every read sees what was taken before it. */
  readonly reader: TraceReader;
  close(): Promise<void>;
}

/** How often halves are concluded and spans flushed: what a killed process can lose. */
const tickMs = 1_000;
const pruneMs = 600_000;
const forwardGraceMs = 3_000;

/** Opens the span database under `dataDir` and starts the clock of pairing, flushing and retention. */
export async function openEngine(
  options: EngineOptions,
  { onObserved, now, log }: EngineSurroundings,
): Promise<OpenEngine> {
  const { maxQueuedBytes, retentionHours, retentionBytes } = options;
  const spans = await openSpanStore(
    options.dataDir,
    {
      maxQueueBytes: maxQueuedBytes,
      retentionMicros: retentionHours * 3_600_000_000,
      retentionBytes,
    },
    log,
  );
  const { store, reader } = spans;
  const { forwardTo, keepsSpans } = options;
  const forwarder = forwardTo === undefined ? undefined : new JaegerForwarder(forwardTo, { log });
  const windowMicros = options.pairingWindowSeconds * 1_000_000;
  const nowMicros = (): number => now().getTime() * 1000;
  const pairing = createPairing({
    windowMicros,
    messageWindowMicros: 6 * windowMicros,
    transparentServices: options.transparentServices,
    seed: randomInt(2 ** 31),
  });
  // Senders repeat what was not answered before a restart.
  for (const batch of await spans.recent(nowMicros() - windowMicros))
    pairing.remember(batch, nowMicros());
  const engine = new IngestEngine({
    ...{ pairing, store, keepsSpans, forwarder, onObserved, nowMicros, log },
    maxQueuedBytes,
  });
  const stopClock = startClock({
    tick: () => engine.tick(),
    prune: () => store.prune(nowMicros()),
  });
  return {
    engine,
    reader: flushed(reader, () => engine.flush()),
    close: async () => {
      stopClock();
      await engine.close();
      await forwarder?.close(forwardGraceMs);
      await spans.close();
    },
  };
}

function startClock(work: {
  readonly tick: () => Promise<void>;
  readonly prune: () => Promise<void>;
}): () => void {
  const timers = [
    setInterval(() => void work.tick(), tickMs),
    setInterval(() => void work.prune(), pruneMs),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}

/** A reader that first makes readable what was taken. */
function flushed(reader: TraceReader, flush: () => Promise<void>): TraceReader {
  const after = async <T>(read: () => Promise<T>): Promise<T> => {
    await flush();
    return read();
  };
  return {
    services: () => after(() => reader.services()),
    operations: (service, kind) => after(() => reader.operations(service, kind)),
    trace: (traceId, hint) => after(() => reader.trace(traceId, hint)),
    search: (query) => after(() => reader.search(query)),
    archive: (traceId) => after(() => reader.archive(traceId)),
    answers: () => reader.answers(),
  };
}
