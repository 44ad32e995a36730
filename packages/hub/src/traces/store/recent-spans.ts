import { decodeOtlp } from '../decode/decode-otlp.ts';
import { encodeRequest } from '../decode/encode-otlp.ts';
import type { Origin } from '../decode/received-span.ts';
import type { SpanBatch } from '../span-batch.ts';
import { type Block, messageAt } from './block-layout.ts';
import type { BlockReader } from './block-reader.ts';
import { findOrigins, findRecentBlocks } from './query-index.ts';
import type { IndexConnection } from './span-index.ts';

/** Spans that are read again at most: a tenth of a second of a start. */
const maxRecentSpans = 50_000;

/** What came in since then, oldest first, as if it came again; of more than can be read the newest. */
export async function readRecent(
  reader: IndexConnection,
  blocks: BlockReader,
  sinceMicros: number,
): Promise<readonly SpanBatch[]> {
  const places = await findRecentBlocks(reader, sinceMicros, maxRecentSpans);
  const batches: SpanBatch[] = [];
  for await (const [, block] of blocks.readAll(places))
    batches.push(batchOf(block, await findOrigins(reader, [...new Set(block.origins)])));
  return batches;
}

function batchOf(block: Block, origins: ReadonlyMap<number, Origin>): SpanBatch {
  const messages = new Map<number, Buffer[]>();
  block.origins.forEach((origin, at) => {
    const own = messages.get(origin);
    if (own === undefined) messages.set(origin, [messageAt(block, at)]);
    else own.push(messageAt(block, at));
  });
  const groups = [...messages].flatMap(([id, spans]) => {
    const origin = origins.get(id);
    return origin === undefined
      ? []
      : [{ resource: origin.resourceBytes, scope: origin.scopeBytes, spans }];
  });
  return decodeOtlp(encodeRequest(groups));
}
