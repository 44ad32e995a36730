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
  const { body, places } = layOut(batch, sizes);
  for (const [index, raw] of raws.entries()) {
    const owner = owners[index] as number;
    places[owner] = putField(body, places[owner] as number, { tag: spanTag, value: raw });
  }
  return { body, spans: raws.length };
}

/** A body with every resource and scope in it, and where the spans of each begin. */
function layOut(
  { origins }: Pick<SpanBatch, 'origins'>,
  sizes: Float64Array,
): { readonly body: Buffer; readonly places: Float64Array } {
  const inner = sizes.map((size, at) => size + fieldSize(origins[at]?.scopeBytes.length ?? 0));
  const outer = inner.map(
    (size, at) => fieldSize(size) + fieldSize(origins[at]?.resourceBytes.length ?? 0),
  );
  let total = 0;
  for (const [at, size] of outer.entries()) if (sizes[at] !== 0) total += fieldSize(size);
  // Not from the pool that small buffers share: a parcel that waits would keep all of it.
  const body = Buffer.allocUnsafeSlow(total);
  const places = new Float64Array(origins.length);
  let end = 0;
  for (const [owner, { resourceBytes, scopeBytes }] of origins.entries()) {
    const size = sizes[owner] as number;
    if (size === 0) continue;
    let at = putHead(body, end, { tag: resourceSpansTag, size: outer[owner] as number });
    at = putField(body, at, { tag: resourceTag, value: resourceBytes });
    at = putHead(body, at, { tag: scopeSpansTag, size: inner[owner] as number });
    places[owner] = putField(body, at, { tag: scopeTag, value: scopeBytes });
    end = (places[owner] as number) + size;
  }
  return { body, places };
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

function putField(
  body: Buffer,
  at: number,
  field: { readonly tag: number; readonly value: Buffer },
): number {
  const start = putHead(body, at, { tag: field.tag, size: field.value.length });
  body.set(field.value, start);
  return start + field.value.length;
}

function putHead(
  body: Buffer,
  at: number,
  { tag, size }: { readonly tag: number; readonly size: number },
): number {
  body[at] = tag;
  let next = at + 1;
  let rest = size;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) body[next++] = (rest % 128) + 128;
  body[next] = rest;
  return next + 1;
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
