import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';
import { inflateBody } from './inflate-body.ts';
import { BodyRefusal, type RefusalReason } from './refusal.ts';

const text = Buffer.from('spans '.repeat(10_000));
const limit = 100_000;
/** Larger than what is inflated at once. */
const large = Buffer.alloc(3_000_000, 'spans and more spans ');

function inflating(
  packed: Buffer,
  encoding: string,
  { roomBytes = 10_000_000, maxBytes = limit } = {},
) {
  const budget = new BodyBudget(roomBytes);
  const claim = budget.claim();
  claim.hold(packed.length);
  const bounds = { maxBytes, maxMillis: 1_000, claim };
  return { inflated: inflateBody(packed, encoding, bounds), budget };
}

/** gzip whose last four bytes, the size, say something else. */
function lying(size: number): Buffer {
  const packed = gzipSync(text);
  packed.writeUInt32LE(size, packed.length - 4);
  return packed;
}

async function reasonOf(inflated: Promise<Uint8Array>): Promise<RefusalReason | undefined> {
  try {
    await inflated;
    return undefined;
  } catch (error) {
    return error instanceof BodyRefusal ? error.reason : undefined;
  }
}

test.each([
  ['gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['identity', text],
])('%s becomes what it was, and what is held is what it has now', async (encoding, packed) => {
  const { inflated, budget } = inflating(packed, encoding);
  expect(text.equals(await inflated)).toBe(true);
  expect(budget.bytes).toBe(text.length);
});

test('nothing becomes nothing', async () => {
  expect(await inflating(gzipSync(Buffer.alloc(0)), 'gzip').inflated).toHaveLength(0);
});

test('gzip that tells its size is one piece that can be given away whole', async () => {
  const bytes = await inflating(gzipSync(text), 'gzip').inflated;
  expect(bytes.buffer.byteLength).toBe(text.length);
});

test('what is larger is inflated aside, and becomes the same', async () => {
  const { inflated } = inflating(gzipSync(large), 'gzip', { maxBytes: 4_000_000 });
  expect(Buffer.from(await inflated).equals(large)).toBe(true);
});

test('parts of gzip one behind the other, whose last size says too little, are read to the end', async () => {
  const packed = Buffer.concat([
    gzipSync(text.subarray(0, 50_000)),
    gzipSync(text.subarray(50_000)),
  ]);
  expect(text.equals(await inflating(packed, 'gzip').inflated)).toBe(true);
});

describe('what cannot be inflated', () => {
  test.each<[string, Buffer, string, RefusalReason]>([
    ['of an unknown encoding', text, 'br', 'unknown-encoding'],
    ['no gzip', text, 'gzip', 'undecodable'],
    ['empty', Buffer.alloc(0), 'gzip', 'undecodable'],
    ['cut off', gzipSync(text).subarray(0, 50), 'gzip', 'undecodable'],
    ['of another size than it says, smaller', lying(10), 'gzip', 'undecodable'],
    ['of another size than it says, larger', lying(99_999), 'gzip', 'undecodable'],
    ['too large', gzipSync(Buffer.alloc(limit + 1)), 'gzip', 'too-large'],
    ['too large in deflate', deflateSync(Buffer.alloc(50 * limit)), 'deflate', 'too-large'],
  ])('%s is refused', async (...[, packed, encoding, reason]) => {
    expect(await reasonOf(inflating(packed, encoding).inflated)).toBe(reason);
  });

  test('what has no room is refused before it is inflated, and holds no more than before', async () => {
    const packed = gzipSync(text);
    const { inflated, budget } = inflating(packed, 'gzip', { roomBytes: 20_000 });
    expect(await reasonOf(inflated)).toBe('overloaded');
    expect(budget.bytes).toBe(packed.length);
  });
});
