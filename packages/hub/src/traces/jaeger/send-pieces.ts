import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { send } from '../../http/send.ts';

/** Text that is made in one go: some 40 spans, below a millisecond. */
const chunkLength = 65_536;

/**
 * Answers 200 with JSON that is made while it is sent. Other requests get their turn between two chunks, and nothing more is
 * made than the client takes; one that goes away ends it.
 */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterable<string>,
): Promise<void> {
  const chunks = chunksOf(pieces);
  let chunk = chunks.next();
  if (chunk.done) {
    send(response, { status: 200, type: 'application/json', text: chunk.value });
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json;charset=utf-8' });
  while (!chunk.done) {
    const isFull = !response.write(chunk.value);
    await nextTurn();
    if (isFull) await drained(response);
    if (response.destroyed) return;
    chunk = chunks.next();
  }
  response.end(chunk.value);
}

/** Yields full chunks and returns the rest. */
function* chunksOf(pieces: Iterable<string>): Generator<string, string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  return chunk;
}

async function drained(response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  const over = () => undefined;
  if (!response.destroyed && response.writableNeedDrain)
    await Promise.race([
      once(response, 'drain', { signal }),
      once(response, 'close', { signal }),
    ]).catch(over);
  stop.abort();
}
