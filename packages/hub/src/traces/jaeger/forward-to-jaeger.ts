import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gzip as gzipCallback } from 'node:zlib';
import type { Log } from '../../log.ts';
import type { SpanBatch } from '../span-batch.ts';
import { type EncodedSpans, encodeParcel, halve } from './encode-parcel.ts';
import { type JaegerEndpoint, jaegerEndpoint } from './jaeger-endpoint.ts';
import { type Parcel, ParcelQueue } from './parcel-queue.ts';
import { type SendOutcome, sendParcel } from './send-parcel.ts';

const gzip = promisify(gzipCallback);

/** Plain values, so that they can be handed to a worker thread. */
export interface ForwardOptions {
  /** Base URL of the OTLP receiver; `/v1/traces` is added unless it is there. User info becomes basic authentication. */
  readonly url: string;
  /** Sent as bearer token when the URL has no user info. */
  readonly token: string | undefined;
  /** Of all spans that wait or are on their way, encoded. */
  readonly maxQueueBytes: number;
}

export interface ForwardSurroundings {
  readonly log: Log;
  readonly clock?: ForwardClock;
}

/** Time as the forwarder sees it. */
export interface ForwardClock {
  now(): Date;
  /** Resolves after the time, or at once when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborts after the time. */
  deadline(ms: number): AbortSignal;
}

/** Since the start; bytes are what waits or is on its way now. */
export interface ForwardCounts {
  readonly forwardedSpans: number;
  /** Lost for a full queue, a refusal, or the end of the hub. */
  readonly droppedSpans: number;
  /** Of requests that were taken, what Jaeger said it did not keep. */
  readonly rejectedSpans: number;
  readonly queuedBytes: number;
}

const wallClock: ForwardClock = {
  now: () => new Date(),
  pause: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
  deadline: (ms) => AbortSignal.timeout(ms),
};

const maxParcelBytes = 2 * 1024 * 1024;
/** Below this no request is made smaller when Jaeger finds one too large. */
const minParcelBytes = 16 * 1024;
const maxRequests = 4;
const timeoutMs = 10_000;
const firstPauseMs = 500;
const maxPauseMs = 5_000;
const closingPauseMs = 250;
/** As often a request may fail while others get through; then it is the request and not Jaeger. */
const maxLoneFailures = 10;
const quietMs = 60_000;

/**
 * Sends every new span on to a Jaeger by OTLP. Taking spans never waits and never fails: what Jaeger cannot take now is
 * tried again with growing pauses, and when the bound is reached the oldest waiting spans are dropped. Every span that is
 * taken is counted once, as forwarded or as dropped.
 */
export class JaegerForwarder {
  readonly #endpoint: JaegerEndpoint;
  readonly #maxQueueBytes: number;
  readonly #log: Log;
  readonly #clock: ForwardClock;
  readonly #queue = new ParcelQueue();
  readonly #lanes = new Set<Promise<void>>();
  /** Ends pauses when the hub closes, so that all is tried once more. */
  readonly #closing = new AbortController();
  readonly #stop = new AbortController();
  readonly #told = new Map<string, number>();
  #parcelBytes: number;
  #sendingBytes = 0;
  #forwarded = 0;
  #dropped = 0;
  #rejected = 0;
  #taken = 0;
  /** Dropped before Jaeger went away; undefined while it is there. */
  #droppedBefore: number | undefined;

  constructor(options: ForwardOptions, { log, clock = wallClock }: ForwardSurroundings) {
    const { url, headers } = jaegerEndpoint(options.url, options.token);
    this.#endpoint = { url: url.endsWith('/v1/traces') ? url : `${url}/v1/traces`, headers };
    this.#maxQueueBytes = options.maxQueueBytes;
    this.#parcelBytes = Math.min(maxParcelBytes, Math.floor(options.maxQueueBytes / 16));
    this.#log = log;
    this.#clock = clock;
  }

  counts(): ForwardCounts {
    return {
      forwardedSpans: this.#forwarded,
      droppedSpans: this.#dropped,
      rejectedSpans: this.#rejected,
      queuedBytes: this.#queue.bytes + this.#sendingBytes,
    };
  }

  /** Copies what is new of the batch: nothing of it is kept. */
  take(
    batch: Pick<SpanBatch, 'length' | 'origins' | 'resourceOf' | 'raw'>,
    isNew: Uint8Array,
  ): void {
    const encoded = encodeParcel(batch, isNew);
    if (encoded === undefined) return;
    if (this.#closing.signal.aborted) {
      this.#lose(encoded.spans, 'the hub is closing');
      return;
    }
    for (const part of fitting(encoded, 2 * this.#parcelBytes))
      this.#queue.add(part, this.#parcelBytes);
    this.#keepWithinBound();
    this.#work();
  }

  /** Sends what waits for at most `graceMs`; what is left then is dropped and counted. */
  async close(graceMs: number): Promise<void> {
    this.#closing.abort();
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    while (this.#lanes.size > 0) await Promise.all(this.#lanes);
    clearTimeout(timer);
    let spans = 0;
    for (let left = this.#queue.shift(); left !== undefined; left = this.#queue.shift())
      spans += left.spans;
    if (spans > 0) this.#lose(spans, 'the hub is closing');
  }

  #keepWithinBound(): void {
    while (this.#queue.bytes + this.#sendingBytes > this.#maxQueueBytes) {
      const oldest = this.#queue.shift();
      if (oldest === undefined) return;
      this.#lose(oldest.spans, 'the queue is full');
    }
  }

  #work(): void {
    while (!this.#queue.isEmpty && this.#lanes.size < maxRequests) {
      const lane = this.#sendWaiting().finally(() => this.#lanes.delete(lane));
      this.#lanes.add(lane);
    }
  }

  /** Many of these run side by side; each sends one request at a time. */
  async #sendWaiting(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const parcel = this.#queue.shift();
      if (parcel === undefined) return;
      this.#sendingBytes += parcel.bytes;
      await this.#deliver(parcel);
      this.#sendingBytes -= parcel.bytes;
    }
  }

