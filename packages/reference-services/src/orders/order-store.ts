import type { Fulfilment, Order } from './order.ts';

/** Orders in memory, newest last. */
export class OrderStore {
  readonly #orders = new Map<string, Order>();
  readonly #fulfilments = new Map<string, Fulfilment>();

  save(order: Order): Order {
    this.#orders.set(order.id, order);
    return order;
  }

  find(id: string): Order | undefined {
    return this.#orders.get(id);
  }

  ofCustomer(customer: string): readonly Order[] {
    return [...this.#orders.values()].filter((order) => order.customer === customer);
  }

  fulfil(id: string, fulfilment: Fulfilment): void {
    this.#fulfilments.set(id, fulfilment);
  }

  fulfilment(id: string): Fulfilment | undefined {
    return this.#fulfilments.get(id);
  }

  clear(): void {
    this.#orders.clear();
    this.#fulfilments.clear();
  }
}
