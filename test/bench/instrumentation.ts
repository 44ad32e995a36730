import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

const starts = 5;
const rounds = 30;
const warmUpRequests = 2_000;
const requestsPerRound = 400;
const connections = 8;
const root = new URL('../..', import.meta.url).pathname;

/** What stands before the same service: nothing, sdk-node as its documentation starts it, our start. */
const variants = {
  untraced: '',
  plain: `
    import { register } from 'node:module';
    import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
    import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
    import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
    import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
    import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
    register('@opentelemetry/instrumentation/hook.mjs', new URL('file://' + process.cwd() + '/'));
    const { MIDDLEWARE, REQUEST_HANDLER, ROUTER } = ExpressLayerType;
    new NodeSDK({
      spanProcessors: [new tracing.BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 500 })],
      metricReaders: [],
      logRecordProcessors: [],
      instrumentations: [
        new HttpInstrumentation(),
        new UndiciInstrumentation(),
        new ExpressInstrumentation({ ignoreLayersType: [MIDDLEWARE, REQUEST_HANDLER, ROUTER] }),
      ],
    }).start();`,
  ours: `
    import { startTracing } from '@concordat/instrumentation';
    startTracing();`,
} as const;

type Variant = keyof typeof variants;
const names = Object.keys(variants) as readonly Variant[];

/** One route and one outgoing call; `/cpu` tells the processor time so far, in microseconds. */
const service = `
  const { default: express } = await import('express');
  const app = express();
  app.get('/orders/:id', async (request, response) => {
    const answer = await fetch(process.env.PRICES_URL + '/prices/' + request.params.id);
    response.json({ id: request.params.id, price: await answer.json() });
  });
  const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
  app.get('/cpu', (_, response) => response.send(String(cpu())));
  const server = app.listen(0, '127.0.0.1', () => console.log('ready', server.address().port, cpu()));`;

/**
 * What our start of tracing costs a service, beside sdk-node started plainly with the same instrumentations and exporter,
 * and beside no tracing: processor time to be ready, and for a request with one outgoing call. Rounds alternate between
 * the three and medians are compared, so that what else the machine does falls on all alike.
 */
export async function benchInstrumentation(): Promise<object> {
  const collector = await listening(
    createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(200).end());
    }),
  );
  const prices = await listening(createServer((_, response) => response.end('7')));
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, PRICES_URL: prices.url };
  try {
    return { startCpuMs: await benchStarts(env), requestCpuMicros: await benchRequests(env) };
  } finally {
    for (const { server } of [collector, prices]) {
      server.close();
      server.closeAllConnections();
    }
  }
}

type Variables = Readonly<Record<string, string>>;
type Figures = Readonly<Record<Variant | 'oursToPlain', number>>;

async function benchStarts(env: Variables): Promise<Figures> {
  const millis = forEach((): number[] => []);
  for (let round = 0; round < starts; round += 1) {
    for (const name of names) {
      const { startCpuMicros, stop } = await startService(name, env);
      millis[name].push(startCpuMicros / 1000);
      await stop();
    }
  }
  return compared(millis);
}

async function benchRequests(env: Variables): Promise<Figures & { readonly overhead: number }> {
  const services = await Promise.all(names.map((name) => startService(name, env)));
  const micros = forEach((): number[] => []);
  try {
    for (const { url } of services) await drive(url, warmUpRequests);
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
  } finally {
    await Promise.all(services.map(({ stop }) => stop()));
  }
  const figures = compared(micros);
  return { ...figures, overhead: rounded(figures.oursToPlain - 1) };
}

function forEach<Value>(make: () => Value): Record<Variant, Value> {
  return { untraced: make(), plain: make(), ours: make() };
}

/** The ratio is the median of the rounds' ratios: neighbours in time, so what disturbs one disturbs both. */
function compared(values: Readonly<Record<Variant, readonly number[]>>): Figures {
  const ratios = values.ours.map((value, round) => value / (values.plain[round] ?? Number.NaN));
  return {
    untraced: rounded(median(values.untraced)),
    plain: rounded(median(values.plain)),
    ours: rounded(median(values.ours)),
    oursToPlain: rounded(median(ratios)),
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
    for (let id = next++; id < requests; id = next++) await fetchText(`${url}/orders/${id}`, agent);
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
      response.once('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url} answered ${response.statusCode}.`));
      });
    });
    request.once('error', reject);
  });
}

async function listening(
  server: Server,
): Promise<{ readonly server: Server; readonly url: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface RunningService {
  readonly url: string;
  readonly startCpuMicros: number;
  readonly stop: () => Promise<void>;
}

async function startService(variant: Variant, env: Variables): Promise<RunningService> {
  const program = ['--input-type=module', '--eval', `${variants[variant]}\n${service}`];
  const identity = 'service.version=1.0.0,deployment.environment.name=bench';
  const child = spawn(process.execPath, program, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env, OTEL_SERVICE_NAME: 'bench', OTEL_RESOURCE_ATTRIBUTES: identity },
  });
  const [port, micros] = await readyLine(child);
  return {
    url: `http://127.0.0.1:${port}`,
    startCpuMicros: Number(micros),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function readyLine(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream },
): Promise<readonly string[]> {
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return line.split(' ').slice(1);
  }
  throw new Error('The service did not start; run `npm run build` first.');
}
