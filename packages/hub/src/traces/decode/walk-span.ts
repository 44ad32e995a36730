// Hot path: one walk over a span's bytes fills the columns, and looks at each attribute once. Fields in the form that every sender writes
// (tag and length of one or two bytes) are read inline; what is written in any other legal form goes through ProtobufReader.
import {
  harmless,
  inspectAttribute,
  inspectUnusual,
  type Look,
  unusual,
} from './inspect-attribute.ts';
import { microsOfHalves, ProtobufReader } from './protobuf-reader.ts';
import { maxItems } from './span-limits.ts';

/** What `SpanWalk` fills; longer than needed, to be cut to the spans taken. */
export class SpanScratch {
  readonly ids: Uint32Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint8Array;
  readonly flags: Uint32Array;
  readonly startMicros: Float64Array;
  readonly durationMicros: Float64Array;

  constructor(capacity: number) {
    this.ids = new Uint32Array(8 * capacity);
    this.kinds = new Uint8Array(capacity);
    this.statuses = new Uint8Array(capacity);
    this.flags = new Uint32Array(capacity);
    this.startMicros = new Float64Array(capacity);
    this.durationMicros = new Float64Array(capacity);
  }
}

const noTrace = 'span whose trace_id is not 16 bytes, or all zero';
const noSpan = 'span whose span_id is not 8 bytes, or all zero';
const noStart = 'span without a start time';

/** Walks the Span messages of one body; what it found of the last one stands in its fields and, by index, in the scratch. */
export class SpanWalk {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #scratch: SpanScratch;
  readonly #reader: ProtobufReader;
  #at = 0;
  #attributes = 0;
  #events = 0;
  #startLow = 0;
  #startHigh = 0;
  #endLow = 0;
  #endHigh = 0;
  #hasTraceId = false;
  #hasSpanId = false;
  /** Bounds of the name and the trace state in the body. */
  nameStart = 0;
  nameEnd = 0;
  stateStart = 0;
  stateEnd = 0;
  links = 0;
  /** The span has something that may have to be redacted or cut. */
  isSuspicious = false;

