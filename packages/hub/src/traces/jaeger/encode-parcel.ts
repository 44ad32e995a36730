// Hot path: runs for every span that is forwarded, so sizes are counted first and every byte is copied once.
import { type EncodedGroup, encodeRequest } from '../decode/encode-otlp.ts';
import { ProtobufReader } from '../decode/protobuf-reader.ts';
import type { SpanBatch } from '../span-batch.ts';

/** Spans as an ExportTraceServiceRequest. Bodies joined end to end are one request too. */
export interface EncodedSpans {
  readonly body: Buffer;
  readonly spans: number;
}

const resourceSpansTag = 0x0a;
const resourceTag = 0x0a;
const scopeSpansTag = 0x12;
const scopeTag = 0x0a;
const spanTag = 0x12;

/** The spans that are new, below their resources and scopes; undefined when none is. */
export function encodeParcel(
  batch: Pick<SpanBatch, 'length' | 'origins' | 'resourceOf' | 'raw'>,
  isNew: Uint8Array,
): EncodedSpans | undefined {
  const raws: Buffer[] = [];
  const owners: number[] = [];
  const sizes = new Float64Array(batch.origins.length);
  for (let at = 0; at < batch.length; at += 1) {
    if (isNew[at] === 0) continue;
    const raw = batch.raw(at);
    const owner = batch.resourceOf[at] as number;
    raws.push(raw);
    owners.push(owner);
    sizes[owner] = (sizes[owner] as number) + fieldSize(raw.length);
  }
  if (raws.length === 0) return undefined;
  const { writer, places } = layOut(batch, sizes);
  for (let index = 0; index < raws.length; index += 1) {
    const owner = owners[index] as number;
    writer.at = places[owner] as number;
    writer.field(spanTag, raws[index] as Buffer);
    places[owner] = writer.at;
  }
  return { body: writer.body, spans: raws.length };
}

/** Fields one after the other, into a body whose size is known. */
class BodyWriter {
  readonly body: Buffer;
  at = 0;

  constructor(size: number) {
    // Not from the pool that small buffers share: a parcel that waits would keep all of it.
    this.body = Buffer.allocUnsafeSlow(size);
  }

  head(tag: number, size: number): void {
    this.body[this.at++] = tag;
    let rest = size;
    for (; rest > 0x7f; rest >>>= 7) this.body[this.at++] = (rest & 0x7f) | 0x80;
    this.body[this.at++] = rest;
  }

  field(tag: number, value: Buffer): void {
    this.head(tag, value.length);
    this.body.set(value, this.at);
    this.at += value.length;
  }
}

/** A body with every resource and scope in it, and where the spans of each begin. */
function layOut(
  { origins }: Pick<SpanBatch, 'origins'>,
  sizes: Float64Array,
): { readonly writer: BodyWriter; readonly places: Float64Array } {
  const inner = origins.map(
    ({ scopeBytes }, at) => sizeOf(sizes, at) + fieldSize(scopeBytes.length),
  );
  const outer = origins.map(
    ({ resourceBytes }, at) => fieldSize(sizeOf(inner, at)) + fieldSize(resourceBytes.length),
  );
  const isUsed = (_size: number, at: number): boolean => sizeOf(sizes, at) > 0;
  const total = outer.filter(isUsed).reduce((sum, size) => sum + fieldSize(size), 0);
  const writer = new BodyWriter(total);
  const places = new Float64Array(origins.length);
  for (const [owner, { resourceBytes, scopeBytes }] of origins.entries()) {
    const size = sizeOf(sizes, owner);
    if (size === 0) continue;
    writer.head(resourceSpansTag, sizeOf(outer, owner));
    writer.field(resourceTag, resourceBytes);
    writer.head(scopeSpansTag, sizeOf(inner, owner));
    writer.field(scopeTag, scopeBytes);
    places[owner] = writer.at;
    writer.at += size;
  }
  return { writer, places };
}

function sizeOf(sizes: ArrayLike<number>, at: number): number {
  return sizes[at] as number;
}

function fieldSize(length: number): number {
  return 1 + varintSize(length) + length;
}

function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Two requests with half the spans each; the same one when it holds a single span. */
export function halve({ body, spans }: EncodedSpans): readonly EncodedSpans[] {
  if (spans < 2) return [{ body, spans }];
  const half = Math.floor(spans / 2);
  const first: EncodedGroup[] = [];
  const second: EncodedGroup[] = [];
  let seen = 0;
  for (const group of groupsOf(body)) {
    const cut = Math.max(0, half - seen);
    seen += group.spans.length;
    if (cut > 0) first.push({ ...group, spans: group.spans.slice(0, cut) });
    if (cut < group.spans.length) second.push({ ...group, spans: group.spans.slice(cut) });
  }
  return [
    { body: encodeRequest(first), spans: half },
    { body: encodeRequest(second), spans: spans - half },
  ];
}

/** Only of bodies that `encodeParcel` made: one scope below each resource. */
function groupsOf(body: Buffer): readonly EncodedGroup[] {
  return fieldsOf(body).map(([, resourceSpans]) => {
    const [[, resource], [, scopeSpans]] = fieldsOf(resourceSpans) as [Field, Field];
    const [[, scope], ...spans] = fieldsOf(scopeSpans) as [Field, ...Field[]];
    return { resource, scope, spans: spans.map(([, span]) => span) };
  });
}

type Field = readonly [number: number, value: Buffer];

function fieldsOf(message: Buffer): readonly Field[] {
  const reader = new ProtobufReader(message);
  const fields: Field[] = [];
  while (reader.next()) fields.push([reader.field, reader.view()]);
  return fields;
}
