import type { ShopEvent } from '../event-bus/event.ts';
import { Problem } from '../service/problem.ts';
import type { OrderLine } from '../service/read-body.ts';
import { runSaga } from '../service/saga.ts';
import type { Inventory } from './inventory-client.ts';
import type { Order, PricedLine } from './order.ts';
import { orderCancelled, orderConfirmed, orderPlaced, type Stamp } from './order-events.ts';
import type { OrderStore } from './order-store.ts';
import type { Payments } from './payments-client.ts';

/** What the order's verbs work with. */
export interface OrderParts {
  readonly store: OrderStore;
  readonly inventory: Inventory;
  readonly payments: Payments;
  readonly publish: (event: ShopEvent) => Promise<void>;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface Basket {
  readonly customer: string;
  readonly lines: readonly OrderLine[];
  readonly card: string;
}

/**
 * Places an order and sees it through: reserve, charge, confirm. When a step fails, the steps before it are undone, the
 * order ends cancelled, and the failure is thrown with the order's id beside it.
 */
export async function placeOrder(parts: OrderParts, basket: Basket): Promise<Order> {
  const placed = parts.store.save(newOrder(parts, basket, await price(parts, basket.lines)));
  await parts.publish(orderPlaced(placed, stamp(parts)));
  try {
    await fulfil(parts, placed, basket.card);
  } catch (error) {
    throw await cancelFailed(parts, placed, error);
  }
  const confirmed = parts.store.save({ ...placed, status: 'confirmed', version: 2 });
  await parts.publish(orderConfirmed(confirmed, stamp(parts)));
  return confirmed;
}

function price(parts: OrderParts, lines: readonly OrderLine[]): Promise<readonly PricedLine[]> {
  return Promise.all(
    lines.map(async (line) => {
      const { priceCents } = await parts.inventory.product(line.sku);
      return { ...line, priceCents };
    }),
  );
}

function newOrder(parts: OrderParts, basket: Basket, lines: readonly PricedLine[]): Order {
  return {
    id: parts.newId(),
    customer: basket.customer,
    status: 'placed',
    lines,
    totalCents: lines.reduce((sum, line) => sum + line.quantity * line.priceCents, 0),
    currency: 'EUR',
    placedAt: parts.now().toISOString(),
    version: 1,
  };
}

async function fulfil(parts: OrderParts, order: Order, card: string): Promise<void> {
  let reservationId = '';
  let chargeId = '';
  await runSaga([
    {
      name: 'reserve',
      run: async () => {
        reservationId = await parts.inventory.reserve(order.id, order.lines);
      },
      undo: () => parts.inventory.release(reservationId),
    },
    {
      name: 'charge',
      run: async () => {
        const { id: orderId, totalCents: amountCents, currency } = order;
        chargeId = await parts.payments.charge({ orderId, amountCents, currency, card });
      },
      undo: () => parts.payments.refund(chargeId),
    },
    {
      name: 'confirm',
      run: () => parts.inventory.confirm(reservationId),
      undo: async () => undefined,
    },
  ]);
  parts.store.fulfil(order.id, { reservationId, chargeId });
}

async function cancelFailed(parts: OrderParts, order: Order, failure: unknown): Promise<Problem> {
  const problem = asProblem(failure);
  const cancelled = parts.store.save({
    ...order,
    status: 'cancelled',
    version: 2,
    reason: problem.code,
  });
  await parts.publish(orderCancelled(cancelled, stamp(parts)));
  return new Problem(problem.status, problem.code, {
    detail: problem.message,
    extra: { orderId: order.id },
    cause: failure,
  });
}

function asProblem(failure: unknown): Problem {
  if (failure instanceof Problem) return failure;
  return new Problem(502, 'COMPENSATION_FAILED', {
    detail: 'the order could not be completed nor fully undone',
    cause: failure,
  });
}

/** A new event's id and time. */
export function stamp(parts: Pick<OrderParts, 'newId' | 'now'>): Stamp {
  return { id: parts.newId(), time: parts.now() };
}
