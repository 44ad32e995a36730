import { Problem } from '../service/problem.ts';
import { orderCancelled } from './order-events.ts';
import { type OrderParts, stamp } from './place-order.ts';

/** Gives money and goods of a confirmed order back. An order that is cancelled already stays so: no error, no event. */
export async function cancelOrder(parts: OrderParts, id: string): Promise<void> {
  const order = parts.store.find(id);
  if (order === undefined) {
    throw new Problem(404, 'UNKNOWN_ORDER', { detail: `there is no order '${id}'` });
  }
  if (order.status === 'cancelled') return;
  const fulfilment = parts.store.fulfilment(id);
  if (fulfilment === undefined) {
    throw new Problem(409, 'ORDER_IN_PROGRESS', { detail: `order '${id}' is not confirmed yet` });
  }
  await parts.payments.refund(fulfilment.chargeId);
  await parts.inventory.release(fulfilment.reservationId);
  const cancelled = parts.store.save({
    ...order,
    status: 'cancelled',
    version: order.version + 1,
    reason: 'CANCELLED_BY_CUSTOMER',
  });
  await parts.publish(orderCancelled(cancelled, stamp(parts)));
}
