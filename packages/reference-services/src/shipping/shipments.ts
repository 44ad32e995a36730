import type { OrderCancelledEvent, OrderConfirmedEvent } from './handle-order-event.ts';

export interface Shipment {
  readonly orderId: string;
  readonly status: 'preparing' | 'stopped';
  readonly items: number;
}

/** One shipment an order, in memory. A cancellation that comes first keeps a later confirmation from being packed. */
export class Shipments {
  readonly #shipments = new Map<string, Shipment>();

  prepare(event: OrderConfirmedEvent): void {
    const { orderId, lines } = event.data;
    if (this.#shipments.has(orderId)) return;
    const items = lines.reduce((sum, line) => sum + line.quantity, 0);
    this.#shipments.set(orderId, { orderId, status: 'preparing', items });
  }

  stop(event: OrderCancelledEvent): void {
    const { orderId } = event.data;
    const items = this.#shipments.get(orderId)?.items ?? 0;
    this.#shipments.set(orderId, { orderId, status: 'stopped', items });
  }

  find(orderId: string): Shipment | undefined {
    return this.#shipments.get(orderId);
  }
}
