import { createInsightsClient, type FindingResource } from '@concordat/api';
import { identities } from '@concordat/reference-services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub, withEnvironments } from '../../acceptance/start-hub.ts';
import { buildOnce } from '../concordat.ts';
import type { MutatingProxy } from './mutating-proxy.ts';
import { publishShop, RunningShop } from './running-shop.ts';
import { Scene } from './scene.ts';
import { shopMutations, shopVariations } from './shop-mutations.ts';

let hub: TestHub;
let shop: RunningShop;
let proxy: MutatingProxy;
let order = '';

beforeAll(async () => {
  await buildOnce();
  hub = await startTestHub({ env: withEnvironments });
  shop = new RunningShop(hub);
  const scene = new Scene(hub, 'shop');
  await publishShop((method, path, json) => scene.ask(method, path, json));
  for (const name of ['gateway', 'orders', 'inventory', 'payments', 'shipping'] as const) {
    await scene.record(name, identities[name].version);
  }
  proxy = await shop.start();
  const placed = await shop.ask('POST', '/v1/orders', {
    customer: 'ada',
    lines: [{ sku: 'mug-classic', quantity: 1 }],
    payment: { card: 'card-good' },
  });
  expect(placed.status).toBe(201);
  order = JSON.parse(placed.body).id;
}, 180_000);
afterAll(async () => {
  await shop.stop();
  await hub.close();
});

async function findings(): Promise<readonly FindingResource[]> {
  const answer = await createInsightsClient(hub.url, fetch).findings({ size: 100 });
  return answer.findings;
}

/** What the guard found broken between gateway and orders so far, as `part rule pointer`. */
async function broken(): Promise<readonly string[]> {
  const [finding] = (await findings()).filter(({ kind }) => kind === 'broken-promise');
  return (finding?.mismatches ?? []).map(({ part, rule, pointer }) => `${part} ${rule} ${pointer}`);
}

async function readOrder(times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) await shop.ask('GET', `/v1/orders/${order}`);
}

describe('the shop, answered by an orders service that changed', () => {
  test.each(shopVariations)('is silent about $title', async ({ mutation }) => {
    const before = await checks();
    proxy.mutate(mutation);
    await readOrder(2);
    await vi.waitFor(async () => expect(await checks()).toBeGreaterThan(before), 10_000);
    expect(await findings()).toEqual([]);
  });

  test.each(shopMutations)('tells $title', async ({ mutation, breaks }) => {
    proxy.mutate(mutation);
    await readOrder();
    await vi.waitFor(
      async () => expect(await broken()).toEqual(expect.arrayContaining([...(breaks ?? [])])),
      10_000,
    );
  });

  test('tells nothing but what was changed', async () => {
    const told = (await findings()).map(({ kind, consumer, provider, operation }) => ({
      ...{ kind, consumer, provider, operation },
    }));
    expect(told).toEqual([
      {
        kind: 'broken-promise',
        consumer: 'gateway',
        provider: 'orders',
        operation: 'GET /v1/orders/{id}',
      },
    ]);
    const planted = new Set(shopMutations.flatMap(({ breaks }) => breaks ?? []));
    expect((await broken()).filter((mismatch) => !planted.has(mismatch))).toEqual([]);
  });
});

/** How often the guard has looked at orders' answers. */
async function checks(): Promise<number> {
  const edge = await createInsightsClient(hub.url, fetch).edge('gateway', 'orders');
  return edge.operations.reduce((sum, { guard }) => sum + (guard?.checks ?? 0), 0);
}
