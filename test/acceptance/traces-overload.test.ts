import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { makeBatches, spansPerBatch } from '../bench/span-batches.ts';
import { exportTraces, grpcClient } from './grpc-client.ts';
import { type HubChild, startHubChild } from './start-hub-child.ts';

const mebibyte = 1_048_576;
const bounds = { body: 4, bodies: 16, queue: 8 };
const env = {
  CONCORDAT_OTLP_GRPC_PORT: '0',
  CONCORDAT_INGEST_BODY_MEGABYTES: String(bounds.body),
  CONCORDAT_INGEST_BODIES_MEGABYTES: String(bounds.bodies),
  CONCORDAT_INGEST_QUEUE_MEGABYTES: String(bounds.queue),
};
/** As README states it. */
const mostBytes = (512 + bounds.bodies + 6 * bounds.queue) * mebibyte;
const batchesPerBody = 5;
const spansPerBody = batchesPerBody * spansPerBatch;
/** Requests of protobuf can be put together: one of about a megabyte. */
const bodies = Array.from({ length: 20 }, () =>
  Buffer.concat(makeBatches(batchesPerBody).map(({ plain }) => plain)),
);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const protobuf = { 'content-type': 'application/x-protobuf' };

let hub: HubChild;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-overload-'));
  hub = await startHubChild(folder, env);
  expect((await send(bodies[0] as Buffer)).status).toBe(200);
}, 120_000);
afterAll(async () => {
  hub.child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});
/** After each kind of overload: never more than README says, and spans are taken again within seconds. */
afterEach(async () => {
  await vi.waitFor(async () => {
    expect((await send(bodies[0] as Buffer)).status).toBe(200);
  }, 10_000);
  expect(mostResidentBytes()).toBeLessThan(mostBytes);
});

/** The most memory that the hub ever had. */
function mostResidentBytes(): number {
  const status = readFileSync(`/proc/${hub.child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

function send(
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sending = request(`${hub.url}/v1/traces`, {
      method: 'POST',
      agent,
      headers: { ...protobuf, ...headers },
    });
    sending.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      response.resume();
      response.on('end', () => resolve({ status, retryAfter: response.headers['retry-after'] }));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

async function metric(line: string): Promise<number> {
  const response = await fetch(`${hub.url}/metrics`, { headers: { accept: 'text/plain' } });
  const found = (await response.text()).split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length) ?? 0);
}
const requests = (outcome: string, transport = 'otlp-protobuf'): string =>
  `concordat_ingest_requests_total{transport="${transport}",outcome="${outcome}"}`;

test('far more than the hub can take is answered 200 or 429, in bounded memory, and every request is counted', async () => {
  const sent = 600;
  const before = await metric(requests('taken'));
  const answers = await Promise.all(
    Array.from({ length: sent }, (_, index) => send(bodies[index % bodies.length] as Buffer)),
  );
  const taken = answers.filter(({ status }) => status === 200).length;
  const refused = answers.filter(({ status }) => status === 429 || status === 503);
  expect(taken + refused.length).toBe(sent);
  expect(taken).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(0);
  expect(new Set(refused.map(({ retryAfter }) => retryAfter))).toEqual(new Set(['1']));
  expect(await metric(requests('taken'))).toBe(before + taken);
  expect(await metric(requests('overloaded'))).toBe(refused.length);
  await vi.waitFor(async () => {
    const spans = await metric('concordat_ingest_spans_total{transport="otlp-protobuf"}');
    expect(spans).toBe((before + taken) * spansPerBody);
  }, 10_000);
});

test('bombs side by side are refused in bounded memory', async () => {
  const headers = { 'content-encoding': 'gzip' };
  const bomb = gzipSync(Buffer.alloc(100 * mebibyte));
  /** Says that it is small: the size at the end of gzip is a hint, and no more. */
  const liar = Buffer.concat([bomb.subarray(0, -4), Buffer.from([1, 0, 0, 0])]);
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) => send(index % 2 === 0 ? bomb : liar, headers)),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 413 && status !== 429)).toEqual([]);
  expect(statuses).toContain(413);
});

test('hundreds of bodies that are begun and never finished leave room again when they are gone', async () => {
  const own = new Agent({ maxSockets: 400 });
  const begun = Array.from({ length: 300 }, () => {
    const sending = request(`${hub.url}/v1/traces`, {
      method: 'POST',
      agent: own,
      headers: { ...protobuf, 'content-length': String(2 * mebibyte) },
    });
    const answered = new Promise<number>((resolve) => {
      sending.on('response', (response) => resolve(response.statusCode ?? 0));
      sending.on('error', () => resolve(0));
    });
    sending.write(Buffer.alloc(mebibyte));
    return { sending, answered };
  });
  const first = await Promise.race(begun.map(({ answered }) => answered));
  expect(first).toBe(429);
  expect((await send(bodies[0] as Buffer)).status).toBe(429);
  for (const { sending } of begun) sending.destroy();
});

test('over gRPC it is RESOURCE_EXHAUSTED with RetryInfo', async () => {
  const clients = Array.from({ length: 8 }, () =>
    grpcClient(`http://127.0.0.1:${hub.ports.otlpGrpc}`),
  );
  const sent = 200;
  const answers = await Promise.all(
    Array.from({ length: sent }, (_, index) =>
      clients[index % clients.length]?.call(exportTraces, bodies[index % bodies.length] as Buffer, {
        deadlineMs: 60_000,
      }),
    ),
  );
  const codes = new Set(answers.map((answer) => answer?.code));
  expect(codes).toEqual(new Set([0, 8]));
  for (const answer of answers.filter((one) => one?.code === 8))
    expect(answer?.details?.toString('latin1')).toContain('google.rpc.RetryInfo');
  const taken = await metric(requests('taken', 'otlp-grpc'));
  expect(taken + (await metric(requests('overloaded', 'otlp-grpc')))).toBe(sent);
  for (const client of clients) client.close();
});
