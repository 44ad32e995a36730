import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Call, OperationTally, type Pairing, type ToldCalls } from '@concordat/domain';
import type { Log } from '../../log.ts';
import { DecodeError } from '../decode/decode-error.ts';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import { decodeOtlpJson } from '../decode/decode-otlp-json.ts';
import { decodeThrift } from '../decode/decode-thrift.ts';
import type { JaegerForwarder } from '../jaeger/forward-to-jaeger.ts';
import type { Receipt, SpanBody, SpanFormat, Transport } from '../receive/span-intake.ts';
import type { SpanBatch } from '../span-batch.ts';
import type { SegmentStore } from '../store/segment-store.ts';
import { CauseTally } from './cause-tally.ts';
import { closedReceipt, overloadedReceipt } from './engine-receipts.ts';
import type { EngineCounts, Observed } from './observed.ts';
import { SightingTally } from './sighting-tally.ts';

/** Where spans go: who pairs them, who keeps them, and who is told. */
export interface EngineParts {
  readonly pairing: Pairing;
  readonly store: SegmentStore;
  /** Otherwise they are kept where they are forwarded to. */
  readonly keepsSpans: boolean;
  readonly forwarder: JaegerForwarder | undefined;
  /** Told now and then, and before a `drain` resolves. */
  readonly onObserved: (observed: Observed) => void;
  readonly nowMicros: () => number;
  /** Bytes of bodies that may wait at once. */
  readonly maxQueuedBytes: number;
  readonly log: Log;
}

/** Calls are told in parcels of about this many, so that no parcel holds up its reader for long. */
const parcelCalls = 500;

const decoders: Readonly<Record<SpanFormat, (body: Buffer) => SpanBatch>> = {
  'otlp-protobuf': decodeOtlp,
  'otlp-json': decodeOtlpJson,
  'jaeger-thrift': decodeThrift,
};

interface Waiting {
  readonly batch: SpanBatch;
  readonly bytes: number;
  readonly atMicros: number;
  readonly whenDone: (() => void)[];
}

/**
 * Spans in, calls out, on one thread. `take` decodes and answers at once; pairing, counting and storing follow in turns of
 * their own, one batch a turn, so that bodies that arrive meanwhile are answered first.
 */
export class IngestEngine {
  readonly #parts: EngineParts;
  readonly #waiting: Waiting[] = [];
  readonly #sightings = new SightingTally();
  readonly #operations = new OperationTally();
  readonly #causes = new CauseTally();
  readonly #accepted: Record<Transport, number> = {
    'otlp-protobuf': 0,
    'otlp-json': 0,
    'otlp-grpc': 0,
    'jaeger-thrift': 0,
    'jaeger-udp': 0,
  };
  #calls: Call[] = [];
  #verdicts: Call[] = [];
  #waitingBytes = 0;
  #rejected = 0;
  #decodeErrors = 0;
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** An empty queue takes any body, or one larger than the bound could never get in. */
  refusalFor(leastBytes: number): Receipt | undefined {
    if (this.#isClosed) return closedReceipt;
    const queued = this.queuedBytes;
    if (queued === 0 || queued + leastBytes <= this.#parts.maxQueuedBytes) return undefined;
    return overloadedReceipt;
  }

  /** All or nothing; what is taken is in the bounded queue. */
  take({ bytes, format, transport }: SpanBody): Receipt {
    const refusal = this.refusalFor(bytes.length);
    if (refusal !== undefined) return refusal;
    let batch: SpanBatch;
    try {
      batch = decoders[format](Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.#undecodable(error.message);
    }
    const { rejected, reasons } = batch;
    const accepted = batch.length;
    if (rejected > 0 && accepted === 0)
      return this.#undecodable(`No span could be taken: ${reasons.join('; ')}.`);
    this.#rejected += rejected;
    this.#accepted[transport] += accepted;
    this.#enqueue({ batch, bytes: bytes.length, atMicros: this.#parts.nowMicros(), whenDone: [] });
    return { kind: 'taken', accepted, rejected, reasons };
  }

  /**
   * Concludes halves whose window has ended, and writes what waits; to be run about once a second. While batches wait it is as
   * late as the first of them: the other half may be in it.
   */
  async tick(): Promise<void> {
    const { pairing, store, nowMicros } = this.#parts;
    this.#note(pairing.expire(this.#waiting[0]?.atMicros ?? nowMicros()));
    this.#tellAll();
    await store.flush();
  }

  /** Resolves when everything that was taken before is paired and told. */
  async drain(): Promise<void> {
    const last = this.#waiting.at(-1);
    if (last !== undefined)
      await new Promise<void>((resolve) => {
        last.whenDone.push(resolve);
      });
    this.#tellAll();
  }

  /** Drains, and resolves when what was taken before can be read. */
  async flush(): Promise<void> {
    await this.drain();
    await this.#parts.store.flush();
  }

  /** Takes no more, and concludes what still waits. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#working;
    this.#note(this.#parts.pairing.flush());
    this.#tellAll();
  }

  counts(): EngineCounts {
    const { pairing, store, forwarder } = this.#parts;
    return {
      accepted: { ...this.#accepted },
      rejectedSpans: this.#rejected,
      decodeErrors: this.#decodeErrors,
      queuedBytes: this.queuedBytes,
      pairing: pairing.counts(),
      store: store.counts(),
      forward: forwarder?.counts(),
    };
  }

  get queuedBytes(): number {
    return this.#waitingBytes + this.#parts.store.counts().queuedBytes;
  }

  #undecodable(message: string): Receipt {
    this.#decodeErrors += 1;
    return { kind: 'refused', reason: 'undecodable', message };
  }

  #enqueue(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#waitingBytes += waiting.bytes;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    await nextTurn();
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      this.#process(next);
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes;
      for (const done of next.whenDone) done();
      if (this.#calls.length >= parcelCalls) this.#tellCalls();
      await nextTurn();
    }
  }

  /** A batch that breaks the pairing is lost and said so; the ones after it are not. */
  #process({ batch, atMicros }: Waiting): void {
    const { store, keepsSpans, pairing, forwarder, log } = this.#parts;
    try {
      const paired = pairing.add(batch, atMicros);
      const { isNew } = paired;
      this.#note(paired);
      if (keepsSpans) store.accept(batch, isNew, atMicros);
      forwarder?.take(batch, isNew);
      this.#operations.add(batch, isNew, atMicros);
      this.#sightings.see(batch);
    } catch (error) {
      log('error', 'spans could not be paired', { error: (error as Error).stack });
    }
  }

  #note({ calls, causes, verdicts }: ToldCalls): void {
    for (const call of calls) this.#calls.push(call);
    for (const late of verdicts) this.#verdicts.push(late);
    this.#causes.add(causes);
  }

  /** Calls alone: what is counted over time is told when there is time. */
  #tellCalls(): void {
    this.#tell({ causes: [], services: [], operations: [] });
  }

  #tellAll(): void {
    this.#tell({
      causes: this.#causes.take(),
      services: this.#sightings.take(),
      operations: this.#operations.take(),
    });
  }

  /** Whoever is told may fail; that holds up no spans. */
  #tell(counted: Pick<Observed, 'causes' | 'services' | 'operations'>): void {
    const calls = this.#calls;
    const verdicts = this.#verdicts;
    this.#calls = [];
    this.#verdicts = [];
    const { onObserved, log } = this.#parts;
    try {
      onObserved({ calls, verdicts, ...counted, counts: this.counts() });
    } catch (error) {
      log('error', 'what came of spans could not be told', { error: (error as Error).stack });
    }
  }
}
