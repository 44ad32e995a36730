import type { SpanBatch } from '../span-batch.ts';
import { ColumnBatch, headAt } from './column-batch.ts';
import { readAttributes, readText } from './decode-value.ts';
import { OriginTable } from './origin-table.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import { type Origin, ReceivedSpan } from './received-span.ts';
import { redactMessage, spanShape } from './redact-message.ts';
import { maxSpans } from './span-limits.ts';
import { SpanScratch, SpanWalk } from './walk-span.ts';

export { decodeOrigin } from './origin-table.ts';

/**
 * Decodes an ExportTraceServiceRequest. Spans without usable ids, and those beyond `maxSpans`, are refused one by one; anything
 * that is not protobuf throws `DecodeError` for the whole. Secrets are gone from what comes out, which holds on to the body.
 */
export function decodeOtlp(body: Buffer): SpanBatch {
  const decoding = new Decoding(body);
  const reader = new ProtobufReader(body);
  while (reader.next()) {
    if (reader.field === 1 && reader.wire === 2) decoding.resourceSpans(reader);
    else reader.skip();
  }
  return decoding.finish();
}

/** The one Span message of the store, with the origin that was kept beside it. */
export function decodeSpan(raw: Buffer, origin: Origin): ReceivedSpan | undefined {
  const walk = new SpanWalk(raw, single);
  if (walk.read(0, 0, raw.length) !== '') return undefined;
  const name = textAt(raw, walk.nameStart, walk.nameEnd);
  const traceState = textAt(raw, walk.stateStart, walk.stateEnd);
  return new ReceivedSpan(headAt(single, 0, { raw, name, traceState }), origin);
}

const single = new SpanScratch(1);
/** Filled anew by every request and copied out of: decoding never waits for anything. */
const scratch = new SpanScratch(maxSpans);
const bounds = new Uint32Array(2 * maxSpans);
const resourceOf = new Uint32Array(maxSpans);
const knownOrigins = new OriginTable();
const nothing = Buffer.alloc(0);

function textAt(bytes: Buffer, start: number, end: number): string {
  return start === end ? '' : readText(bytes, start, end);
}

class Decoding {
  readonly #body: Buffer;
  readonly #walk: SpanWalk;
  readonly #names: string[] = [];
  readonly #rewritten = new Map<number, Buffer>();
  readonly #traceStates = new Map<number, string>();
  readonly #linked = new Set<number>();
  readonly #origins: Origin[] = [];
  readonly #faults = new Map<string, number>();
  #length = 0;

  constructor(body: Buffer) {
    this.#body = body;
    this.#walk = new SpanWalk(body, scratch);
  }

  finish(): SpanBatch {
    const faults = [...this.#faults];
    return new ColumnBatch(scratch, {
      length: this.#length,
      body: this.#body,
      bounds,
      rewritten: this.#rewritten,
      traceStates: this.#traceStates,
      linked: this.#linked,
      resourceOf,
      origins: this.#origins,
      names: this.#names,
      rejected: faults.reduce((sum, [, count]) => sum + count, 0),
      reasons: faults.map(([fault, count]) => `${count} × ${fault}`),
    });
  }

  /** The resource may stand behind its spans, so it is collected first; pieces of one message join by concatenation. */
  resourceSpans(reader: ProtobufReader): void {
    const end = reader.lengthEnd();
    const { first, rest } = gather(this.#body, reader.at, end);
    for (let at = 0; at < rest.length; at += 2)
      this.#scopeSpans(rest[at] as number, rest[at + 1] as number, first);
    reader.at = end;
  }

  #scopeSpans(start: number, end: number, resource: Buffer): void {
    const { first, rest } = gather(this.#body, start, end);
    const firstRow = this.#length;
    for (let at = 0; at < rest.length; at += 2)
      this.#span(rest[at] as number, rest[at + 1] as number);
    if (this.#length === firstRow) return;
    const tags = () => readAttributes(new ProtobufReader(this.#rawOf(firstRow)), 9);
    this.#origins.push(knownOrigins.find(resource, first, tags));
  }

  #span(start: number, end: number): void {
    const row = this.#length;
    if (row === maxSpans) {
      this.#refuse(`span beyond the ${maxSpans} of one request`);
      return;
    }
    const walk = this.#walk;
    const fault = walk.read(row, start, end);
    if (fault !== '') {
      this.#refuse(fault);
      return;
    }
    this.#length = row + 1;
    bounds[2 * row] = start;
    bounds[2 * row + 1] = end;
    resourceOf[row] = this.#origins.length;
    this.#names.push(textAt(this.#body, walk.nameStart, walk.nameEnd));
    if (walk.stateEnd > walk.stateStart)
      this.#traceStates.set(row, textAt(this.#body, walk.stateStart, walk.stateEnd));
    if (walk.links > 0) this.#linked.add(row);
    if (walk.isSuspicious) this.#rewrite(row, start, end);
  }

  #rewrite(row: number, start: number, end: number): void {
    const sent = this.#body.subarray(start, end);
    const kept = redactMessage(sent, spanShape);
    if (kept !== sent) this.#rewritten.set(row, kept);
  }

  #rawOf(row: number): Buffer {
    return this.#rewritten.get(row) ?? this.#body.subarray(bounds[2 * row], bounds[2 * row + 1]);
  }

  #refuse(fault: string): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + 1);
  }
}

/** Field 1 (resource or scope) as one message, field 2 (scope spans or spans) as starts and ends. */
function gather(body: Buffer, start: number, end: number): { first: Buffer; rest: number[] } {
  const rest: number[] = [];
  let first: Buffer = nothing;
  const reader = new ProtobufReader(body, start, end);
  while (reader.next()) {
    if (reader.wire !== 2 || reader.field > 2) reader.skip();
    else if (reader.field === 1)
      first = first.length === 0 ? reader.view() : Buffer.concat([first, reader.view()]);
    else {
      const to = reader.lengthEnd();
      rest.push(reader.at, to);
      reader.at = to;
    }
  }
  return { first, rest };
}
