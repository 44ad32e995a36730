import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import {
  type Encodable,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '../decode/encode-otlp.ts';
import type { SpanBatch } from '../span-batch.ts';
import { type OpenSpanStore, openSpanStore } from './open-span-store.ts';
import type { SegmentStoreOptions } from './segment-store.ts';
import type { TraceQuery } from './trace-reader.ts';

const hour = 3_600_000_000;
const start = 1_790_000_000_000_000;

let dataDir: string;
let spans: OpenSpanStore;
let logged: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concordat-spans-'));
  logged = [];
  await open();
});
afterEach(async () => {
  await spans.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function open(options: Partial<SegmentStoreOptions> = {}): Promise<void> {
  spans = await openSpanStore(
    dataDir,
    { maxQueueBytes: 64_000_000, retentionMicros: 24 * hour, retentionBytes: 1e9, ...options },
    (_level, message) => logged.push(message),
  );
}

async function openAgain(options: Partial<SegmentStoreOptions> = {}): Promise<void> {
  await spans.close();
  await open(options);
}

interface Some {
  readonly service?: string;
  readonly name?: (at: number) => string;
  readonly firstSpan?: number;
  readonly attributes?: (at: number) => Readonly<Record<string, Encodable>>;
}

/** `count` spans of one trace, of one resource. */
function someSpans(trace: string, count = 1, some: Some = {}): SpanBatch {
  const { service = 'orders', name = () => 'work', firstSpan = 1, attributes = () => ({}) } = some;
  const messages = Array.from({ length: count }, (_, at) => {
    const spanId = Buffer.alloc(8);
    spanId.writeUInt32BE(firstSpan + at);
    return encodeSpan({
      ...{ traceId: Buffer.from(idOf(trace), 'hex'), spanId, parentSpanId: Buffer.alloc(0) },
      ...{ traceState: '', flags: 0, name: name(at), kind: 1, statusCode: 0, statusMessage: '' },
      startNanos: BigInt(start + at) * 1000n,
      endNanos: BigInt(start + at + 5) * 1000n,
      ...{ attributes: attributes(at), events: [], links: [] },
    });
  });
  const resource = writeAttributes(new ProtobufWriter(), 1, { 'service.name': service }).finish();
  return decodeOtlp(encodeRequest([{ resource, scope: Buffer.alloc(0), spans: messages }]));
}

function idOf(trace: string): string {
  return trace.padStart(32, '0');
}

function accept(batch: SpanBatch, nowMicros = start): void {
  spans.store.accept(batch, new Uint8Array(batch.length).fill(1), nowMicros);
}

async function countOf(trace: string): Promise<number | undefined> {
  return (await spans.reader.trace(idOf(trace)))?.spans.length;
}

function aQuery(query: Partial<TraceQuery> = {}): TraceQuery {
  return {
    ...{ service: undefined, operation: undefined, tags: new Map() },
    ...{ fromMicros: 0, toMicros: start + hour, limit: 10 },
    ...{ minDurationMicros: undefined, maxDurationMicros: undefined },
    ...query,
  };
}

describe('what is stored', () => {
  test('what was flushed is there after closing and opening again', async () => {
    accept(someSpans('a', 3));
    await spans.store.flush();
    await openAgain();
    expect(await countOf('a')).toBe(3);
    accept(someSpans('b', 1));
    await spans.store.flush();
    expect([await countOf('a'), await countOf('b')]).toEqual([3, 1]);
    expect(await spans.reader.services()).toEqual(['orders']);
  });

  test('what was accepted and not flushed is there after closing', async () => {
    accept(someSpans('a', 3));
    await openAgain();
    expect(await countOf('a')).toBe(3);
  });

  test('a batch of many blocks is written whole', async () => {
    accept(someSpans('a', 3_000));
    await spans.store.flush();
    expect(await countOf('a')).toBe(3_000);
    const { bytesOnDisk, ...counts } = spans.store.counts();
    expect(counts).toEqual({
      ...{ stored: 3_000, queuedSpans: 0, queuedBytes: 0, failedWrites: 0, segments: 1 },
    });
    expect(bytesOnDisk).toBeGreaterThan(10_000);
  });

  test('writing begins by itself when much waits', async () => {
    const long = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`text${at}`, 'x'.repeat(4_000)]),
    );
    accept(someSpans('a', 70, { attributes: () => long }));
    await expect.poll(() => spans.store.counts().stored, { timeout: 10_000 }).toBe(70);
  });

  test('spans that are not new are left out', async () => {
    spans.store.accept(someSpans('a', 3), Uint8Array.of(1, 0, 1), start);
    await spans.store.flush();
    expect(await countOf('a')).toBe(2);
  });

  test('a batch of nothing is no error', async () => {
    accept(decodeOtlp(Buffer.alloc(0)));
    spans.store.accept(someSpans('a', 2), Uint8Array.of(0, 0), start);
    await spans.store.flush();
    expect(spans.store.counts()).toMatchObject({ stored: 0, segments: 0 });
  });

  test('spans that come while others are written are written by the next flush', async () => {
    accept(someSpans('a', 2_000));
    const first = spans.store.flush();
    accept(someSpans('b', 2_000));
    await first;
    await spans.store.flush();
    expect([await countOf('a'), await countOf('b')]).toEqual([2_000, 2_000]);
  });

  test('a span larger than a block is kept', async () => {
    const text = randomBytes(400_000).toString('hex');
    accept(someSpans('a', 3, { attributes: () => ({ text }) }));
    await spans.store.flush();
    const trace = await spans.reader.trace(idOf('a'));
    expect(trace?.spans.map(({ raw }) => raw.length > 4_096)).toEqual([true, true, true]);
  });

  test('the queue is full when its bytes are, and an empty one takes any batch', async () => {
    await openAgain({ maxQueueBytes: 100_000 });
    const large = someSpans('a', 3_000);
    expect(spans.store.hasRoomFor(large)).toBe(true);
    accept(large);
    expect(spans.store.hasRoomFor(large)).toBe(false);
    expect(spans.store.counts().queuedBytes).toBeGreaterThan(large.rawBytes);
    await spans.store.flush();
    expect(spans.store.hasRoomFor(large)).toBe(true);
  });
});

