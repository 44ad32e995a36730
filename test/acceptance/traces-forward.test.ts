import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { observeRequest, senders, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

let behind: TestHub;
let hub: TestHub;

beforeAll(async () => {
  behind = await startTestHub();
  hub = await startTestHub({ flags: { jaegerUrl: String(behind.otlpUrl) } });
});
afterAll(async () => {
  await hub.close();
  await behind.close();
});

test('with --jaeger-url every trace arrives there too, and is still read from the own store', async () => {
  const web = startTracedService('web', senders.otlp(hub));
  const orders = startTracedService('orders', senders.jaeger(hub));
  const traceId = observeRequest(web, orders, { method: 'GET', path: '/v1/a', status: 200 });
  await Promise.all([web.flush(), orders.flush()]);
  const read = async (from: TestHub): Promise<unknown> =>
    (await fetch(`${from.url}/api/traces/${traceId}`)).json();
  const own = await read(hub);
  expect(own).toMatchObject({ errors: null });
  await vi.waitFor(async () => expect(await read(behind)).toEqual(own), 10_000);
});
