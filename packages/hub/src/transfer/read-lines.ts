import { importDefect } from './import-defect.ts';

/** A pact of 10 MiB in which every byte had to be escaped. */
const LINE_LIMIT = 64 * 1_048_576;

const LINE_FEED = 0x0a;

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** The lines of a stream of bytes, one in memory at a time; a last line without its end counts too, empty lines do not. */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  limit: number = LINE_LIMIT,
): AsyncGenerator<Line> {
  let number = 1;
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = (): Line => {
    const line = { number, text: decode(number, parts) };
    parts = [];
    size = 0;
    number += 1;
    return line;
  };
  const keep = (part: Uint8Array): void => {
    size += part.length;
    if (size > limit) throw importDefect(number, `is longer than ${limit} bytes`);
    parts.push(part);
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line.text.trim() !== '') yield line;
    }
    if (start < chunk.length) keep(chunk.subarray(start));
  }
  if (size > 0) yield take();
}

function decode(number: number, parts: readonly Uint8Array[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(Buffer.concat(parts));
  } catch (error) {
    throw importDefect(number, 'is not UTF-8', error);
  }
}
