import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';
import { createPairing } from '@concordat/domain';
import { decodeOtlp } from '@concordat/hub';
import { startBuiltHub } from './built-hub.ts';
import { makeBatches, type SpanBatch, spansPerBatch } from './span-batches.ts';

const connections = 8;
const batches = 400;

interface Rates {
  readonly [figure: string]: number;
}

/**
 * Spans a second: decoding alone, decoding and pairing, and end to end through a built hub in a process of its own, with
 * a pact in force for the edges of the traffic, until the last span can be read.
 */
export async function benchTraces(): Promise<object> {
  const warmUp = makeBatches(40);
  const sent = makeBatches(batches);
  const decoding = benchDecoding(sent);
  const endToEnd = await benchHub(warmUp, sent);
  return { spansPerBatch, batches, decoding, endToEnd };
}

function benchDecoding(sent: readonly SpanBatch[]): Rates {
  const rate = (work: (batch: SpanBatch) => void): number => {
    for (const batch of sent.slice(0, 100)) work(batch);
    const start = performance.now();
    for (const batch of sent) work(batch);
    return perSecond(sent.length, performance.now() - start);
  };
  const pairing = createPairing();
  return {
    decodeSpansPerSecond: rate(({ plain }) => decodeOtlp(plain)),
    gunzipAndDecodeSpansPerSecond: rate(({ packed }) => decodeOtlp(gunzipSync(packed))),
    decodeAndPairSpansPerSecond: rate(({ plain }) => pairing.add(decodeOtlp(plain).spans, 0)),
  };
}

function perSecond(count: number, ms: number): number {
  return Math.round((count * spansPerBatch * 1000) / ms);
}

async function benchHub(warmUp: readonly SpanBatch[], sent: readonly SpanBatch[]): Promise<Rates> {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-bench-'));
  const hub = await startBuiltHub(dataDir);
  try {
    const idleMegabytes = hub.residentMegabytes();
    await publishPact(hub.url);
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    await sendAll(hub.url, agent, warmUp);
    const cpuBefore = hub.cpuMicros();
    const start = performance.now();
    const { latencies, retries } = await sendAll(hub.url, agent, sent);
    const acceptedMs = performance.now() - start;
    await readTrace(hub.url, sent.at(-1)?.lastTraceId ?? '');
    const readableMs = performance.now() - start;
    const cpuMicros = hub.cpuMicros() - cpuBefore;
    const busyMegabytes = hub.residentMegabytes();
    const queryMs = await timeOf(() => readTrace(hub.url, sent[0]?.lastTraceId ?? ''));
    agent.destroy();
    return {
      startToReadyMs: hub.startToReadyMs,
      idleMegabytes,
      acceptedSpansPerSecond: perSecond(sent.length, acceptedMs),
      readableSpansPerSecond: perSecond(sent.length, readableMs),
      cpuMicrosPerSpan: Math.round((cpuMicros / (sent.length * spansPerBatch)) * 10) / 10,
      acceptP50Ms: quantile(latencies, 0.5),
      acceptP99Ms: quantile(latencies, 0.99),
      retriesForOverload: retries,
      traceByIdMs: queryMs,
      busyMegabytes,
      ...(await joined(hub.url)),
    };
  } finally {
    await hub.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function publishPact(url: string): Promise<void> {
  for (const [consumer, provider] of [
    ['storefront', 'gateway'],
    ['gateway', 'orders'],
  ] as const) {
    const interactions = Array.from({ length: 50 }, (_, n) => ({
      description: `interaction ${n}`,
      request: { method: 'GET', path: n === 0 ? '/v1/orders' : `/v1/orders/${n}`, query: 'page=2' },
      response: { status: 200 },
    }));
    const response = await fetch(
      `${url}/pacts/provider/${provider}/consumer/${consumer}/version/1.0.0`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          consumer: { name: consumer },
          provider: { name: provider },
          interactions,
          metadata: { pactSpecification: { version: '2.0.0' } },
        }),
      },
    );
    if (!response.ok)
      throw new Error(`The pact was refused: ${response.status} ${await response.text()}`);
  }
}

/** What the hub made of the traffic: promises used and calls counted. None means that the bench did not measure the join. */
async function joined(url: string): Promise<Rates> {
  const response = await fetch(`${url}/insights/summary`);
  const { interactions, used, calls } = (await response.json()) as Record<string, number>;
  if (used === undefined || calls === undefined || interactions === undefined || used === 0)
    throw new Error(`No promise was used: ${response.status}.`);
  return { promisedInteractions: interactions, usedInteractions: used, countedCalls: calls };
}

async function sendAll(url: string, agent: Agent, sent: readonly SpanBatch[]) {
  const latencies: number[] = [];
  let next = 0;
  let retries = 0;
  const sender = async (): Promise<void> => {
    for (let batch = sent[next++]; batch !== undefined; batch = sent[next++]) {
      const start = performance.now();
      while ((await post(url, agent, batch.packed)) !== 200) {
        retries += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: connections }, sender));
  return { latencies, retries };
}

function post(url: string, agent: Agent, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
      'content-length': body.length,
    };
    const outgoing = request(`${url}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        const status = response.statusCode ?? 0;
        if (status === 200 || status === 429 || status === 503) resolve(status);
        else reject(new Error(`The hub answered ${status}.`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readTrace(url: string, traceId: string): Promise<void> {
  const response = await fetch(`${url}/api/traces/${traceId}`);
  if (response.status !== 200) throw new Error(`Trace ${traceId}: ${response.status}`);
  await response.arrayBuffer();
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return Math.round((performance.now() - start) * 10) / 10;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10;
}
