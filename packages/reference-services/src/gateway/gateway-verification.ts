import type { HttpAnswer } from '../service/http-client.ts';
import { Problem, problemBody } from '../service/problem.ts';
import type { StateParams, Verification } from '../service/verification-routes.ts';
import type { Orders } from './orders-client.ts';

const refusals = {
  'a product is out of stock': [409, 'OUT_OF_STOCK'],
  'the bank declines the card': [402, 'PAYMENT_DECLINED'],
  'a product is unknown': [422, 'UNKNOWN_PRODUCT'],
} as const;

/** Orders as the provider states want it: what it answers is staged, the gateway's own code does the rest. */
class StagedOrders implements Orders {
  #placing: HttpAnswer | undefined;
  #existing: StateParams | undefined;

  reset(): void {
    this.#placing = undefined;
    this.#existing = undefined;
  }

  exists(order: StateParams): void {
    this.#existing = order;
  }

  refuses(status: number, code: string): void {
    const problem = new Problem(status, code, {
      detail: 'refused by the provider state',
      ...(status === 422 ? {} : { extra: { orderId: '00000000-0000-4000-8000-000000000001' } }),
    });
    this.#placing = { status, body: problemBody(problem) };
  }

  async placeOrder(): Promise<HttpAnswer> {
    return this.#placing ?? { status: 201, body: stagedOrder({}) };
  }

  async order(id: string): Promise<HttpAnswer> {
    if (this.#existing) return { status: 200, body: stagedOrder(this.#existing) };
    const problem = new Problem(404, 'UNKNOWN_ORDER', { detail: `there is no order '${id}'` });
    return { status: 404, body: problemBody(problem) };
  }

  async ordersOf(): Promise<HttpAnswer> {
    const orders = this.#existing ? [stagedOrder(this.#existing)] : [];
    return { status: 200, body: { orders } };
  }

  async cancelOrder(): Promise<HttpAnswer> {
    return { status: 204, body: undefined };
  }
}

export interface GatewayVerification {
  readonly orders: Orders;
  readonly verification: Verification;
}

/** The gateway under verification: its own routes in front of a staged orders. */
export function gatewayVerification(): GatewayVerification {
  const orders = new StagedOrders();
  const refusing = Object.entries(refusals).map(([state, [status, code]]) => [
    state,
    () => orders.refuses(status, code),
  ]);
  return {
    orders,
    verification: {
      reset: () => orders.reset(),
      states: {
        ...Object.fromEntries(refusing),
        'everything ordered is in stock and the card is good': () => undefined,
        'an order exists': (params) => orders.exists(params),
        'no such order exists': () => undefined,
        'a customer has orders': (params) => orders.exists(params),
      },
    },
  };
}

function stagedOrder(params: StateParams): unknown {
  return {
    id: String(params.orderId ?? '00000000-0000-4000-8000-000000000001'),
    customer: String(params.customer ?? 'ada'),
    status: 'confirmed',
    lines: [{ sku: 'mug-classic', quantity: 2, priceCents: 1_250 }],
    totalCents: 2_500,
    currency: 'EUR',
    placedAt: '2026-01-31T09:30:00.000Z',
    version: 2,
  };
}