describe('retention', () => {
  test('a segment whose last span is older than the retention goes, by arrival and not by what spans say', async () => {
    accept(someSpans('a', 1, { service: 'old' }), start - 25 * hour);
    await spans.store.flush();
    accept(someSpans('b', 1, { service: 'new' }), start);
    await spans.store.prune(start);
    expect([await countOf('a'), await countOf('b')]).toEqual([undefined, 1]);
    expect(await spans.reader.services()).toEqual(['new']);
    expect(await spans.reader.operations('old')).toEqual([]);
    expect(await spans.reader.search(aQuery({ service: 'old' }))).toEqual([]);
    expect(spans.store.counts().segments).toBe(1);
    expect(await blockFiles()).toHaveLength(1);
  });

  test('all can go, and what comes after is kept', async () => {
    accept(someSpans('a'), start - 25 * hour);
    await spans.store.prune(start);
    expect(await blockFiles()).toEqual([]);
    accept(someSpans('b'), start);
    await spans.store.flush();
    expect([await countOf('a'), await countOf('b')]).toEqual([undefined, 1]);
    await openAgain();
    expect([await spans.reader.services(), await countOf('b')]).toEqual([['orders'], 1]);
  });

  test('the oldest go when all take more than they may, and the newest stay', async () => {
    await openAgain({ retentionBytes: 4_000_000 });
    const text = () => ({ text: randomBytes(1_500).toString('hex') });
    for (let trace = 1; trace <= 60; trace += 1) {
      accept(someSpans(String(trace), 100, { attributes: text }));
      await spans.store.flush();
    }
    expect(spans.store.counts().bytesOnDisk).toBeLessThan(4_500_000);
    expect([await countOf('1'), await countOf('60')]).toEqual([undefined, 100]);
    const files = await blockFiles();
    expect(files).toHaveLength(spans.store.counts().segments);
    expect(files).not.toContain('00000001.blocks');
  });

  test('an archived trace is found when its segment is gone', async () => {
    accept(someSpans('a', 2), start - 25 * hour);
    await spans.store.flush();
    expect(await spans.reader.archive(idOf('a'))).toBe(true);
    expect(await spans.reader.archive(idOf('a'))).toBe(true);
    expect(await countOf('a')).toBe(2);
    await spans.store.prune(start);
    await openAgain();
    const kept = await spans.reader.trace(idOf('a'));
    expect(kept?.spans.map(({ name, resource }) => [name, resource.service])).toEqual([
      ['work', 'orders'],
      ['work', 'orders'],
    ]);
    expect(await spans.reader.search(aQuery())).toEqual([]);
  });

  test('an archived trace is archived as it is when that is asked, with what waits to be written', async () => {
    accept(someSpans('a', 2));
    expect(await spans.reader.archive(idOf('a'))).toBe(true);
    accept(someSpans('a', 1, { firstSpan: 9 }));
    await spans.store.flush();
    expect(await countOf('a')).toBe(3);
  });

  test('a trace that is not there is not archived', async () => {
    expect(await spans.reader.archive(idOf('a'))).toBe(false);
  });
});

async function blockFiles(): Promise<readonly string[]> {
  const names = await readdir(join(dataDir, 'spans'));
  return names.filter((name) => name.endsWith('.blocks'));
}

