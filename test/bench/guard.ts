import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

const rounds = 30;
const requestsPerRound = 100;
const warmUpRequests = 2_000;
const connections = 4;
const root = new URL('../..', import.meta.url).pathname;

/** All but the first are traced; the guard is not asked for, then looks at this share of what is answered, at whatever cost. */
const variants = {
  plain: undefined,
  off: 'false',
  tenPercent: '{ sampling: { first: 0, rate: 0.1, cpuShare: 1 } }',
  whole: '{ sampling: { first: 0, rate: 1, cpuShare: 1 } }',
} as const;

type Variant = keyof typeof variants;
const names = Object.keys(variants) as readonly Variant[];

const lines = Array.from({ length: 16 }, (_, index) => ({
  ...{ sku: `product-${index}`, name: 'A thing of some kind', quantity: 2, priceCents: 1_250 },
  ...{ available: true, tags: ['new', 'blue'] },
}));
/** About 2 kB. */
const order = { id: 7, customer: 'ada', status: 'confirmed', lines, totalCents: 2_500 };

const pact = JSON.stringify({
  ...{ consumer: { name: 'web' }, provider: { name: 'bench' } },
  interactions: [
    {
      description: 'an order',
      request: { method: 'GET', path: '/orders/7' },
      response: {
        ...{ status: 200, headers: { 'Content-Type': 'application/json; charset=utf-8' } },
        body: order,
        matchingRules: { body: { $: { matchers: [{ match: 'type' }] } } },
      },
    },
  ],
  metadata: { pactSpecification: { version: '3.0.0' } },
});

/** One route that keeps the processor busy for a millisecond; `/cpu` tells the processor time so far, in microseconds. */
const service = `
  const { default: express } = await import('express');
  const app = express();
  const order = ${JSON.stringify(order)};
  app.get('/orders/:id', (request, response) => {
    let sum = 0;
    for (let step = 0; step < 1_000_000; step += 1) sum = (sum + step * step) | 0;
    response.setHeader('x-sum', sum).json(order);
  });
  const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
  app.get('/cpu', (_, response) => response.send(String(cpu())));
  const server = app.listen(0, '127.0.0.1', () => console.log('ready', server.address().port));`;

type Figures = Readonly<Record<Variant, number>>;

/**
 * What the live guard costs a request of an express application whose handler takes 1 ms of processor time and answers 2 kB: traced
 * without it, with it off, at 10 % and at 100 %. Rounds alternate, and the ratios are medians of the rounds' ratios. `plain` is the
 * start of tracing without a word about a guard; what `off` differs from it is noise.
 */
export async function benchGuard(): Promise<object> {
  let hasJudged = false;
  const hub = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      hasJudged ||= chunk.includes('concordat.guard.verdict');
    });
    if (request.url?.startsWith('/insights/') !== true) return void response.end(pact);
    const listed = { consumer: 'web', provider: 'bench', sha: 'a', consumerVersions: ['1'] };
    return void response.end(JSON.stringify({ pacts: [{ ...listed, path: '/pact' }] }));
  });
  hub.listen(0, '127.0.0.1');
  await once(hub, 'listening');
  const hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
  const services = await Promise.all(names.map((name) => startService(name, hubUrl)));
  try {
    const figures = await measured(services);
    if (!hasJudged) throw new Error('The guard judged nothing, so it cost nothing.');
    return figures;
  } finally {
    await Promise.all(services.map(({ stop }) => stop()));
    hub.close();
    hub.closeAllConnections();
  }
}

async function measured(services: readonly RunningService[]): Promise<object> {
  for (const { url } of services) await drive(url, warmUpRequests);
  const micros: Record<Variant, number[]> = { plain: [], off: [], tenPercent: [], whole: [] };
  for (let round = 0; round < rounds; round += 1) {
    // Back and forth, so that none is always the first after a pause.
    const order = [...names.entries()];
    for (const [index, name] of round % 2 === 0 ? order : order.toReversed()) {
      const url = services[index]?.url ?? '';
      const before = Number(await fetchText(`${url}/cpu`));
      await drive(url, requestsPerRound);
      const spent = Number(await fetchText(`${url}/cpu`)) - before;
      micros[name].push(spent / requestsPerRound);
    }
  }
  const each = (figure: (name: Variant) => number): Figures =>
    Object.fromEntries(names.map((name) => [name, figure(name)])) as Figures;
  return {
    requestCpuMicros: each((name) => rounded(median(micros[name]))),
    toPlain: each((name) =>
      rounded(median(micros[name].map((value, round) => value / (micros.plain[round] ?? 1)))),
    ),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

async function drive(url: string, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let id = next++; id < requests; id = next++) await fetchText(`${url}/orders/7`, agent);
  };
  await Promise.all(Array.from({ length: connections }, sender));
  agent.destroy();
}

function fetchText(url: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, agent === undefined ? {} : { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve(text));
    });
    request.once('error', reject);
  });
}

interface RunningService {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function startService(variant: Variant, hubUrl: string): Promise<RunningService> {
  const guard = variants[variant];
  const option = guard === undefined ? '' : `{ guard: ${guard} }`;
  const tracing = `import { startTracing } from '@concordat/instrumentation'; startTracing(${option});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', tracing + service], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{
        OTEL_SERVICE_NAME: 'bench',
        OTEL_EXPORTER_OTLP_ENDPOINT: hubUrl,
        CONCORDAT_HUB_URL: hubUrl,
      },
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.0.0,deployment.environment.name=bench',
    },
  });
  return {
    url: `http://127.0.0.1:${await readyPort(child)}`,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function readyPort(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream },
): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return line.slice('ready '.length);
  }
  throw new Error('The service did not start; run `npm run build` first.');
}
