import type { HttpAnswer, HttpClient } from '../service/http-client.ts';

/** What the gateway asks of orders; contracts/pacts/gateway-orders.json promises it. Answers are passed on as they are. */
export class OrdersClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  placeOrder(order: unknown): Promise<HttpAnswer> {
    return this.#http.call({ method: 'POST', path: '/v1/orders', body: order });
  }

  order(id: string): Promise<HttpAnswer> {
    return this.#http.call({ method: 'GET', path: `/v1/orders/${encodeURIComponent(id)}` });
  }

  ordersOf(customer: string): Promise<HttpAnswer> {
    return this.#http.call({
      method: 'GET',
      path: `/v1/orders?customer=${encodeURIComponent(customer)}`,
    });
  }

  // Planted: the gateway promises to use this and offers it to its own consumers, but the storefront has no button for
  // it, so the traffic shows an interaction that nobody uses (`not-seen`).
  cancelOrder(id: string): Promise<HttpAnswer> {
    return this.#http.call({ method: 'DELETE', path: `/v1/orders/${encodeURIComponent(id)}` });
  }
}

/** What the gateway's routes need of orders. */
export type Orders = Pick<OrdersClient, 'placeOrder' | 'order' | 'ordersOf' | 'cancelOrder'>;
