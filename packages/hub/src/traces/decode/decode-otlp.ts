// Hot path: one walk over a span's bytes reads what every span needs; the rest is decoded when it is asked for.
import {
  type Attributes,
  promoteResource,
  type Resource,
  type SpanKind,
  type SpanStatus,
} from '@concordat/domain';
import { readAttributes, readText } from './decode-value.ts';
import { type Fixed64, ProtobufReader } from './protobuf-reader.ts';
import { type Origin, ReceivedSpan, type SpanHead } from './received-span.ts';
import {
  type Edit,
  redactField,
  redactMessage,
  resourcePlaces,
  scopePlaces,
  withEdits,
} from './redact-message.ts';

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
  const head = new HeadReader().read(raw, { redacts: false });
  return head === undefined ? undefined : new ReceivedSpan(head, origin);
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
      const head = this.#heads.read(bytes, { redacts: true });
      if (head === undefined) {
        this.#refuse(this.#heads.fault);
        continue;
      }
      origin ??= decodeOrigin(
        resourceBytes,
        scopeBytes,
        readAttributes(new ProtobufReader(head.raw), 9),
      );
      this.#spans.push(new ReceivedSpan(head, origin));
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
const zeros = '0'.repeat(32);

/**
 * Reads the parts every span needs and takes the secrets out in one walk over the message; keeps the last trace id,
 * because the spans of a trace come together.
 */
class HeadReader implements SpanHead {
  fault = '';
  #lastTrace: Buffer = Buffer.alloc(16);
  #lastTraceId = '';
  #redacts = true;
  #edits: Edit[] = [];
  raw: Buffer = this.#lastTrace;
  name = '';
  traceState = '';
  traceId = '';
  spanId = '';
  parentSpanId: string | undefined;
  kind: SpanKind = 'unspecified';
  flags = 0;
  start: Fixed64 = zero;
  end: Fixed64 = zero;
  status: SpanStatus = 'unset';

  /** Itself, valid until the next call; undefined when the ids are no ids, and `fault` says why. */
  read(message: Buffer, { redacts }: { readonly redacts: boolean }): this | undefined {
    this.#redacts = redacts;
    if (this.#edits.length > 0) this.#edits = [];
    this.name = '';
    this.traceState = '';
    this.traceId = '';
    this.spanId = '';
    this.parentSpanId = undefined;
    this.kind = 'unspecified';
    this.flags = 0;
    this.start = zero;
    this.end = zero;
    this.status = 'unset';
    const reader = new ProtobufReader(message);
    for (let start = 0; reader.next(); start = reader.at) this.#readField(reader, start);
    this.raw = withEdits(message, this.#edits);
    this.fault = this.#judge();
    return this.fault === '' ? this : undefined;
  }

  #readField(reader: ProtobufReader, start: number): void {
    switch (reader.field * 8 + reader.wire) {
      case 10:
        this.traceId = this.#traceIdOf(reader);
        return;
      case 18:
        this.spanId = reader.hex();
        return;
      case 26:
        this.traceState = readText(reader);
        return;
      case 34:
        this.parentSpanId = parentOf(reader.hex());
        return;
      case 42:
        this.name = readText(reader);
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
      case 74:
        this.#redact(reader, start, undefined);
        return;
      case 90:
        this.#redact(reader, start, 3);
        return;
      case 106:
        this.#redact(reader, start, 4);
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

  #redact(reader: ProtobufReader, start: number, inner: number | undefined): void {
    if (!this.#redacts) {
      reader.skip();
      return;
    }
    const edit = redactField(reader, start, inner);
    if (edit !== undefined) this.#edits.push(edit);
  }

  #traceIdOf(reader: ProtobufReader): string {
    const end = reader.lengthEnd();
    const { bytes, at } = reader;
    reader.at = end;
    if (end - at !== 16) return bytes.toString('hex', at, end);
    let same = 0;
    while (same < 16 && bytes[at + same] === this.#lastTrace[same]) same += 1;
    if (same < 16 || this.#lastTraceId === '') {
      bytes.copy(this.#lastTrace, 0, at, end);
      this.#lastTraceId = bytes.toString('hex', at, end);
    }
    return this.#lastTraceId;
  }

  #judge(): string {
    if (this.traceId.length !== 32 || isZero(this.traceId))
      return 'span whose trace_id is not 16 bytes, or all zero';
    if (this.spanId.length !== 16 || isZero(this.spanId))
      return 'span whose span_id is not 8 bytes, or all zero';
    return this.start.low === 0 && this.start.high === 0 ? 'span without a start time' : '';
  }
}

function isZero(hex: string): boolean {
  return hex.startsWith('00') && zeros.startsWith(hex);
}

/** A parent of another length is no parent: the span itself is still good. */
function parentOf(hex: string): string | undefined {
  return hex.length === 16 && !isZero(hex) ? hex : undefined;
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
