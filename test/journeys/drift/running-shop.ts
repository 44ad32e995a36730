import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { identities } from '@concordat/reference-services';
import { expect, vi } from 'vitest';
import type { TestHub } from '../../acceptance/start-hub.ts';
import { MutatingProxy } from './mutating-proxy.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The part of the shop that an order goes through, as processes of its own, with a proxy between gateway and orders. */
export class RunningShop {
  readonly #hub: TestHub;
  readonly #children: ChildProcess[] = [];
  #proxy: MutatingProxy | undefined;
  #gateway = '';

  constructor(hub: TestHub) {
    this.#hub = hub;
  }

  async start(): Promise<MutatingProxy> {
    const port = await freePort();
    await this.#run('event-broker', { PORT: String(port) });
    const amqp = { AMQP_URL: `amqp://127.0.0.1:${port}` };
    const [inventory, payments] = await Promise.all([
      this.#serve('inventory', amqp),
      this.#serve('payments', amqp),
    ]);
    const orders = await this.#serve('orders', {
      ...{ ...amqp, INVENTORY_URL: inventory, PAYMENTS_URL: payments },
    });
    const proxy = new MutatingProxy(orders);
    this.#proxy = proxy;
    const [gateway] = await Promise.all([
      this.#serve('gateway', { ...amqp, ORDERS_URL: await proxy.start() }),
      this.#serve('shipping', amqp),
    ]);
    this.#gateway = gateway;
    return proxy;
  }

  /** Asks the shop's one door. */
  async ask(
    method: string,
    path: string,
    json?: object,
  ): Promise<{ status: number; body: string }> {
    const response = await fetch(`${this.#gateway}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-session-id': 'drift' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    return { status: response.status, body: await response.text() };
  }

  async stop(): Promise<void> {
    this.#proxy?.close();
    await Promise.all(
      this.#children.map(async (child) => {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }),
    );
  }

  async #serve(name: keyof typeof identities, more: NodeJS.ProcessEnv): Promise<string> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await this.#run(name, {
      ...{ ...more, PORT: String(port), DEPLOYMENT_ENVIRONMENT: 'production' },
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: this.#hub.url, OTEL_BSP_SCHEDULE_DELAY: '200' },
      ...{ CONCORDAT_GUARD: 'on', CONCORDAT_HUB_URL: this.#hub.url, CONCORDAT_GUARD_RATE: '1' },
    });
    return url;
  }

  async #run(name: string, env: NodeJS.ProcessEnv): Promise<void> {
    const program = `packages/reference-services/dist/${name}/main.js`;
    const child = spawn(process.execPath, [program], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await vi.waitFor(() => expect(output).toContain(' ready at '), 20_000);
  }
}

/** Publishes the shop's pacts and records its versions in production, as its pipeline does. */
export async function publishShop(
  ask: (method: string, path: string, json?: object) => Promise<unknown>,
): Promise<void> {
  for (const [consumer, provider] of PACTS) {
    const content = await readFile(`${root}/contracts/pacts/${consumer}-${provider}.json`, 'utf8');
    await ask('POST', '/contracts/publish', {
      pacticipantName: consumer,
      pacticipantVersionNumber: identities[consumer].version,
      branch: 'main',
      contracts: [
        {
          ...{ consumerName: consumer, providerName: provider, specification: 'pact' },
          contentType: 'application/json',
          content: Buffer.from(content).toString('base64'),
        },
      ],
    });
  }
}

const PACTS = [
  ['gateway', 'orders'],
  ['orders', 'inventory'],
  ['orders', 'payments'],
  ['shipping', 'orders'],
] as const;

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
