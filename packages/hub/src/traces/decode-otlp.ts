import {
  type Attributes,
  promoteResource,
  type Resource,
  type SpanKind,
  type SpanStatus,
} from '@concordat/domain';
import { readAttributes } from './decode-value.ts';
import { type Fixed64, ProtobufReader } from './protobuf-reader.ts';
import { type Origin, ReceivedSpan } from './received-span.ts';
import { redactMessage, resourcePlaces, scopePlaces, spanPlaces } from './redact-message.ts';

/** What a request held: the good spans in the order sent, and why others were refused. */
export interface DecodedBatch {
  readonly spans: readonly ReceivedSpan[];
  readonly rejected: number;
  /** One sentence a kind of fault, with its count. */
  readonly reasons: readonly string[];
}

/**
 * Decodes an ExportTraceServiceRequest. Spans without usable ids are refused one by one; anything that is not protobuf
 * throws `DecodeError` for the whole. Secrets are gone from what comes out.
 */
export function decodeOtlp(body: Buffer): DecodedBatch {
  const decoding = new Decoding();
  const reader = new ProtobufReader(body);
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) decoding.resourceSpans(reader.view());
    else reader.skip();
  }
  return decoding.finish();
}

/** The one Span message of the store, with the origin that was kept beside it. */
export function decodeSpan(raw: Buffer, origin: Origin): ReceivedSpan | undefined {
  const head = new HeadReader().read(raw);
  return head === undefined ? undefined : new ReceivedSpan(head, origin, raw);
}

/** Builds the origin of messages that were redacted when they came in. */
export function decodeOrigin(
  resourceBytes: Buffer,
  scopeBytes: Buffer,
  spanTags: Attributes = {},
): Origin {
  const sent = readAttributes(new ProtobufReader(resourceBytes), 1);
  return originOf(promoteResource(sent, spanTags), resourceBytes, scopeBytes);
}

function originOf(resource: Resource, resourceBytes: Buffer, scopeBytes: Buffer): Origin {
  const reader = new ProtobufReader(scopeBytes);
  let name = '';
  let version = '';
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) name = reader.string();
    else if (reader.field === 2 && reader.wire === 2) version = reader.string();
    else reader.skip();
  }
  return { resource, scope: { name, version }, resourceBytes, scopeBytes };
}

class Decoding {
  readonly #spans: ReceivedSpan[] = [];
  readonly #heads = new HeadReader();
  readonly #faults = new Map<string, number>();

  finish(): DecodedBatch {
    const faults = [...this.#faults];
    return {
      spans: this.#spans,
      rejected: faults.reduce((sum, [, count]) => sum + count, 0),
      reasons: faults.map(([fault, count]) => `${count} × ${fault}`),
    };
  }

  /** The resource may stand behind its spans, so it is collected first; pieces of one message join by concatenation. */
  resourceSpans(message: Buffer): void {
    const { first, rest } = gather(message);
    const resourceBytes = redactMessage(first, resourcePlaces);
    for (const scopeSpans of rest) this.#scopeSpans(scopeSpans, resourceBytes);
  }

  #scopeSpans(message: Buffer, resourceBytes: Buffer): void {
    const { first, rest } = gather(message);
    const scopeBytes = redactMessage(first, scopePlaces);
    let origin: Origin | undefined;
    for (const bytes of rest) {
      const raw = redactMessage(bytes, spanPlaces);
      const head = this.#heads.read(raw);
      if (head === undefined) {
        this.#refuse(this.#heads.fault);
        continue;
      }
      origin ??= decodeOrigin(
        resourceBytes,
        scopeBytes,
        readAttributes(new ProtobufReader(raw), 9),
      );
      this.#spans.push(new ReceivedSpan(head, origin, raw));
    }
  }

  #refuse(fault: string): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }
}

/** Field 1 (resource or scope) as one message, field 2 (scope spans or spans) as a list. */
function gather(message: Buffer): { first: Buffer; rest: Buffer[] } {
  const firsts: Buffer[] = [];
  const rest: Buffer[] = [];
  const reader = new ProtobufReader(message);
  while (reader.next()) {
    if (reader.wire !== 2 || reader.field > 2) reader.skip();
    else (reader.field === 1 ? firsts : rest).push(reader.view());
  }
  return { first: firsts.length === 1 ? (firsts[0] as Buffer) : Buffer.concat(firsts), rest };
}

const kinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const statuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];
const zero: Fixed64 = { low: 0, high: 0 };
const allZero = /^0*$/;

/** Reads the parts every span needs; keeps the last trace id, because the spans of a trace come together. */
class HeadReader {
  fault = '';
  #lastTrace: Buffer = Buffer.alloc(0);
  #lastTraceId = '';
  traceId = '';
  spanId = '';
  parentSpanId: string | undefined;
  kind: SpanKind = 'unspecified';
  flags = 0;
  start: Fixed64 = zero;
  end: Fixed64 = zero;
  status: SpanStatus = 'unset';

  /** Itself, valid until the next call; undefined when the ids are no ids, and `fault` says why. */
  read(raw: Buffer): this | undefined {
    this.traceId = '';
    this.spanId = '';
    this.parentSpanId = undefined;
    this.kind = 'unspecified';
    this.flags = 0;
    this.start = zero;
    this.end = zero;
    this.status = 'unset';
    const reader = new ProtobufReader(raw);
    while (reader.next()) this.#readField(reader);
    this.fault = this.#judge();
    return this.fault === '' ? this : undefined;
  }

  #readField(reader: ProtobufReader): void {
    switch (reader.field * 8 + reader.wire) {
      case 10:
        this.traceId = this.#traceIdOf(reader.view());
        return;
      case 18:
        this.spanId = reader.view().toString('hex');
        return;
      case 34:
        this.parentSpanId = parentOf(reader.view().toString('hex'));
        return;
      case 48:
        this.kind = kinds[reader.varint()] ?? 'unspecified';
        return;
      case 57:
        this.start = reader.fixed64();
        return;
      case 65:
        this.end = reader.fixed64();
        return;
      case 122:
        this.status = readStatus(reader, this.status);
        return;
      case 133:
        this.flags = reader.fixed32();
        return;
      default:
        reader.skip();
    }
  }

  #traceIdOf(bytes: Buffer): string {
    if (!bytes.equals(this.#lastTrace)) {
      this.#lastTrace = bytes;
      this.#lastTraceId = bytes.toString('hex');
    }
    return this.#lastTraceId;
  }

  #judge(): string {
    if (this.traceId.length !== 32 || allZero.test(this.traceId))
      return 'span whose trace_id is not 16 bytes, or all zero';
    if (this.spanId.length !== 16 || allZero.test(this.spanId))
      return 'span whose span_id is not 8 bytes, or all zero';
    return this.start.low === 0 && this.start.high === 0 ? 'span without a start time' : '';
  }
}

/** A parent of another length is no parent: the span itself is still good. */
function parentOf(hex: string): string | undefined {
  return hex.length === 16 && !allZero.test(hex) ? hex : undefined;
}

function readStatus(reader: ProtobufReader, before: SpanStatus): SpanStatus {
  const outer = reader.end;
  reader.end = reader.lengthEnd();
  let status = before;
  while (reader.next()) {
    if (reader.field === 3 && reader.wire === 0) status = statuses[reader.varint()] ?? status;
    else reader.skip();
  }
  reader.end = outer;
  return status;
}
