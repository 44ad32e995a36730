import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readServiceConfig } from './config.ts';
import { type RunningEventBroker, startEventBroker } from './event-broker/event-broker.ts';
import { inventoryService } from './inventory/inventory-service.ts';
import { paymentsService } from './payments/payments-service.ts';
import { type RunningService, runService } from './service/run-service.ts';

const root = new URL('../../..', import.meta.url).pathname;

/** A service as its own process, from its sources. */
class ServiceProcess {
  readonly #process: ChildProcess;
  #output = '';

  constructor(name: string, env: Record<string, string>) {
    const main = `packages/reference-services/src/${name}/main.ts`;
    this.#process = spawn(
      process.execPath,
      ['--conditions=@concordat/source', '--import', 'tsx', main],
      { cwd: root, env: { ...process.env, ...env, NODE_OPTIONS: '' } },
    );
    this.#process.stdout?.on('data', (chunk) => {
      this.#output += chunk;
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.#output += chunk;
    });
  }

  async url(): Promise<string> {
    return vi.waitFor(
      () => {
        const ready = /ready at (\S+)/.exec(this.#output)?.[1];
        if (ready === undefined) throw new Error(`not ready yet: ${this.#output}`);
        return ready;
      },
      { timeout: 30_000, interval: 50 },
    );
  }

  /** Resolves with the exit code. */
  async terminate(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    this.#process.kill('SIGTERM');
    const [code] = (await once(this.#process, 'exit')) as [number | null];
    return code;
  }
}

describe('a service that runs as its own process', () => {
  const bodies: Buffer[] = [];
  const processes: ServiceProcess[] = [];
  const providers: RunningService[] = [];
  let collector: Server;
  let broker: RunningEventBroker;
  let env: Record<string, string>;

  beforeAll(async () => {
    collector = createServer(async (request, response) => {
      for await (const chunk of request) bodies.push(chunk);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    broker = await startEventBroker({ host: '127.0.0.1', port: 0 });
    for (const build of [inventoryService, paymentsService]) {
      providers.push(await runService(build, readServiceConfig({})));
    }
    const { port } = collector.address() as AddressInfo;
    env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      DEPLOYMENT_ENVIRONMENT: 'staging',
      AMQP_URL: broker.url,
      INVENTORY_URL: providers[0]?.url ?? '',
      PAYMENTS_URL: providers[1]?.url ?? '',
    };
  });

  afterAll(async () => {
    await Promise.all(processes.map((one) => one.terminate()));
    await Promise.all(providers.map((one) => one.stop()));
    collector.close();
    await broker.stop();
  });

  function started(name: string): ServiceProcess {
    const one = new ServiceProcess(name, env);
    processes.push(one);
    return one;
  }

  const sent = () => Buffer.concat(bodies).toString('latin1');

  test('sends the spans of its requests, calls and events when it is told to stop', async () => {
    const [shipping, orders] = [started('shipping'), started('orders')];
    const [shippingUrl, ordersUrl] = await Promise.all([shipping.url(), orders.url()]);
    const response = await fetch(`${ordersUrl}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        customer: 'ada',
        lines: [{ sku: 'mug-classic', quantity: 1 }],
        payment: { card: 'card-good' },
      }),
    });
    expect(response.status).toBe(201);
    await vi.waitFor(async () => {
      const health = await fetch(`${shippingUrl}/health`);
      expect(await health.json()).toMatchObject({ events: { handled: 1 } });
    }, 10_000);
    const codes = await Promise.all(processes.map((one) => one.terminate()));
    expect(codes).toEqual([0, 0]);

    for (const part of [
      'POST /v1/orders',
      'http.route',
      '/v1/products/mug-classic',
      '/v1/reservations',
      '/v1/charges',
      'publish events',
      'shipping.orders process',
      'cloudevents.event_type',
      'rabbitmq',
      'staging',
      '2.3.0',
      '1.2.0',
    ]) {
      expect(sent()).toContain(part);
    }
    expect(sent()).not.toContain('/health');
    expect(sent()).not.toContain('middleware');
  }, 60_000);
});
