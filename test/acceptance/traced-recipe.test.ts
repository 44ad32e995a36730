import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { concordatInside } from '../journeys/concordat.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import { buildInstrumentation, ProgramFolder } from './traced-program.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The program under the heading, as it stands. */
function recipe(): string {
  const [, section = ''] = readme.split('\n## Trace a service in five lines\n');
  return /```js\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

let folder: ProgramFolder;
let hub: TestHub;

beforeAll(async () => {
  await buildInstrumentation();
  folder = new ProgramFolder();
  hub = await startTestHub();
}, 120_000);

afterAll(async () => {
  await folder.remove();
  await hub.close();
});

/** Two services may not listen on 0 here, as the recipe does not say where it listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the recipe has five lines, and the hub shows the trace of what it makes', async () => {
  expect(recipe().trim().split('\n')).toHaveLength(5);
  folder.write('orders.mjs', recipe());
  folder.write(
    'prices.mjs',
    recipe().replace('await price(request.params.id)', '7').replaceAll('orders', 'prices'),
  );
  const [ordersPort, pricesPort] = [await freePort(), await freePort()];
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: String(hub.otlpUrl) };
  const prices = folder.run(['prices.mjs'], { ...env, PORT: String(pricesPort) });
  const orders = folder.run(['orders.mjs'], {
    ...env,
    PORT: String(ordersPort),
    PRICES_URL: `http://127.0.0.1:${pricesPort}`,
  });
  await vi.waitFor(
    async () => {
      for (const port of [pricesPort, ordersPort]) await fetch(`http://127.0.0.1:${port}/health`);
    },
    { timeout: 60_000, interval: 100 },
  );
  const answer = await fetch(`http://127.0.0.1:${ordersPort}/orders/1`);
  expect(await answer.json()).toBe(7);
  await vi.waitFor(async () => {
    const found = await fetch(`${hub.url}/api/traces?service=orders`);
    const { data } = (await found.json()) as { data: readonly { spans: readonly unknown[] }[] };
    expect(data.map(({ spans }) => spans.length)).toEqual([3]);
  }, 10_000);
  const doctor = await concordatInside(['doctor', '--broker-base-url', hub.url]);
  for (const service of ['orders', 'prices']) {
    expect(doctor.stdout).toMatch(
      new RegExp(
        `✓ telemetry of ${service}: version 2.3.0 in production, last span \\d+ s ago, by .*http`,
      ),
    );
  }
  expect([orders.output, prices.output]).toEqual(['', '']);
}, 120_000);
