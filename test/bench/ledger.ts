import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Database, openDatabase } from '@concordat/hub';
import { startBuiltHub } from './built-hub.ts';

const services = 2_000;
const consumersEach = 5;
/** One edge in so many has a pact. */
const pactEvery = 5;
const requests = 300;
/** On a slow machine fewer are asked. */
const longestMs = 30_000;
const connections = 8;
const rowsAtOnce = 200;

/**
 * Milliseconds of what the insights answer over HTTP about 2,000 services and 10,000 edges, one request after the other against a built
 * hub in a process of its own that has 2,000 pacts and four kinds of calls on each edge.
 */
export async function benchLedger(): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-bench-'));
  try {
    const hub = await startBuiltHub(dataDir);
    await publishPacts(hub.url);
    await hub.stop();
    await fillTraffic(dataDir);
    return { services, pairs: services * consumersEach, ...(await measure(dataDir)) };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(dataDir: string): Promise<object> {
  const hub = await startBuiltHub(dataDir);
  const pair = (n: number) => edgeOf((n * 7919) % (services * consumersEach));
  const questions: Readonly<Record<string, (n: number) => string>> = {
    usage: (n) => `usage?provider=${pair(n).provider}`,
    edges: (n) => `edges?size=100&page=${1 + (n % 100)}`,
    edge: (n) => `edges/${pair(n).consumer}/${pair(n).provider}`,
    findings: (n) => `findings?size=100&page=${1 + (n % 5)}`,
  };
  const figures: Record<string, object> = {};
  try {
    for (const [name, path] of Object.entries(questions)) {
      figures[name] = await timeOf((n) => `${hub.url}/insights/${path(n)}`);
    }
    return { ...figures, residentMegabytes: hub.residentMegabytes() };
  } finally {
    await hub.stop();
  }
}

async function timeOf(urlOf: (n: number) => string): Promise<object> {
  const firstMs = await timeOne(urlOf(0));
  const times: number[] = [];
  const end = performance.now() + longestMs;
  for (let n = 1; n <= requests && performance.now() < end; n += 1) {
    times.push(await timeOne(urlOf(n)));
  }
  times.sort((left, right) => left - right);
  const at = (share: number): number => rounded(times[Math.floor(times.length * share)] ?? 0);
  return { requests: times.length, firstMs: rounded(firstMs), p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function timeOne(url: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return performance.now() - start;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

function edgeOf(n: number): Pair {
  const consumer = n % services;
  const provider = (consumer * 31 + 1 + Math.floor(n / services) * 17) % services;
  return { consumer: `service-${consumer}`, provider: `service-${provider}` };
}

async function publishPacts(url: string): Promise<void> {
  const edges = Array.from({ length: services * consumersEach }, (_, n) => n);
  const waiting = edges.filter((n) => n % pactEvery === 0);
  const work = async (): Promise<void> => {
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) await publish(url, edgeOf(n));
  };
  await Promise.all(Array.from({ length: connections }, work));
}

async function publish(url: string, { consumer, provider }: Pair): Promise<void> {
  const body = JSON.stringify({
    ...{ consumer: { name: consumer }, provider: { name: provider } },
    interactions: [
      interactionOf('GET', { id: true, status: 200 }),
      interactionOf('GET', { id: true, status: 404 }),
      interactionOf('POST', { id: false, status: 201 }),
      interactionOf('DELETE', { id: true, status: 204 }),
    ],
  });
  const response = await fetch(`${url}/pacts/provider/${provider}/consumer/${consumer}/version/1`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (response.status !== 201) throw new Error(`publishing answered ${response.status}`);
}

function interactionOf(
  method: string,
  { id, status }: { readonly id: boolean; readonly status: number },
): object {
  const regex = '^/v1/things/[0-9]+$';
  return {
    description: `${method} ${status}`,
    request: id
      ? { method, path: '/v1/things/7', matchingRules: { '$.path': { match: 'regex', regex } } }
      : { method, path: '/v1/things' },
    response: { status },
  };
}

/** As the hub would have counted it: an hour of calls, of which those of edges without a pact are findings too. */
async function fillTraffic(dataDir: string): Promise<void> {
  const db = await openDatabase({ dataDir, databaseUrl: undefined });
  try {
    for (let n = 0; n < services * consumersEach; n += rowsAtOnce / 4) {
      await fillEdges(
        db,
        Array.from({ length: rowsAtOnce / 4 }, (_, at) => n + at),
      );
    }
  } finally {
    await db.destroy();
  }
}

async function fillEdges(db: Database, edges: readonly number[]): Promise<void> {
  const now = Date.now() * 1000;
  const seen = { first_seen: now - 3_600_000_000, last_seen: now - 60_000_000 };
  const names = (n: number) => ({
    ...{ ...edgeOf(n), environment: 'production', bucket: 0 },
    ...{ consumer_version: '1', provider_version: '1', calls: 100, sampled: 100, ...seen },
    exemplar_trace_id: n.toString(16).padStart(32, '0'),
  });
  const operations = [
    ['GET /v1/things/{id}', '200'],
    ['GET /v1/things/{id}', '500'],
    ['POST /v1/things', '201'],
    ['GET /v1/others', '200'],
  ] as const;
  const durations = { decided: 100, failed: 0, duration_micros: 90_000, timed: 100 };
  const virtual = { consumer_virtual: 0, provider_virtual: 0 };
  await db
    .insertInto('call_counts')
    .values(
      edges.flatMap((n) =>
        operations.map(([operation, status]) => ({
          ...{ ...names(n), transport: 'http', operation, status, ...durations, ...virtual },
        })),
      ),
    )
    .execute();
  const shapes = ['GET /v1/things/{id} 200', 'POST /v1/things 201'];
  const promised = edges.filter((n) => n % pactEvery === 0);
  await db
    .insertInto('usage_counts')
    .values(promised.flatMap((n) => shapes.map((shape) => ({ ...names(n), shape }))))
    .execute();
}