  async #deliver(parcel: Parcel): Promise<void> {
    // Half the CPU of the usual level, for hardly more bytes: spans of one service repeat each other.
    const body = await gzip(Buffer.concat(parcel.pieces), { level: constants.Z_BEST_SPEED });
    const takenBefore = this.#taken;
    for (let failures = 0; !this.#stop.signal.aborted; failures += 1) {
      const outcome = await this.#send(body);
      if (outcome.kind !== 'again') {
        this.#settle(parcel, outcome);
        return;
      }
      if (failures >= maxLoneFailures && this.#taken > takenBefore) {
        this.#lose(parcel.spans, `Jaeger ${outcome.problem} ${failures} times`);
        return;
      }
      this.#beginOutage(outcome.problem);
      await this.#rest(Math.max(outcome.waitMs, pauseAfter(failures)));
    }
    this.#lose(parcel.spans, 'the hub is closing');
  }

  #send(body: Buffer): Promise<SendOutcome> {
    return sendParcel(body, {
      endpoint: this.#endpoint,
      signal: AbortSignal.any([this.#stop.signal, this.#clock.deadline(timeoutMs)]),
      now: this.#clock.now(),
    });
  }

  async #rest(ms: number): Promise<void> {
    const isClosing = this.#closing.signal.aborted;
    const signal = isClosing ? this.#stop.signal : this.#closing.signal;
    await this.#clock.pause(isClosing ? Math.min(ms, closingPauseMs) : ms, signal);
  }

  #settle(parcel: Parcel, outcome: Exclude<SendOutcome, { kind: 'again' }>): void {
    if (outcome.kind === 'taken') this.#succeed(parcel.spans, outcome);
    else if (outcome.kind === 'too-large') this.#makeSmaller(parcel);
    else this.#lose(parcel.spans, `Jaeger ${outcome.problem}`);
  }

  #succeed(
    spans: number,
    { rejectedSpans, message }: { readonly rejectedSpans: number; readonly message: string },
  ): void {
    this.#taken += 1;
    const rejected = Math.min(rejectedSpans, spans);
    this.#forwarded += spans - rejected;
    this.#rejected += rejected;
    if (rejected > 0 || message !== '')
      this.#warn('partial', 'Jaeger did not keep all spans', { rejected, message });
    if (this.#droppedBefore === undefined) return;
    const droppedSpans = this.#dropped - this.#droppedBefore;
    this.#log('info', `Jaeger at ${this.#endpoint.url} takes spans again`, { droppedSpans });
    this.#droppedBefore = undefined;
  }

  #makeSmaller(parcel: Parcel): void {
    if (parcel.spans === 1) {
      this.#lose(1, 'Jaeger finds a single span too large');
      return;
    }
    this.#parcelBytes = Math.max(
      Math.min(minParcelBytes, this.#parcelBytes),
      Math.min(this.#parcelBytes, Math.floor(parcel.bytes / 2)),
    );
    this.#queue.putFirst(halve({ body: Buffer.concat(parcel.pieces), spans: parcel.spans }));
  }

  #lose(spans: number, reason: string): void {
    this.#dropped += spans;
    this.#warn(reason, 'spans were not forwarded', { reason, droppedSpans: this.#dropped });
  }

  /** Told once until Jaeger is back. */
  #beginOutage(problem: string): void {
    if (this.#droppedBefore !== undefined) return;
    this.#droppedBefore = this.#dropped;
    this.#told.clear();
    this.#log('warn', `Jaeger at ${this.#endpoint.url} ${problem}`, {});
  }

  /** Of one kind no more than one line a minute, and one only while Jaeger is away. */
  #warn(kind: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    const now = this.#clock.now().getTime();
    const before = this.#told.get(kind);
    const isOutage = this.#droppedBefore !== undefined;
    if (before !== undefined && (isOutage || now - before < quietMs)) return;
    this.#told.set(kind, now);
    this.#log('warn', message, fields);
  }
}

/** Grows to its bound, with a jitter of a fifth so that hubs do not come back together. */
function pauseAfter(failures: number): number {
  const ms = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(failures, 10));
  return ms * (0.8 + 0.4 * Math.random());
}

function fitting(encoded: EncodedSpans, maxBytes: number): readonly EncodedSpans[] {
  if (encoded.body.length <= maxBytes || encoded.spans < 2) return [encoded];
  return halve(encoded).flatMap((half) => fitting(half, maxBytes));
}
