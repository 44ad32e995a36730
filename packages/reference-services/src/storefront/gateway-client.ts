import type { HttpCall, HttpClient } from '../service/http-client.ts';
import { Problem, type ProblemBody } from '../service/problem.ts';
import { unexpectedAnswer } from '../service/unexpected-answer.ts';

export interface PlacedOrder {
  readonly id: string;
  readonly status: string;
  readonly totalCents: number;
  readonly currency: string;
}

export interface Basket {
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly payment: { readonly card: string };
}

/** What the storefront asks of the gateway; contracts/pacts/storefront-gateway.json promises all but one of it. */
export class GatewayClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Refuses with the gateway's own 402, 409 and 422. */
  async placeOrder(session: string, basket: Basket): Promise<PlacedOrder> {
    const answer = await this.#call(session, { method: 'POST', path: '/v1/orders', body: basket });
    if (answer.status === 201) return answer.body as PlacedOrder;
    if ([402, 409, 422].includes(answer.status)) throw passedOn(answer.body as ProblemBody);
    throw unexpectedAnswer('POST /v1/orders', answer);
  }

  /** undefined when there is no such order. */
  async order(session: string, id: string): Promise<PlacedOrder | undefined> {
    const answer = await this.#call(session, {
      method: 'GET',
      path: `/v1/orders/${encodeURIComponent(id)}`,
    });
    if (answer.status === 200) return answer.body as PlacedOrder;
    if (answer.status === 404) return undefined;
    throw unexpectedAnswer('GET /v1/orders/{id}', answer);
  }

  async ordersOf(session: string, customer: string): Promise<readonly PlacedOrder[]> {
    const answer = await this.#call(session, {
      method: 'GET',
      path: `/v1/orders?customer=${encodeURIComponent(customer)}`,
    });
    if (answer.status === 200) return (answer.body as { orders: PlacedOrder[] }).orders;
    throw unexpectedAnswer('GET /v1/orders', answer);
  }

  // Planted: works, and no interaction of the pact promises it, so the traffic shows an `uncovered-call`.
  async recommendations(session: string): Promise<readonly string[]> {
    const answer = await this.#call(session, { method: 'GET', path: '/v1/recommendations' });
    if (answer.status === 200) return (answer.body as { skus: string[] }).skus;
    throw unexpectedAnswer('GET /v1/recommendations', answer);
  }

  #call(session: string, call: HttpCall) {
    return this.#http.call({ ...call, headers: { 'x-session-id': session } });
  }
}

function passedOn(body: ProblemBody): Problem {
  const { status, code, detail, type: _type, title: _title, ...extra } = body;
  return new Problem(status, code, { detail, extra });
}
