import type { ShopEvent } from '../event-bus/event.ts';
import { Problem } from '../service/problem.ts';
import type { StateParams, Verification, VerifiedMessage } from '../service/verification-routes.ts';
import type { Inventory } from './inventory-client.ts';
import type { Order } from './order.ts';
import { orderCancelled, orderConfirmed, orderPlaced } from './order-events.ts';
import type { Payments } from './payments-client.ts';
import type { OrderParts } from './place-order.ts';

type Refusal = 'OUT_OF_STOCK' | 'PAYMENT_DECLINED' | 'UNKNOWN_PRODUCT';

/** Inventory and payments as the provider states want them: they accept everything but the one thing set up. */
class StagedProviders implements Inventory, Payments {
  refusal: Refusal | undefined;

  async product(sku: string) {
    this.#refuse('UNKNOWN_PRODUCT', 422);
    return { sku, priceCents: 1_250 };
  }

  async reserve() {
    this.#refuse('OUT_OF_STOCK', 409);
    return 'staged-reservation';
  }

  async charge() {
    this.#refuse('PAYMENT_DECLINED', 402);
    return 'staged-charge';
  }

  async confirm() {}

  async release() {}

  async refund() {}

  #refuse(refusal: Refusal, status: number): void {
    if (this.refusal !== refusal) return;
    throw new Problem(status, refusal, { detail: 'refused by the provider state' });
  }
}

export interface OrdersVerification {
  readonly providers: Inventory & Payments;
  readonly verification: Verification;
}

/** Orders under verification: its own code and store, staged providers, and no event bus. */
export function ordersVerification(
  parts: Pick<OrderParts, 'store' | 'now' | 'newId'>,
): OrdersVerification {
  const providers = new StagedProviders();
  const { store } = parts;
  const refuse = (refusal: Refusal) => () => {
    providers.refusal = refusal;
  };
  return {
    providers,
    verification: {
      reset: () => {
        store.clear();
        providers.refusal = undefined;
      },
      states: {
        'everything ordered is in stock and the card is good': () => undefined,
        'a product is out of stock': refuse('OUT_OF_STOCK'),
        'the bank declines the card': refuse('PAYMENT_DECLINED'),
        'a product is unknown': refuse('UNKNOWN_PRODUCT'),
        'an order exists': (params) => saveOrder(parts, params),
        'no such order exists': () => undefined,
        'a customer has orders': (params) => saveOrder(parts, params),
      },
      messages: messagesOf(parts),
    },
  };
}

function saveOrder(parts: Pick<OrderParts, 'store' | 'now'>, params: StateParams): void {
  const order = parts.store.save(exampleOrder(parts.now(), params));
  parts.store.fulfil(order.id, { reservationId: 'staged-reservation', chargeId: 'staged-charge' });
}

function messagesOf(
  parts: Pick<OrderParts, 'now' | 'newId'>,
): Readonly<Record<string, () => VerifiedMessage>> {
  const order = () => exampleOrder(parts.now(), {});
  const stamp = () => ({ id: parts.newId(), time: parts.now() });
  return {
    'an order was placed': () => asMessage(orderPlaced({ ...order(), version: 1 }, stamp())),
    'an order was confirmed': () => asMessage(orderConfirmed(order(), stamp())),
    'an order was cancelled': () =>
      asMessage(orderCancelled({ ...order(), reason: 'OUT_OF_STOCK' }, stamp())),
  };
}

function asMessage(event: ShopEvent): VerifiedMessage {
  return { contents: event, metadata: { routingKey: event.type, contentType: 'application/json' } };
}

function exampleOrder(placedAt: Date, params: StateParams): Order {
  return {
    id: String(params.orderId ?? '00000000-0000-4000-8000-000000000001'),
    customer: String(params.customer ?? 'ada'),
    status: 'confirmed',
    lines: [{ sku: 'mug-classic', quantity: 2, priceCents: 1_250 }],
    totalCents: 2_500,
    currency: 'EUR',
    placedAt: placedAt.toISOString(),
    version: 2,
  };
}
