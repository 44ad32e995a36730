import type { HttpClient } from '../service/http-client.ts';
import { Problem, type ProblemBody } from '../service/problem.ts';
import type { OrderLine } from '../service/read-body.ts';
import { unexpectedAnswer } from '../service/unexpected-answer.ts';

export interface ProductPrice {
  readonly sku: string;
  readonly priceCents: number;
}

/** What orders asks of inventory; contracts/pacts/orders-inventory.json promises it. */
export class InventoryClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Refuses with 422 UNKNOWN_PRODUCT. */
  async product(sku: string): Promise<ProductPrice> {
    const answer = await this.#http.call({
      method: 'GET',
      path: `/v1/products/${encodeURIComponent(sku)}`,
    });
    if (answer.status === 200) return answer.body as ProductPrice;
    if (answer.status === 404) {
      throw new Problem(422, 'UNKNOWN_PRODUCT', { detail: `there is no product '${sku}'` });
    }
    throw unexpectedAnswer('GET /v1/products/{sku}', answer);
  }

  /** Returns the reservation's id; refuses with 409 OUT_OF_STOCK. */
  async reserve(orderId: string, lines: readonly OrderLine[]): Promise<string> {
    const answer = await this.#http.call({
      method: 'POST',
      path: '/v1/reservations',
      body: { orderId, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) },
    });
    if (answer.status === 201) return (answer.body as { id: string }).id;
    if (answer.status === 409) {
      throw new Problem(409, 'OUT_OF_STOCK', { detail: (answer.body as ProblemBody).detail });
    }
    throw unexpectedAnswer('POST /v1/reservations', answer);
  }

  /** Refuses with 409 SUPPLIER_REFUSED. */
  async confirm(reservationId: string): Promise<void> {
    const answer = await this.#http.call({
      method: 'PUT',
      path: `/v1/reservations/${encodeURIComponent(reservationId)}/confirmation`,
    });
    if (answer.status === 204) return;
    if (answer.status === 409) {
      throw new Problem(409, 'SUPPLIER_REFUSED', { detail: (answer.body as ProblemBody).detail });
    }
    throw unexpectedAnswer('PUT /v1/reservations/{id}/confirmation', answer);
  }

  /** Releasing what is gone already is no error. */
  async release(reservationId: string): Promise<void> {
    const answer = await this.#http.call({
      method: 'DELETE',
      path: `/v1/reservations/${encodeURIComponent(reservationId)}`,
    });
    if (answer.status !== 204) throw unexpectedAnswer('DELETE /v1/reservations/{id}', answer);
  }
}

/** What the saga needs of inventory. */
export type Inventory = Pick<InventoryClient, 'product' | 'reserve' | 'confirm' | 'release'>;