describe('reading', () => {
  test('of a trace beyond 20,000 spans a part is read, and that is said', async () => {
    accept(someSpans('a', 19_000));
    accept(someSpans('a', 1_100, { firstSpan: 50_000 }));
    await spans.store.flush();
    const trace = await spans.reader.trace(idOf('a'));
    expect([trace?.spans.length, trace?.omittedSpans]).toEqual([20_000, 100]);
  });

  test('tags are looked for block by block, and those that have none are passed over', async () => {
    const attributes = (at: number) => (at === 700 ? { customer: 'blue', size: 12.5 } : {});
    for (const trace of ['a', 'b', 'c'])
      accept(someSpans(trace, 2_000, trace === 'b' ? { attributes } : {}));
    await spans.store.flush();
    const find = async (key: string, value: string) =>
      (await spans.reader.search(aQuery({ tags: new Map([[key, value]]) }))).map(
        ({ traceId, spans: found }) => [traceId, found.length],
      );
    expect(await find('customer', 'blue')).toEqual([[idOf('b'), 2_000]]);
    expect(await find('size', '12.5')).toEqual([[idOf('b'), 2_000]]);
    expect(await find('customer', 'red')).toEqual([]);
    expect(await find('span.kind', 'internal')).toHaveLength(3);
  });

  test('an operation beyond those a segment can name is found all the same', async () => {
    accept(someSpans('a', 20_000, { name: (at) => `call ${at}` }));
    accept(someSpans('b', 1, { name: () => 'one more' }));
    await spans.store.flush();
    const found = await spans.reader.search(aQuery({ service: 'orders', operation: 'one more' }));
    expect(found.map(({ traceId }) => traceId)).toEqual([idOf('b')]);
    expect(await spans.reader.search(aQuery({ operation: 'another' }))).toEqual([]);
    expect(await spans.reader.search(aQuery({ service: 'shop' }))).toEqual([]);
  });

  test('many searches at once are answered', async () => {
    for (let at = 1; at <= 30; at += 1) accept(someSpans(String(at), 100));
    await spans.store.flush();
    const found = await Promise.all(
      Array.from({ length: 20 }, () => spans.reader.search(aQuery({ service: 'orders' }))),
    );
    expect(new Set(found.map(({ length }) => length))).toEqual(new Set([10]));
  });

  test('a question that is asked when the store closes is answered', async () => {
    accept(someSpans('a', 3));
    await spans.store.flush();
    const asked = Promise.all(Array.from({ length: 5 }, () => spans.reader.services()));
    await openAgain();
    expect(await asked).toEqual(Array.from({ length: 5 }, () => ['orders']));
  });

  test('what came in lately is told as if it came again, the newest of it', async () => {
    accept(someSpans('a', 10), start);
    await spans.store.flush();
    accept(someSpans('b', 10, { service: 'shop' }), start + 60_000_000);
    await spans.store.flush();
    const recent = await spans.recent(start + 30_000_000);
    expect(recent.map(({ length, resources }) => [length, resources[0]?.service])).toEqual([
      [10, 'shop'],
    ]);
    expect(recent[0]?.ids).toEqual(someSpans('b', 10).ids);
    expect(await spans.recent(start)).toHaveLength(2);
    expect(await spans.recent(start + hour)).toEqual([]);
  });
});

describe('faults', () => {
  test('a write that fails is logged and counted, and its spans wait for the next', async () => {
    const blocked = join(dataDir, 'spans', '00000001.blocks');
    await mkdir(blocked);
    accept(someSpans('a', 2));
    await spans.store.flush();
    expect(spans.store.counts()).toMatchObject({ failedWrites: 1, queuedSpans: 2, stored: 0 });
    expect(logged).toEqual(['spans could not be written']);
    await rmdir(blocked);
    await spans.store.flush();
    expect(spans.store.counts()).toMatchObject({ failedWrites: 1, queuedSpans: 0, stored: 2 });
    expect(await countOf('a')).toBe(2);
  });

  test('a file of blocks that the index does not know is removed', async () => {
    await spans.close();
    await writeFile(join(dataDir, 'spans', '00000007.blocks'), 'half of a block');
    await writeFile(join(dataDir, 'spans', 'notes.txt'), 'mine');
    await open();
    expect(await blockFiles()).toEqual([]);
    expect(existsSync(join(dataDir, 'spans', 'notes.txt'))).toBe(true);
  });

  test('a block whose file is gone is passed over', async () => {
    accept(someSpans('a', 2));
    await openAgain();
    await rm(join(dataDir, 'spans', '00000001.blocks'));
    expect(await countOf('a')).toBeUndefined();
  });

  test('a block that somebody wrote into is an error that says so', async () => {
    accept(someSpans('a', 2));
    await openAgain();
    await writeFile(join(dataDir, 'spans', '00000001.blocks'), Buffer.alloc(10_000));
    await expect(spans.reader.trace(idOf('a'))).rejects.toThrow();
  });

  test('what an older hub left is set aside and said', async () => {
    await spans.close();
    await writeFile(join(dataDir, 'spans.duckdb'), 'old');
    await open();
    expect(existsSync(join(dataDir, 'spans.duckdb.old'))).toBe(true);
    expect(logged).toEqual([
      'spans of an older version are set aside: they are not read, and can be deleted',
    ]);
    await openAgain();
    expect(logged).toHaveLength(1);
  });
});
