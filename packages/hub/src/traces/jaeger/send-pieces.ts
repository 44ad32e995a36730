import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { send } from '../../http/send.ts';

/** Made in one go at most: other requests wait that long. */
const chunk = { length: 65_536, millis: 5 };

/**
 * Answers 200 with JSON that is made while it is sent. Other requests get their turn between two chunks, and nothing more is
 * made than the client takes; one that goes away ends it.
 */
export async function sendPieces(
  response: ServerResponse,
  pieces: Iterable<string>,
): Promise<void> {
  const chunks = chunksOf(pieces);
  let made = chunks.next();
  if (made.done) {
    send(response, { status: 200, type: 'application/json', text: made.value });
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/json;charset=utf-8' });
  while (!made.done) {
    const isFull = !response.write(made.value);
    await nextTurn();
    if (isFull) await drained(response);
    if (response.destroyed) return;
    made = chunks.next();
  }
  response.end(made.value);
}

/** Yields full chunks and returns the rest. */
function* chunksOf(pieces: Iterable<string>): Generator<string, string> {
  let text = '';
  let since = performance.now();
  for (const piece of pieces) {
    text += piece;
    if (text.length < chunk.length && performance.now() - since < chunk.millis) continue;
    yield text;
    text = '';
    since = performance.now();
  }
  return text;
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
