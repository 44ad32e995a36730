import { describe, expect, test } from 'vitest';
import type { ShopEvent } from '../event-bus/event.ts';
import { Problem } from '../service/problem.ts';
import { cancelOrder } from './cancel-order.ts';
import type { Inventory } from './inventory-client.ts';
import { OrderStore } from './order-store.ts';
import type { Payments } from './payments-client.ts';
import { type Basket, type OrderParts, placeOrder } from './place-order.ts';

const basket: Basket = {
  customer: 'ada',
  lines: [
    { sku: 'mug', quantity: 2 },
    { sku: 'tea', quantity: 1 },
  ],
  card: 'card-good',
};

/** Orders whose providers write down what they are asked, and fail where a test wants it. */
function orders(failures: Partial<Record<keyof (Inventory & Payments), Error>> = {}) {
  const log: string[] = [];
  const events: ShopEvent[] = [];
  let ids = 0;
  const asked = async <Answer>(what: keyof (Inventory & Payments), answer: Answer) => {
    log.push(what);
    const failure = failures[what];
    if (failure !== undefined) throw failure;
    return answer;
  };
  const parts: OrderParts = {
    store: new OrderStore(),
    inventory: {
      product: async (sku) => ({ sku, priceCents: sku === 'mug' ? 1_250 : 890 }),
      reserve: () => asked('reserve', 'reservation'),
      confirm: () => asked('confirm', undefined),
      release: () => asked('release', undefined),
    },
    payments: {
      charge: () => asked('charge', 'charge'),
      refund: () => asked('refund', undefined),
    },
    publish: async (event) => {
      events.push(event);
    },
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    now: () => new Date('2026-01-31T09:30:00.000Z'),
  };
  return { parts, log, events };
}

const declined = new Problem(402, 'PAYMENT_DECLINED', { detail: 'no' });

describe('placing an order', () => {
  test('reserves, charges and confirms, and tells it by two events', async () => {
    const { parts, log, events } = orders();
    const order = await placeOrder(parts, basket);
    expect(order).toMatchObject({ status: 'confirmed', totalCents: 3_390, version: 2 });
    expect(log).toEqual(['reserve', 'charge', 'confirm']);
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ['order.placed', 1],
      ['order.confirmed', 2],
    ]);
  });

  test.each([
    { step: 'reserve', log: ['reserve'] },
    { step: 'charge', log: ['reserve', 'charge', 'release'] },
    { step: 'confirm', log: ['reserve', 'charge', 'confirm', 'refund', 'release'] },
  ] as const)(
    'a failure of $step undoes what was done and cancels',
    async ({ step, log: expected }) => {
      const { parts, log, events } = orders({ [step]: declined });
      await expect(placeOrder(parts, basket)).rejects.toMatchObject({
        status: 402,
        code: 'PAYMENT_DECLINED',
        extra: { orderId: 'id-1' },
      });
      expect(log).toEqual(expected);
      expect(events.map(({ type }) => type)).toEqual(['order.placed', 'order.cancelled']);
      expect(parts.store.find('id-1')).toMatchObject({
        status: 'cancelled',
        reason: 'PAYMENT_DECLINED',
      });
    },
  );

  test('a compensation that fails as well is said', async () => {
    const { parts } = orders({ charge: declined, release: new Error('inventory is gone') });
    await expect(placeOrder(parts, basket)).rejects.toMatchObject({
      status: 502,
      code: 'COMPENSATION_FAILED',
    });
    expect(parts.store.find('id-1')).toMatchObject({ status: 'cancelled' });
  });
});

describe('cancelling an order', () => {
  test('is refused while the order is in progress', async () => {
    const { parts } = orders();
    const order = await placeOrder(parts, basket);
    const inProgress = { ...order, id: 'other', status: 'placed' as const };
    parts.store.save(inProgress);
    await expect(cancelOrder(parts, 'other')).rejects.toMatchObject({
      status: 409,
      code: 'ORDER_IN_PROGRESS',
    });
  });

  test('gives money and goods back', async () => {
    const { parts, log, events } = orders();
    const { id } = await placeOrder(parts, basket);
    await cancelOrder(parts, id);
    expect(log.slice(-2)).toEqual(['refund', 'release']);
    expect(events.at(-1)).toMatchObject({ type: 'order.cancelled', version: 3 });
  });
});