  constructor(bytes: Buffer, scratch: SpanScratch) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#scratch = scratch;
    this.#reader = new ProtobufReader(bytes);
  }

  /** Reads the Span between the bounds into row `row`; tells why it is refused, or nothing. Throws `DecodeError` when it is broken. */
  read(row: number, start: number, end: number): string {
    this.#reset(row);
    let at = start;
    while (at < end) at = this.#readField(at, end);
    return this.#finish(row);
  }

  /** Tells where the next field begins. */
  #readField(at: number, end: number): number {
    const bytes = this.#bytes;
    const tag = bytes[at] as number;
    if ((tag & 0x87) !== 2 || tag < 8 || at + 2 > end) return this.#readScalar(at, end);
    const first = bytes[at + 1] as number;
    const isShort = first < 0x80;
    const from = isShort ? at + 2 : at + 3;
    const high = isShort ? 0 : (bytes[at + 2] as number);
    const to = from + ((first & 0x7f) | (high << 7));
    if (high >= 0x80 || to > end) return this.#readOther(at, end);
    this.#readDelimited(tag >> 3, from, to);
    return to;
  }

  #reset(row: number): void {
    const { ids, kinds, statuses, flags } = this.#scratch;
    const at = 8 * row;
    for (let word = at; word < at + 8; word += 1) ids[word] = 0;
    kinds[row] = 0;
    statuses[row] = 0;
    flags[row] = 0;
    this.#at = row;
    this.#attributes = 0;
    this.#events = 0;
    this.#startLow = 0;
    this.#startHigh = 0;
    this.#endLow = 0;
    this.#endHigh = 0;
    this.#hasTraceId = false;
    this.#hasSpanId = false;
    this.nameStart = 0;
    this.nameEnd = 0;
    this.stateStart = 0;
    this.stateEnd = 0;
    this.links = 0;
    this.isSuspicious = false;
  }

  #finish(row: number): string {
    if (!this.#hasTraceId) return noTrace;
    if (!this.#hasSpanId) return noSpan;
    const low = this.#startLow;
    const high = this.#startHigh;
    if (low === 0 && high === 0) return noStart;
    const { startMicros, durationMicros } = this.#scratch;
    const nanos = (this.#endHigh - high) * 4_294_967_296 + (this.#endLow - low);
    startMicros[row] = microsOfHalves(low, high);
    durationMicros[row] = nanos > 0 ? nanos / 1000 : 0;
    if (this.#attributes > maxItems || this.#events > maxItems || this.links > maxItems)
      this.isSuspicious = true;
    return '';
  }

  #readDelimited(field: number, from: number, to: number): void {
    switch (field) {
      case 9:
        this.#attributes += 1;
        this.#look(from, to);
        return;
      case 1:
        this.#hasTraceId = this.#readId(0, from, to);
        return;
      case 2:
        this.#hasSpanId = this.#readId(4, from, to);
        return;
      case 4:
        this.#readId(6, from, to);
        return;
      case 5:
        this.nameStart = from;
        this.nameEnd = to;
        return;
      case 3:
        this.stateStart = from;
        this.stateEnd = to;
        return;
      case 11:
        this.#events += 1;
        this.#lookInside(3, from, to);
        return;
      case 13:
        this.links += 1;
        this.#lookInside(4, from, to);
        return;
      case 15:
        this.#readStatus(from, to);
    }
  }

  /** Into the words from `word` on; an id of another length, or all zero, is none and leaves zeros. */
  #readId(word: number, from: number, to: number): boolean {
    const { ids } = this.#scratch;
    const count = word === 0 ? 4 : 2;
    const isWhole = to - from === 4 * count;
    const base = 8 * this.#at + word;
    let any = 0;
    for (let index = 0; index < count; index += 1) {
      const value = isWhole ? this.#view.getUint32(from + 4 * index) : 0;
      ids[base + index] = value;
      any |= value;
    }
    return any !== 0;
  }

  #look(from: number, to: number): void {
    const look = inspectAttribute(this.#bytes, from, to);
    if (look !== harmless) this.#lookAgain(look, from, to);
  }

  #lookAgain(look: Look, from: number, to: number): void {
    const reader = this.#reader;
    reader.at = from;
    reader.end = to;
    if (look !== unusual || inspectUnusual(reader, to) !== harmless) this.isSuspicious = true;
  }

  /** An event or a link, whose attributes are its field `own`. */
  #lookInside(own: number, from: number, to: number): void {
    const reader = new ProtobufReader(this.#bytes, from, to);
    let count = 0;
    while (reader.next()) {
      if (reader.field === own && reader.wire === 2) {
        const end = reader.lengthEnd();
        this.#look(reader.at, end);
        reader.at = end;
        count += 1;
      } else reader.skip();
    }
    if (count > maxItems) this.isSuspicious = true;
  }

  #readStatus(from: number, to: number): void {
    if (from === to) return;
    const reader = this.#reader;
    reader.at = from;
    reader.end = to;
    while (reader.next()) {
      if (reader.field === 3 && reader.wire === 0) {
        const code = reader.varint();
        if (code < 3) this.#scratch.statuses[this.#at] = code;
      } else reader.skip();
    }
  }

  /** Times and the kind, which are no length-delimited fields. */
  #readScalar(at: number, end: number): number {
    const tag = this.#bytes[at];
    if ((tag === 0x39 || tag === 0x41) && at + 9 <= end) {
      const low = this.#view.getUint32(at + 1, true);
      const high = this.#view.getUint32(at + 5, true);
      this.#readTime(tag >> 3, low, high);
      return at + 9;
    }
    if (tag === 0x85 && this.#bytes[at + 1] === 1 && at + 6 <= end) {
      this.#scratch.flags[this.#at] = this.#view.getUint32(at + 2, true);
      return at + 6;
    }
    if (tag === 0x30 && at + 2 <= end && (this.#bytes[at + 1] as number) < 0x80) {
      this.#readKind(this.#bytes[at + 1] as number);
      return at + 2;
    }
    return this.#readOther(at, end);
  }

  #readTime(field: number, low: number, high: number): void {
    if (field === 7) {
      this.#startLow = low;
      this.#startHigh = high;
    } else {
      this.#endLow = low;
      this.#endHigh = high;
    }
  }

  #readKind(kind: number): void {
    this.#scratch.kinds[this.#at] = kind < 6 ? kind : 0;
  }

  /** Any field in any legal form. */
  #readOther(at: number, end: number): number {
    const reader = this.#reader;
    reader.at = at;
    reader.end = end;
    reader.next();
    const { field, wire } = reader;
    if (wire === 2) {
      const to = reader.lengthEnd();
      this.#readDelimited(field, reader.at, to);
      return to;
    }
    if (wire === 0 && field === 6) this.#readKind(reader.varint());
    else if (wire === 5 && field === 16) this.#scratch.flags[this.#at] = reader.fixed32();
    else reader.skip();
    return reader.at;
  }
}
