import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '@concordat/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import type { SpanBody } from '../receive/span-intake.ts';
import type { Ingest } from './ingest.ts';
import { openIngestThread } from './ingest-thread.ts';
import type { ServiceSighting } from './observed.ts';

const recorded = JSON.parse(
  readFileSync(
    new URL('../../../../../test/cases/traces/recorded-bodies.json', import.meta.url),
    'utf8',
  ),
);

const recordedBody = Buffer.from(recorded.otlpProtobufBase64, 'base64');
const recordedTrace = Buffer.alloc(16);
for (const [at, word] of decodeOtlp(recordedBody).ids.subarray(0, 4).entries())
  recordedTrace.writeUInt32BE(word, 4 * at);

/** Three spans of one call, each time of another trace. */
function protobuf(traceId = randomBytes(16)): SpanBody {
  const bytes = Buffer.from(recordedBody);
  for (let at = bytes.indexOf(recordedTrace); at >= 0; at = bytes.indexOf(recordedTrace, at))
    bytes.set(traceId, at);
  return {
    bytes: new Uint8Array(bytes),
    format: 'otlp-protobuf',
    transport: 'otlp-protobuf',
  };
}

const calls: Call[] = [];
const seen: ServiceSighting[] = [];
const logged: string[] = [];
let failure: Error | undefined;
const surroundings = {
  onObserved: (observed: {
    readonly calls: readonly Call[];
    readonly services: readonly ServiceSighting[];
  }) => {
    if (failure !== undefined) throw failure;
    calls.push(...observed.calls);
    seen.push(...observed.services);
  },
  now: () => new Date(),
  log: (_level: string, message: string): void => void logged.push(message),
};
let dataDir: string;
const options = () => ({
  dataDir,
  forwardTo: undefined,
  keepsSpans: true,
  retentionHours: 1_000_000,
  retentionBytes: 1e9,
  pairingWindowSeconds: 20,
  transparentServices: [],
  maxQueuedBytes: 100_000,
});

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concordat-thread-'));
});
beforeEach(() => {
  calls.length = 0;
  seen.length = 0;
  logged.length = 0;
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe('the engine on a thread of its own', () => {
  let ingest: Ingest;

  beforeAll(async () => {
    ingest = await openIngestThread(options(), surroundings);
  });
  afterAll(() => ingest.close());

  test('answers what became of a body, and tells its calls and services', async () => {
    expect(await ingest.take(protobuf())).toMatchObject({
      kind: 'taken',
      accepted: 3,
      rejected: 0,
    });
    await ingest.drain();
    expect(calls).toMatchObject([{ consumer: { service: 'web' }, exchange: { status: 500 } }]);
    expect(seen.map(({ service, version }) => [service, version])).toEqual([['web', '1.0.0']]);
    expect(ingest.counts().accepted['otlp-protobuf']).toBeGreaterThanOrEqual(3);
  });

  test('reads what was taken before the question, whole', async () => {
    const { reader } = ingest;
    const id = randomBytes(16);
    await ingest.take(protobuf(id));
    expect(await reader.services()).toEqual(['web']);
    expect(await reader.operations('web', 'server')).toMatchObject([{ kind: 'server' }]);
    const traceId = id.toString('hex');
    const trace = await reader.trace(traceId);
    expect(trace?.spans.map((span) => [span.traceId, span.resource.service])).toEqual(
      Array.from({ length: 3 }, () => [traceId, 'web']),
    );
    expect(trace?.spans.map((span) => typeof span.attributes)).toEqual(
      Array.from({ length: 3 }, () => 'object'),
    );
    const found = await reader.search({
      ...{ service: 'web', operation: undefined, tags: new Map(), limit: 10 },
      ...{ minDurationMicros: undefined, maxDurationMicros: undefined },
      ...{ fromMicros: 0, toMicros: Number.MAX_SAFE_INTEGER },
    });
    expect(found).toContainEqual(trace);
    expect(await reader.trace('f'.repeat(32))).toBeUndefined();
    await expect(reader.answers()).resolves.toBeUndefined();
  });

  test('a body that is none is refused, and the next is taken', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    expect(await ingest.take({ ...protobuf(), bytes })).toMatchObject({
      kind: 'refused',
      reason: 'undecodable',
    });
    expect(await ingest.take(protobuf())).toMatchObject({ kind: 'taken' });
  });

  test('a bug with one body fails that body alone', async () => {
    const odd = { ...protobuf(), format: 'unheard-of' } as unknown as SpanBody;
    await expect(ingest.take(odd)).rejects.toThrow();
    expect(await ingest.take(protobuf())).toMatchObject({ kind: 'taken' });
  });

  test('a reader of calls that fails is logged and takes nobody down', async () => {
    failure = new Error('bug');
    await ingest.take(protobuf());
    await ingest.drain();
    failure = undefined;
    expect(logged).toContain('what came of spans could not be told');
    expect(await ingest.take(protobuf())).toMatchObject({ kind: 'taken' });
  });

  test('more than the bound is refused before it is sent', async () => {
    const large = { ...protobuf(), bytes: new Uint8Array(100_000) };
    const receipts = await Promise.all([ingest.take(protobuf()), ingest.take(large)]);
    expect(receipts).toMatchObject([{ kind: 'taken' }, { reason: 'overloaded' }]);
  });

  test('what is read and dropped, or cannot be read, is counted beside', () => {
    ingest.countUnkept('metrics');
    ingest.countUnreadable('otlp-json');
    expect(ingest.counts()).toMatchObject({
      unkept: { metrics: 1, logs: 0 },
      unreadable: { 'otlp-json': 1 },
    });
  });
});

test('after closing, spans are refused as of a hub that stops, and what was taken is there', async () => {
  const first = await openIngestThread(options(), surroundings);
  const reader = first.reader;
  await first.take(protobuf());
  await first.close();
  await first.close();
  expect(await first.take(protobuf())).toMatchObject({ kind: 'refused', reason: 'closed' });
  await expect(reader.services()).rejects.toThrow('not running');
  await expect(first.drain()).resolves.toBeUndefined();
  const second = await openIngestThread(options(), surroundings);
  expect(await second.reader.services()).toEqual(['web']);
  await second.close();
});

test('a database that cannot be opened fails the start', async () => {
  const nowhere = { ...options(), dataDir: '/dev/null/data' };
  await expect(openIngestThread(nowhere, surroundings)).rejects.toThrow();
});

test('a thread that breaks is started again; who waited is told to try again', async () => {
  const program = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => setImmediate(() => { throw new Error('broken'); }));
    parentPort.postMessage({ kind: 'ready', counts: { queuedBytes: 0 } });`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
  const ingest = await openIngestThread(options(), surroundings, url);
  const [receipt, services] = await Promise.allSettled([
    ingest.take(protobuf()),
    ingest.reader.services(),
  ]);
  expect(receipt).toMatchObject({ value: { kind: 'refused', reason: 'closed' } });
  expect(services).toMatchObject({ status: 'rejected' });
  expect(logged).toContain('the thread of spans broke and is started again');
  expect(await ingest.take(protobuf())).toMatchObject({ kind: 'refused', reason: 'closed' });
  await vi.waitFor(async () => {
    await expect(ingest.reader.services()).rejects.toThrow('broken');
  }, 10_000);
  await ingest.close();
});
