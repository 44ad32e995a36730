import type { HttpClient } from '../service/http-client.ts';
import { Problem } from '../service/problem.ts';
import { unexpectedAnswer } from '../service/unexpected-answer.ts';

export interface ChargeRequest {
  readonly orderId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly card: string;
}

/** What orders asks of payments; contracts/pacts/orders-payments.json promises it. */
export class PaymentsClient {
  readonly #http: HttpClient;

  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Returns the charge's id; refuses with 402 PAYMENT_DECLINED. */
  async charge(request: ChargeRequest): Promise<string> {
    const answer = await this.#http.call({ method: 'POST', path: '/v1/charges', body: request });
    if (answer.status === 201) return (answer.body as { id: string }).id;
    // Planted: handled here, yet promised in no pact. The pact test beside this file says so too.
    if (answer.status === 402) {
      throw new Problem(402, 'PAYMENT_DECLINED', { detail: 'the card was declined' });
    }
    throw unexpectedAnswer('POST /v1/charges', answer);
  }

  async refund(chargeId: string): Promise<void> {
    const answer = await this.#http.call({
      method: 'POST',
      path: `/v1/charges/${encodeURIComponent(chargeId)}/refunds`,
    });
    if (answer.status !== 201) throw unexpectedAnswer('POST /v1/charges/{id}/refunds', answer);
  }
}

/** What the saga needs of payments. */
export type Payments = Pick<PaymentsClient, 'charge' | 'refund'>;
