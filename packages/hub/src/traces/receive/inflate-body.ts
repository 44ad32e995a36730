import { promisify } from 'node:util';
import { gunzip, gunzipSync, inflate, inflateSync, type ZlibOptions } from 'node:zlib';
import type { BodyBounds } from './collect-body.ts';
import { BodyRefusal, overloaded, tooLarge } from './refusal.ts';

type InflateAsync = (packed: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

const codecs = {
  gzip: { atOnce: gunzipSync, aside: promisify(gunzip) as InflateAsync },
  deflate: { atOnce: inflateSync, aside: promisify(inflate) as InflateAsync },
} as const;

/** Up to here it takes less time to inflate at once than to go through the thread pool, and holds up nobody. */
const maxAtOnce = 1_048_576;
/** Deflate makes nothing smaller than this. */
const maxRatio = 1_032;
/** Exactly as large as the result where its size is known: then it is one piece, which another thread can have without a copy. */
const chunkBytes = { least: 16_384, most: maxAtOnce } as const;

/**
 * What a body is by its content encoding, in memory of its own, counted by the claim before it is made. Throws
 * `BodyRefusal` when it gets too large, when there is no room for it, or when it is not what its encoding says.
 */
export async function inflateBody(
  packed: Uint8Array,
  encoding: string,
  bounds: BodyBounds,
): Promise<Uint8Array> {
  if (encoding === 'identity') return packed;
  if (encoding !== 'gzip' && encoding !== 'deflate')
    throw new BodyRefusal(
      'unknown-encoding',
      `The encoding '${encoding}' is not known; send identity, gzip or deflate.`,
    );
  const likely = encoding === 'gzip' ? announcedSize(packed) : 8 * packed.length;
  const { maxBytes } = bounds;
  const inflated =
    (likely < maxBytes ? await inflateInto(likely, { packed, encoding, bounds }) : undefined) ??
    (await inflateInto(maxBytes, { packed, encoding, bounds }));
  if (inflated === undefined) throw tooLarge(maxBytes);
  bounds.claim.hold(inflated.length);
  return inflated;
}

interface Packed {
  readonly packed: Uint8Array;
  readonly encoding: keyof typeof codecs;
  readonly bounds: BodyBounds;
}

/** undefined when it does not fit. */
async function inflateInto(
  room: number,
  { packed, encoding, bounds }: Packed,
): Promise<Uint8Array | undefined> {
  if (!bounds.claim.hold(packed.length + room)) throw overloaded();
  const { atOnce, aside } = codecs[encoding];
  const chunkSize = Math.min(Math.max(room, chunkBytes.least), chunkBytes.most);
  const options = { maxOutputLength: Math.max(room, 1), chunkSize };
  try {
    return room <= maxAtOnce ? atOnce(packed, options) : await aside(packed, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw notInflatable(encoding, error as Error);
  }
}

function notInflatable(encoding: string, cause: Error): BodyRefusal {
  const message = `The body is not complete ${encoding} data: ${cause.message}.`;
  return new BodyRefusal('undecodable', message, { cause });
}

/** The size that gzip tells at its end: right for what tools write, and no more than a hint for the rest. */
function announcedSize(packed: Uint8Array): number {
  if (packed.length < 18) return 0;
  const told = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength).readUInt32LE(
    packed.length - 4,
  );
  return Math.min(told, packed.length * maxRatio);
}
