// A block is what is compressed, written and read at once: the messages of some hundred spans, one after the other, and
// columns that tell which is which. Numbers are little-endian, and each column begins at a multiple of four:
//
//   u32 version, spans, traces, bytes of messages
//   messages                      padded to four
//   u32 × 4 × traces              trace ids, each word as in `SpanColumns.ids`
//   u32 × spans                   origin
//   u32 × spans                   operation
//   u32 × spans                   end of the message
//   u16 × spans                   index of the trace

const blockVersion = 1;
export const headerBytes = 16;

/** Spans and bytes of messages at which a block is full: larger ones pack better and take longer to read. */
export const blockSpans = 1024;
export const blockRawBytes = 256 * 1024;

export interface BlockColumns {
  readonly spans: number;
  readonly traces: number;
  readonly traceIds: Uint32Array;
  readonly origins: Uint32Array;
  readonly operations: Uint32Array;
  readonly ends: Uint32Array;
  readonly traceOf: Uint16Array;
}

/** A block as it was read; everything is a view of its bytes. */
export interface Block extends BlockColumns {
  readonly raw: Buffer;
  readonly bytes: number;
}

export function columnBytes(spans: number, traces: number): number {
  return 16 * traces + 14 * spans;
}

export function padded(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** Writes header and columns around messages that already stand in their place; returns where the block ends. */
export function finishBlock(target: Buffer, rawBytes: number, columns: BlockColumns): number {
  const { spans, traces } = columns;
  new Uint32Array(target.buffer, target.byteOffset, 4).set([blockVersion, spans, traces, rawBytes]);
  let at = headerBytes + padded(rawBytes);
  target.fill(0, headerBytes + rawBytes, at);
  for (const column of [
    columns.traceIds.subarray(0, 4 * traces),
    columns.origins.subarray(0, spans),
    columns.operations.subarray(0, spans),
    columns.ends.subarray(0, spans),
    columns.traceOf.subarray(0, spans),
  ]) {
    target.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += column.byteLength;
  }
  return at;
}

/** Throws on what is no block: a file that somebody else wrote into. */
export function readBlock(content: Buffer): Block {
  const bytes = content.byteOffset % 4 === 0 ? content : Buffer.from(new Uint8Array(content));
  const { buffer, byteOffset, length } = bytes;
  const [version, spans = 0, traces = 0, rawBytes = 0] =
    length < headerBytes ? [] : new Uint32Array(buffer, byteOffset, 4);
  const columnsAt = headerBytes + padded(rawBytes);
  if (version !== blockVersion || length !== columnsAt + columnBytes(spans, traces))
    throw new Error(`A block of ${length} bytes is not as it was written.`);
  let at = byteOffset + columnsAt;
  const words = (count: number): Uint32Array => {
    const column = new Uint32Array(buffer, at, count);
    at += column.byteLength;
    return column;
  };
  return {
    ...{ spans, traces, bytes: length },
    raw: bytes.subarray(headerBytes, headerBytes + rawBytes),
    traceIds: words(4 * traces),
    origins: words(spans),
    operations: words(spans),
    ends: words(spans),
    traceOf: new Uint16Array(buffer, at, spans),
  };
}

/** The message of one span of the block. */
export function messageAt(block: Block, at: number): Buffer {
  return block.raw.subarray(at === 0 ? 0 : block.ends[at - 1], block.ends[at]);
}

/** Index of a trace in the block; -1 when it is not there. */
export function traceIndex(block: Block, words: Uint32Array): number {
  const { traceIds, traces } = block;
  for (let trace = 0; trace < traces; trace += 1) {
    if (
      traceIds[4 * trace + 3] === words[3] &&
      traceIds[4 * trace + 2] === words[2] &&
      traceIds[4 * trace + 1] === words[1] &&
      traceIds[4 * trace] === words[0]
    )
      return trace;
  }
  return -1;
}
