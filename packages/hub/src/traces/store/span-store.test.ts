import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import {
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '../decode/encode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { openSpanDatabase, type SpanDatabase } from './span-database.ts';
import { SpanStore, type SpanStoreOptions } from './span-store.ts';
import { TraceStore } from './trace-store.ts';

const hour = 3_600_000_000;
const start = 1_790_000_000_000_000;

let directory: string;
let database: SpanDatabase;
let store: SpanStore;
let traces: TraceStore;
let logged: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'concordat-spans-'));
  logged = [];
  await open();
});
afterEach(async () => {
  await store.close();
  database.close();
  await rm(directory, { recursive: true, force: true });
});

async function open(options: Partial<SpanStoreOptions> = {}): Promise<void> {
  database = await openSpanDatabase(join(directory, 'spans.duckdb'));
  store = await SpanStore.open(database, {
    maxQueueBytes: 1_000_000,
    retentionMicros: 24 * hour,
    log: (_level, message) => logged.push(message),
    ...options,
  });
  traces = new TraceStore(database);
}

/** `count` spans of one trace, of one resource. */
function someSpans(trace: string, count = 1, service = 'orders'): readonly ReceivedSpan[] {
  const spans = Array.from({ length: count }, (_, index) => {
    const spanId = Buffer.alloc(8);
    spanId.writeUInt32BE(index + 1);
    return encodeSpan({
      traceId: Buffer.from(trace.padStart(32, '0'), 'hex'),
      spanId,
      parentSpanId: Buffer.alloc(0),
      traceState: '',
      flags: 0,
      name: 'work',
      kind: 1,
      startNanos: BigInt(start + index) * 1000n,
      endNanos: BigInt(start + index + 5) * 1000n,
      attributes: {},
      events: [],
      links: [],
      statusCode: 0,
      statusMessage: '',
    });
  });
  const resource = writeAttributes(new ProtobufWriter(), 1, { 'service.name': service }).finish();
  return decodeOtlp(encodeRequest([{ resource, scope: Buffer.alloc(0), spans }])).spans;
}

async function countOf(trace: string): Promise<number | undefined> {
  return (await traces.trace(trace.padStart(32, '0')))?.spans.length;
}

describe('the span store', () => {
  test('what was flushed is there after closing and opening again', async () => {
    store.accept(someSpans('a', 3), start);
    await store.flush();
    await store.close();
    database.close();
    await open();
    expect(await countOf('a')).toBe(3);
    store.accept(someSpans('b', 1), start);
    await store.flush();
    expect([await countOf('b'), await traces.services()]).toEqual([1, ['orders']]);
  });

  test('a batch of many steps is written whole', async () => {
    store.accept(someSpans('a', 5_000), start);
    await store.flush();
    expect(await countOf('a')).toBe(5_000);
    expect(store.counts()).toEqual({
      stored: 5_000,
      queuedSpans: 0,
      queuedBytes: 0,
      failedWrites: 0,
    });
  });

  test('the same span twice is read once, the one that ended last', async () => {
    store.accept([...someSpans('a', 2), ...someSpans('a', 2)], start);
    await store.flush();
    expect(await countOf('a')).toBe(2);
  });

  test('the queue is full when its bytes are, and an empty one takes any batch', async () => {
    const large = someSpans('a', 3_000);
    expect(store.hasRoomFor(large)).toBe(true);
    store.accept(large, start);
    expect(store.hasRoomFor(someSpans('b'))).toBe(false);
    expect(store.counts().queuedBytes).toBeGreaterThan(1_000_000);
    await store.flush();
    expect(store.hasRoomFor(someSpans('b'))).toBe(true);
  });

  test('what is older than the retention goes, by arrival and not by what spans say', async () => {
    store.accept(someSpans('a'), start - 25 * hour);
    store.accept(someSpans('b'), start);
    store.countDependency({ parent: 'a', child: 'b', atMicros: start - 25 * hour, calls: 1 });
    await store.prune(start);
    expect([await countOf('a'), await countOf('b')]).toEqual([undefined, 1]);
    expect(await traces.dependencies({ fromMicros: 0, toMicros: start })).toEqual([]);
  });

  test('calls of one minute add up, over flushes and restarts', async () => {
    const count = (calls: number, atMicros = start) =>
      store.countDependency({ parent: 'web', child: 'orders', atMicros, calls });
    count(1);
    count(2.5);
    await store.flush();
    count(1);
    count(1, start + hour);
    await store.close();
    database.close();
    await open();
    const range = { fromMicros: start, toMicros: start + 2 * hour };
    expect(await traces.dependencies(range)).toEqual([
      { parent: 'web', child: 'orders', callCount: 6 },
    ]);
    expect(await traces.dependencies({ fromMicros: start, toMicros: start })).toEqual([
      { parent: 'web', child: 'orders', callCount: 5 },
    ]);
  });

  test('a write that fails is logged and counted, and its spans and calls wait for the next', async () => {
    await database.writer.run('ALTER TABLE spans RENAME TO away');
    await database.writer.run('ALTER TABLE dependency_minutes RENAME TO gone');
    store.accept(someSpans('a', 2), start);
    store.countDependency({ parent: 'web', child: 'orders', atMicros: start, calls: 1 });
    await store.flush();
    expect([store.counts().failedWrites, store.counts().queuedSpans]).toEqual([1, 2]);
    expect(logged).toEqual(['spans could not be written']);
    await database.writer.run('ALTER TABLE away RENAME TO spans');
    await store.flush();
    expect([store.counts().failedWrites, await countOf('a')]).toEqual([2, 2]);
    await database.writer.run('ALTER TABLE gone RENAME TO dependency_minutes');
    await store.flush();
    const range = { fromMicros: 0, toMicros: start };
    expect((await traces.dependencies(range))[0]?.callCount).toBe(1);
  });

  test('tags are looked for page by page', async () => {
    for (const trace of ['a', 'b', 'c']) store.accept(someSpans(trace, 2_000), start);
    await store.flush();
    const found = await traces.search({
      service: undefined,
      operation: undefined,
      tags: new Map([['span.kind', 'internal']]),
      fromMicros: 0,
      toMicros: start + hour,
      minDurationMicros: undefined,
      maxDurationMicros: undefined,
      limit: 10,
    });
    expect(found.map((trace) => trace.spans.length)).toEqual([2_000, 2_000, 2_000]);
  });
});
