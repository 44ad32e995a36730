import {
  type Call,
  isSelfCall,
  type Pairing,
  type PairingCounts,
  type Resource,
} from '@concordat/domain';
import type { DecodedBatch } from '../decode/decode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { ForwardCounts, JaegerForwarder } from '../jaeger/forward-to-jaeger.ts';
import { forwardableSpans } from '../jaeger/forwardable-spans.ts';
import type { SpanStore, SpanStoreCounts } from '../store/span-store.ts';

/** A version of a service that was heard of, once a batch. */
export interface ServiceSighting {
  readonly service: string;
  readonly version: string | undefined;
  readonly environment: string | undefined;
  readonly traceId: string;
  readonly atMicros: number;
}

/** Where spans go: who pairs them, who keeps them, and who is told. */
export interface SpanOutlets {
  readonly pairing: Pairing;
  readonly store: SpanStore;
  readonly forwarder: JaegerForwarder | undefined;
  readonly onCalls: (calls: readonly Call[], at: Date) => void;
  readonly onServices: (seen: readonly ServiceSighting[]) => void;
}

export type Transport = 'otlp-protobuf' | 'otlp-json' | 'jaeger-thrift';

/** What is taken and not kept. */
export type UnkeptSignal = 'metrics' | 'logs';

/** Accepted means it will be stored; nothing of an overloaded or closed batch is kept. */
export type RecordOutcome = 'accepted' | 'overloaded' | 'closed';

/** Since the start, but for what is waiting now. */
export interface IngestCounts {
  readonly accepted: Readonly<Record<Transport, number>>;
  /** Spans refused one by one, for ids that are none. */
  readonly rejectedSpans: number;
  /** Spans of batches that were sent away because the queue was full; senders repeat them. */
  readonly overloadedSpans: number;
  /** Requests that could not be decoded. */
  readonly decodeErrors: number;
  /** Requests with metrics or logs, which were taken and dropped. */
  readonly unkept: Readonly<Record<UnkeptSignal, number>>;
  readonly pairing: PairingCounts;
  readonly store: SpanStoreCounts;
  readonly forward: ForwardCounts | undefined;
}

/** The one way of spans into the hub, whatever format they came in. */
export class SpanRecorder {
  readonly #outlets: SpanOutlets;
  readonly #accepted: Record<Transport, number> = {
    'otlp-protobuf': 0,
    'otlp-json': 0,
    'jaeger-thrift': 0,
  };
  readonly #unkept: Record<UnkeptSignal, number> = { metrics: 0, logs: 0 };
  #rejected = 0;
  #overloaded = 0;
  #decodeErrors = 0;
  #isClosed = false;

  constructor(outlets: SpanOutlets) {
    this.#outlets = outlets;
  }

  /** All or nothing; the batch's spans were judged and redacted by the decoder. */
  record(batch: DecodedBatch, transport: Transport, at: Date): RecordOutcome {
    const { store, pairing, forwarder, onServices } = this.#outlets;
    if (this.#isClosed) return 'closed';
    if (!store.hasRoomFor(batch.spans)) {
      this.#overloaded += batch.spans.length;
      return 'overloaded';
    }
    this.#rejected += batch.rejected;
    this.#accepted[transport] += batch.spans.length;
    store.accept(batch.spans, at.getTime() * 1000);
    forwarder?.take(forwardableSpans(batch.spans), new Uint8Array(batch.spans.length).fill(1));
    if (batch.spans.length > 0) onServices(sightingsOf(batch.spans));
    this.#tell(pairing.add(batch.spans, at.getTime() * 1000), at);
    return 'accepted';
  }

  countDecodeError(): void {
    this.#decodeErrors += 1;
  }

  countUnkept(signal: UnkeptSignal): void {
    this.#unkept[signal] += 1;
  }

  /** Concludes the halves whose window has ended; to be run about once a second. */
  expire(at: Date): void {
    this.#tell(this.#outlets.pairing.expire(at.getTime() * 1000), at);
  }

  /** Takes no more, and concludes what still waits. */
  close(at: Date): void {
    this.#isClosed = true;
    this.#tell(this.#outlets.pairing.flush(), at);
  }

  counts(): IngestCounts {
    return {
      accepted: { ...this.#accepted },
      rejectedSpans: this.#rejected,
      overloadedSpans: this.#overloaded,
      decodeErrors: this.#decodeErrors,
      unkept: { ...this.#unkept },
      pairing: this.#outlets.pairing.counts(),
      store: this.#outlets.store.counts(),
      forward: this.#outlets.forwarder?.counts(),
    };
  }

  #tell(calls: readonly Call[], at: Date): void {
    if (calls.length === 0) return;
    for (const call of calls) this.#countDependency(call);
    this.#outlets.onCalls(calls, at);
  }

  /** As Jaeger draws it: from the caller or sender to who answers or receives, only between services that were heard. */
  #countDependency(call: Call): void {
    if (call.consumer.virtual || call.provider.virtual || isSelfCall(call)) return;
    const isMessage = call.exchange.kind === 'message';
    const caller = isMessage ? call.provider : call.consumer;
    const called = isMessage ? call.consumer : call.provider;
    this.#outlets.store.countDependency({
      parent: caller.service,
      child: called.service,
      atMicros: call.atMicros,
      calls: call.weight,
    });
  }
}

/** One a resource: all spans of a sender share the object, so that most need no look-up. */
function sightingsOf(spans: readonly ReceivedSpan[]): readonly ServiceSighting[] {
  const seen = new Map<Resource, ServiceSighting>();
  let last: Resource | undefined;
  for (const span of spans) {
    const { resource } = span;
    if (resource === last) continue;
    last = resource;
    if (seen.has(resource)) continue;
    const { service, version, environment } = resource;
    const { traceId, startMicros: atMicros } = span;
    seen.set(resource, { service, version, environment, traceId, atMicros });
  }
  return [...seen.values()];
}
