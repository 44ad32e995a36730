import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Receipt, SpanBody, Transport, UnkeptSignal } from '../receive/span-intake.ts';
import type { TraceReader } from '../store/trace-reader.ts';
import { closedReceipt, overloadedReceipt } from './engine-receipts.ts';
import type { Ingest, IngestCounts } from './ingest.ts';
import type { EngineCounts, Observed } from './observed.ts';
import type { EngineOptions, EngineSurroundings } from './open-engine.ts';
import { type PackedTrace, unpackTrace } from './pack-trace.ts';
import { RequestCounts } from './request-counts.ts';
import {
  type FromEngine,
  type Question,
  type ToEngine,
  transferOf,
  unpackObserved,
} from './thread-messages.ts';

/** More room for young objects means fewer collections and longer ones, which senders wait for; measured between 6 and 64. */
const youngMegabytes = 16;
const maxPauseMs = 30_000;
const maxCloseMs = 20_000;

interface Pending {
  readonly settle: (value: unknown) => void;
  readonly fail: (error: Error) => void;
}

interface PendingBody {
  readonly bytes: number;
  readonly settle: (receipt: Receipt) => void;
  readonly fail: (error: Error) => void;
}

/** Starts the engine on a thread of its own; rejects when it cannot open. */
export async function openIngestThread(
  options: EngineOptions,
  surroundings: EngineSurroundings,
  program: URL = engineProgram(),
): Promise<Ingest> {
  const ingest = new IngestThread(options, surroundings, program);
  await ingest.start();
  return ingest;
}

/**
 * The engine on a thread of its own: decoding, pairing and writing spans hold nobody else up. A thread that breaks is
 * logged and started again; what it had not flushed is lost, as with a killed process, and who sends meanwhile is told to try
 * again.
 */
class IngestThread implements Ingest {
  readonly #options: EngineOptions;
  readonly #surroundings: EngineSurroundings;
  readonly #program: URL;
  readonly #requests = new RequestCounts();
  readonly #bodies = new Map<number, PendingBody>();
  readonly #questions = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 0;
  /** Bytes of bodies that were sent and not answered, and what waits on the other side. */
  #sentBytes = 0;
  #queuedBytes = 0;
  #counts: EngineCounts | undefined;
  #isClosing = false;
  readonly reader: TraceReader;

  constructor(options: EngineOptions, surroundings: EngineSurroundings, program: URL) {
    this.#options = options;
    this.#program = program;
    this.#surroundings = surroundings;
    this.reader = this.#readerOf();
  }

