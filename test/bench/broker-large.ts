import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type BuiltHub, KEEPS_NOTHING, startBuiltHub } from './built-hub.ts';
import {
  type DataSize,
  fillDatabase,
  providerOf,
  serviceName,
  versionNumber,
} from './large-data.ts';

const sizes = {
  small: { services: 60, versions: 30 },
  large: { services: 2_000, versions: 50 },
} satisfies Readonly<Record<string, DataSize>>;
const connections = 4;
const warmUp = 100;
/** Both hubs take turns, so that what else the machine does falls on both. */
const rounds = 10;
const requestsOfRound = 60;

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

type Operation = (turn: number, size: DataSize) => Asked;

/** 2,000 pacticipants, 100,000 versions and 1,000,000 results beside 60 services of the same shape: how much slower is much? */
export async function benchLarge(): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-bench-'));
  const hubs: SizedHub[] = [];
  try {
    for (const [name, size] of Object.entries(sizes)) {
      const dataDir = join(folder, name);
      const startedAt = performance.now();
      const data = await fillDatabase(size, { dataDir, databaseUrl: undefined });
      const filledInSeconds = Math.round((performance.now() - startedAt) / 1000);
      const hub = await startBuiltHub(dataDir, undefined, KEEPS_NOTHING);
      hubs.push({ name, size, hub, data: { ...data, filledInSeconds }, agent: newAgent() });
    }
    const figures: Record<string, object> = {};
    for (const [name, operation] of Object.entries(operations)) {
      figures[name] = await compare(operation, hubs);
      process.stderr.write(`${name} ${JSON.stringify(figures[name])}\n`);
    }
    return {
      data: Object.fromEntries(hubs.map(({ name, data }) => [name, data])),
      startToReadyMs: Object.fromEntries(hubs.map(({ name, hub }) => [name, hub.startToReadyMs])),
      operations: figures,
    };
  } finally {
    for (const { hub, agent } of hubs) {
      agent.destroy();
      await hub.stop();
    }
    await rm(folder, { recursive: true, force: true });
  }
}

interface SizedHub {
  readonly name: string;
  readonly size: DataSize;
  readonly hub: BuiltHub;
  readonly data: object;
  readonly agent: Agent;
}

const run = Date.now().toString(36);

const operations: Readonly<Record<string, Operation>> = {
  canIDeploy: (turn, size) => {
    const version = versionNumber(size.versions);
    const query = `pacticipant=${serviceOf(turn, size)}&version=${version}&environment=production`;
    return { method: 'GET', path: `/can-i-deploy?${query}` };
  },
  forVerification: (turn, size) => ({
    method: 'POST',
    path: `/pacts/provider/${serviceOf(turn, size)}/for-verification`,
    body: {
      providerVersionBranch: 'main',
      includePendingStatus: true,
      includeWipPactsSince: '2020-01-01',
      consumerVersionSelectors: [
        { mainBranch: true },
        { deployedOrReleased: true },
        { matchingBranch: true },
      ],
    },
  }),
  matrixOfPair: (turn, size) => {
    const consumer = (turn % size.services) + 1;
    const provider = serviceName(providerOf(consumer, turn % 4, size));
    const query = `q[][pacticipant]=${serviceName(consumer)}&q[][pacticipant]=${provider}`;
    return { method: 'GET', path: `/matrix?${query}&latestby=cvpv` };
  },
  publishKnownContent: (turn, size) => {
    const consumer = (turn % size.services) + 1;
    return {
      method: 'POST',
      path: '/contracts/publish',
      body: publication(serviceName(consumer), serviceName(providerOf(consumer, 0, size)), turn),
    };
  },
};

function serviceOf(turn: number, { services }: DataSize): string {
  return serviceName((turn % services) + 1);
}

function publication(consumer: string, provider: string, turn: number): object {
  const pact = {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: Array.from({ length: 12 }, (_, index) => ({
      description: `request ${index}`,
      request: { method: 'GET', path: `/things/${index}` },
      response: { status: 200, body: { id: index, name: `thing ${index}` } },
    })),
    metadata: { pactSpecification: { version: '3.0.0' } },
  };
  return {
    pacticipantName: consumer,
    pacticipantVersionNumber: `9.${run}.${turn}`,
    branch: 'bench',
    contracts: [
      {
        consumerName: consumer,
        providerName: provider,
        specification: 'pact',
        contentType: 'application/json',
        content: Buffer.from(JSON.stringify(pact)).toString('base64'),
      },
    ],
  };
}

async function compare(operation: Operation, hubs: readonly SizedHub[]): Promise<object> {
  const measured = hubs.map((sized) => ({ sized, latencies: [] as number[], cpuMicros: 0 }));
  let turn = 0;
  for (const { sized } of measured) await burst(sized, operation, { first: turn, count: warmUp });
  for (let round = 0; round < rounds; round += 1) {
    turn += warmUp + requestsOfRound;
    for (const each of measured) {
      const before = each.sized.hub.cpuMicros();
      const part = { first: turn, count: requestsOfRound };
      each.latencies.push(...(await burst(each.sized, operation, part)));
      each.cpuMicros += each.sized.hub.cpuMicros() - before;
    }
  }
  const figures = measured.map(({ sized, latencies, cpuMicros }) => {
    const sorted = latencies.sort((a, b) => a - b);
    const [p50Ms, p99Ms] = [percentile(sorted, 0.5), percentile(sorted, 0.99)];
    const cpuMsPerRequest = rounded(cpuMicros / 1000 / sorted.length);
    return [sized.name, { requests: sorted.length, p50Ms, p99Ms, cpuMsPerRequest }] as const;
  });
  const [small, large] = figures.map(([, figure]) => figure);
  const times = (figure: 'p50Ms' | 'p99Ms' | 'cpuMsPerRequest'): number =>
    rounded((large?.[figure] ?? Number.NaN) / (small?.[figure] ?? Number.NaN));
  return {
    ...Object.fromEntries(figures),
    largeToSmall: { p50: times('p50Ms'), p99: times('p99Ms'), cpu: times('cpuMsPerRequest') },
  };
}

/** Sends the requests over a few connections; answers the milliseconds each took. */
async function burst(
  { hub, size, agent }: SizedHub,
  operation: Operation,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<readonly number[]> {
  const latencies: number[] = [];
  let next = first;
  const one = async (): Promise<void> => {
    while (next < first + count) {
      // A stride visits services far from each other.
      const asked = operation(next++ * 7, size);
      const startedAt = performance.now();
      await send(hub, asked, agent);
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  return latencies;
}

function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections });
}

function send(hub: BuiltHub, { method, path, body }: Asked, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'application/hal+json', 'content-type': 'application/json' };
    const sent = request(new URL(path, hub.url), { agent, method, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${method} ${path} answered ${response.statusCode}.`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function percentile(sorted: readonly number[], share: number): number {
  return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
