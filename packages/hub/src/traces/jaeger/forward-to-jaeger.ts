import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { Log } from '../../log.ts';
import { encodeRequest } from '../decode/encode-otlp.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';

const gzip = promisify(gzipCallback);

export interface ForwardOptions {
  /** Base URL of the OTLP receiver; `/v1/traces` is added unless it is there. */
  readonly url: string;
  readonly maxQueueBytes: number;
  readonly log: Log;
}

/** Since the start; bytes are what waits now. */
export interface ForwardCounts {
  readonly forwardedSpans: number;
  readonly droppedSpans: number;
  readonly queuedBytes: number;
}

interface Parcel {
  readonly body: Buffer;
  readonly spans: number;
}

const maxParcelBytes = 2 * 1024 * 1024;
const timeoutMs = 10_000;
const maxPauseMs = 30_000;
const retryable = new Set([429, 502, 503, 504]);

/**
 * Sends every accepted span on to a Jaeger by OTLP. Taking spans never waits and never fails: when the queue is full the
 * oldest parcel is dropped and counted. What the other side cannot take now is tried again, with growing pauses.
 */
export class JaegerForwarder {
  readonly #options: ForwardOptions;
  readonly #url: string;
  readonly #stop = new AbortController();
  readonly #queue: Parcel[] = [];
  #queuedBytes = 0;
  #forwarded = 0;
  #dropped = 0;
  #sending: Promise<void> | undefined;
  #isTold = false;

  constructor(options: ForwardOptions) {
    this.#options = options;
    const base = options.url.replace(/\/+$/, '');
    this.#url = base.endsWith('/v1/traces') ? base : `${base}/v1/traces`;
  }

  counts(): ForwardCounts {
    return {
      forwardedSpans: this.#forwarded,
      droppedSpans: this.#dropped,
      queuedBytes: this.#queuedBytes,
    };
  }

  take(spans: readonly ReceivedSpan[]): void {
    if (spans.length === 0) return;
    const body = encodeRequest(groupByOrigin(spans));
    this.#queue.push({ body, spans: spans.length });
    this.#queuedBytes += body.length;
    while (this.#queuedBytes > this.#options.maxQueueBytes && this.#queue.length > 1) {
      this.#drop(this.#shift(), 'the queue is full');
    }
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Sends what waits for at most `graceMs`; what is left then is dropped and counted. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    await this.#sending;
    clearTimeout(timer);
    this.#stop.abort();
  }

  async #sendAll(): Promise<void> {
    let pauseMs = 500;
    while (this.#queue.length > 0) {
      const parcel = this.#nextParcel();
      const waitMs = this.#stop.signal.aborted
        ? this.#drop(parcel, 'the hub is closing')
        : await this.#send(parcel);
      if (waitMs === undefined) {
        pauseMs = 500;
        continue;
      }
      this.#queue.unshift(parcel);
      this.#queuedBytes += parcel.body.length;
      await pause(Math.max(pauseMs, waitMs), undefined, { signal: this.#stop.signal }).catch(
        () => undefined,
      );
      pauseMs = Math.min(pauseMs * 2, maxPauseMs);
    }
  }

  /** Bodies joined end to end are one valid request, because both hold only repeated fields. */
  #nextParcel(): Parcel {
    const taken: Parcel[] = [this.#shift()];
    let size = taken[0]?.body.length ?? 0;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      size += next.body.length;
      if (size > maxParcelBytes) break;
      taken.push(this.#shift());
    }
    const spans = taken.reduce((sum, parcel) => sum + parcel.spans, 0);
    return { body: Buffer.concat(taken.map((parcel) => parcel.body)), spans };
  }

  #shift(): Parcel {
    const parcel = this.#queue.shift() as Parcel;
    this.#queuedBytes -= parcel.body.length;
    return parcel;
  }

  /** Milliseconds to wait before the same parcel may be tried again; undefined when it is dealt with. */
  async #send(parcel: Parcel): Promise<number | undefined> {
    let response: Response;
    try {
      response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
        body: await gzip(parcel.body),
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.arrayBuffer();
    } catch (error) {
      this.#tell(`cannot be reached: ${String((error as Error).cause ?? error)}`);
      return 0;
    }
    if (response.ok) return this.#succeed(parcel);
    this.#tell(`answered ${response.status}`);
    if (!retryable.has(response.status))
      return this.#drop(parcel, `it answered ${response.status}`);
    return Number(response.headers.get('retry-after') ?? 0) * 1000 || 0;
  }

  #succeed(parcel: Parcel): undefined {
    this.#forwarded += parcel.spans;
    this.#isTold = false;
  }

  #drop(parcel: Parcel, reason: string): undefined {
    this.#dropped += parcel.spans;
    this.#options.log('warn', 'spans were not forwarded', { reason, spans: parcel.spans });
  }

  /** Once an outage, not once an attempt. */
  #tell(problem: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.log('warn', `Jaeger at ${this.#url} ${problem}`, {});
  }
}

function groupByOrigin(spans: readonly ReceivedSpan[]) {
  const groups = new Map<Origin, Buffer[]>();
  for (const span of spans) {
    const group = groups.get(span.origin);
    if (group === undefined) groups.set(span.origin, [span.raw]);
    else group.push(span.raw);
  }
  return [...groups].map(([origin, raws]) => ({
    resource: origin.resourceBytes,
    scope: origin.scopeBytes,
    spans: raws,
  }));
}