  async start(): Promise<void> {
    const worker = new Worker(this.#program, {
      workerData: this.#options,
      ...(isSource ? { execArgv: ['--conditions=@concordat/source'] } : {}),
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
      name: 'concordat-ingest',
    });
    await new Promise<void>((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new Error('The thread of spans ended before it was ready.')),
      );
      worker.on('message', (message: FromEngine) => {
        if (message.kind === 'ready') resolve();
        this.#hear(message);
      });
    });
    worker.removeAllListeners('error').removeAllListeners('exit');
    worker.once('error', (error) => this.#broke(error));
    worker.unref();
    this.#worker = worker;
  }

  refusalFor(leastBytes: number): Receipt | undefined {
    if (this.#isClosing || this.#worker === undefined) return closedReceipt;
    const waiting = this.#sentBytes + this.#queuedBytes;
    if (waiting === 0 || waiting + leastBytes <= this.#options.maxQueuedBytes) return undefined;
    return overloadedReceipt;
  }

  take(body: SpanBody): Promise<Receipt> {
    const bytes = body.bytes.byteLength;
    const refusal = this.refusalFor(bytes);
    if (refusal !== undefined) return Promise.resolve(refusal);
    const id = this.#nextId++;
    this.#sentBytes += bytes;
    this.#post({ kind: 'body', id, body }, transferOf(body));
    return new Promise((settle, fail) => this.#bodies.set(id, { bytes, settle, fail }));
  }

  countUnkept(signal: UnkeptSignal): void {
    this.#requests.countUnkept(signal);
  }

  countUnreadable(transport: Transport): void {
    this.#requests.countUnreadable(transport);
  }

  /** A thread that is not there has nothing to tell. */
  async drain(): Promise<void> {
    if (this.#worker !== undefined && !this.#isClosing) await this.#ask('drain');
  }

  counts(): IngestCounts {
    if (this.#counts === undefined) throw new Error('The thread of spans was never started.');
    return { ...this.#counts, ...this.#requests.counts() };
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    const asked = this.#ask('close');
    const ended = this.#worker === undefined ? undefined : endOf(this.#worker);
    this.#isClosing = true;
    await asked.catch((error: unknown) => {
      this.#surroundings.log('error', 'the thread of spans did not close', {
        error: String(error),
      });
    });
    await ended;
  }

  #readerOf(): TraceReader {
    const ask = <T>(question: Question, ...values: readonly unknown[]): Promise<T> =>
      this.#ask(question, values) as Promise<T>;
    return {
      services: () => ask('services'),
      operations: (service, kind) => ask('operations', service, kind),
      trace: async (traceId, hint) => {
        const packed = await ask<PackedTrace | undefined>('trace', traceId, hint);
        return packed === undefined ? undefined : unpackTrace(packed);
      },
      search: async (query) =>
        (await ask<readonly PackedTrace[]>('search', query)).map(unpackTrace),
      archive: (traceId) => ask('archive', traceId),
      answers: () => ask('answers'),
    };
  }

  #ask(question: Question, values: readonly unknown[] = []): Promise<unknown> {
    if (this.#isClosing || this.#worker === undefined)
      return Promise.reject(new Error('The thread of spans is not running.'));
    const id = this.#nextId++;
    this.#post({ kind: 'question', id, question, values }, []);
    return new Promise((settle, fail) => this.#questions.set(id, { settle, fail }));
  }

  #post(message: ToEngine, transfer: ReturnType<typeof transferOf>): void {
    this.#worker?.postMessage(message, transfer);
  }

  #hear(message: FromEngine): void {
    switch (message.kind) {
      case 'ready':
        this.#counts = message.counts;
        return;
      case 'receipt':
        this.#queuedBytes = message.queuedBytes;
        this.#takeBody(message.id)?.settle(message.receipt);
        return;
      case 'answer':
        this.#takeQuestion(message.id)?.settle(message.answer);
        return;
      case 'failure':
        (this.#takeBody(message.id) ?? this.#takeQuestion(message.id))?.fail(message.error);
        return;
      case 'observed':
        this.#tell(unpackObserved(message.observed));
        return;
      case 'log':
        this.#surroundings.log(...message.line);
        return;
    }
  }

  /** Whoever is told may fail; that takes nobody down. */
  #tell(observed: Observed): void {
    const { onObserved, log } = this.#surroundings;
    this.#counts = observed.counts;
    this.#queuedBytes = observed.counts.queuedBytes;
    try {
      onObserved(observed);
    } catch (error) {
      log('error', 'what came of spans could not be told', { error: (error as Error).stack });
    }
  }

  #takeBody(id: number): PendingBody | undefined {
    const pending = this.#bodies.get(id);
    this.#bodies.delete(id);
    this.#sentBytes -= pending?.bytes ?? 0;
    return pending;
  }

  #takeQuestion(id: number): Pending | undefined {
    const pending = this.#questions.get(id);
    this.#questions.delete(id);
    return pending;
  }

  #broke(error: Error): void {
    this.#worker = undefined;
    this.#queuedBytes = 0;
    this.#surroundings.log('error', 'the thread of spans broke and is started again', {
      error: error.stack ?? error.message,
    });
    for (const id of [...this.#bodies.keys()]) this.#takeBody(id)?.settle(closedReceipt);
    for (const id of [...this.#questions.keys()]) this.#takeQuestion(id)?.fail(error);
    if (!this.#isClosing) void this.#restart();
  }

  async #restart(): Promise<void> {
    for (let waitMs = 500; !this.#isClosing; waitMs = Math.min(2 * waitMs, maxPauseMs)) {
      await pause(waitMs, undefined, { ref: false });
      try {
        await this.start();
        return;
      } catch (error) {
        this.#surroundings.log('error', 'the thread of spans cannot start', {
          error: String(error),
        });
      }
    }
  }
}

const isSource = import.meta.url.endsWith('.ts');

/**
 * Resolves when the thread has ended by itself, and keeps the process until then. It is terminated only when it does not
 * end: what DuckDB is still letting go of then aborts the whole process.
 */
async function endOf(worker: Worker): Promise<void> {
  worker.ref();
  const tooLong = setTimeout(() => void worker.terminate(), maxCloseMs);
  await new Promise((resolve) => worker.once('exit', resolve));
  clearTimeout(tooLong);
}

/** Built code runs as it is; sources are loaded through a program that brings their loader along. */
function engineProgram(): URL {
  if (!isSource) return new URL('./ingest-thread-main.js', import.meta.url);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const main = JSON.stringify(new URL('./ingest-thread-main.ts', import.meta.url).href);
  const program = `import { register } from ${loader}; register(); await import(${main});`;
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`);
}
