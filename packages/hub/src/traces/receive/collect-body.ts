import type { Readable } from 'node:stream';
import type { BodyClaim } from './body-budget.ts';
import { BodyRefusal, overloaded, tooLarge } from './refusal.ts';

/** What keeps a body within its limits while it is read. */
export interface BodyBounds {
  /** Bytes of one body, as sent and after inflating. */
  readonly maxBytes: number;
  /** From the first look at a body to its last byte; whoever is slower is sent away. */
  readonly maxMillis: number;
  readonly claim: BodyClaim;
}

/**
 * All bytes of a stream, in memory of their own. Throws `BodyRefusal` as soon as they are too many, come too slowly or end
 * too early; what still comes then is dropped, so that the sender gets to see the answer. `frameBytes` come with every body, beyond
 * the bound.
 */
export function collectBody(
  source: Readable,
  bounds: BodyBounds,
  frameBytes = 0,
): Promise<Uint8Array> {
  const { maxBytes, maxMillis, claim } = bounds;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let seen = 0;
    const settle = (): void => {
      clearTimeout(timer);
      source.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
    };
    const refuse = (refusal: BodyRefusal): void => {
      settle();
      source.on('error', () => undefined).resume();
      reject(refusal);
    };
    const onData = (chunk: Buffer): void => {
      seen += chunk.length;
      if (seen > maxBytes + frameBytes) refuse(tooLarge(maxBytes));
      else if (!claim.hold(seen)) refuse(overloaded());
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      resolve(joined(chunks, seen));
    };
    const onCut = (error?: Error): void =>
      refuse(new BodyRefusal('undecodable', 'The body ended before its end.', { cause: error }));
    const timer = setTimeout(
      () => refuse(new BodyRefusal('stalled', `The body took longer than ${maxMillis} ms.`)),
      maxMillis,
    );
    source.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  });
}

/** Not pooled and not a part of what was read from the socket: whoever gets it may move it to another thread. */
function joined(chunks: readonly Buffer[], length: number): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const chunk of chunks) {
    chunk.copy(whole, at);
    at += chunk.length;
  }
  return whole;
}
