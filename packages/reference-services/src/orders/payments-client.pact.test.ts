import { MatchersV3, PactV3 } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedPact, keepPact, mockServerTest, newPact } from '../committed-pact.ts';
import { HttpClient } from '../service/http-client.ts';
import { PaymentsClient } from './payments-client.ts';

const { integer, regex, string, uuid } = MatchersV3;

const orderId = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const chargeId = '7d9f1c60-3b1e-4c7e-8f2a-9f4f4f0b6a21';

// Planted: nothing here promises the 402 of a declined card, although the client handles it (its own test says how).
describe('orders as consumer of payments', mockServerTest, () => {
  let committed: CommittedPact;

  beforeAll(async () => {
    committed = await newPact('orders', 'payments');
  });

  afterAll(() => keepPact(committed));

  const pact = () => new PactV3({ ...committed, logLevel: 'error' });
  const clientOf = (url: string) =>
    new PaymentsClient(new HttpClient({ provider: 'payments', baseUrl: url }));

  test('a card is charged', async () => {
    await pact()
      .given('the bank accepts the card')
      .uponReceiving('a request to charge a card')
      .withRequest({
        method: 'POST',
        path: '/v1/charges',
        headers: { 'Content-Type': 'application/json' },
        body: {
          orderId: uuid(orderId),
          amountCents: integer(2_500),
          currency: regex('^[A-Z]{3}$', 'EUR'),
          card: string('card-good'),
        },
      })
      .willRespondWith({
        status: 201,
        headers: { 'Content-Type': 'application/json' },
        body: { id: uuid(chargeId) },
      })
      .executeTest(async (server) => {
        const request = { orderId, amountCents: 2_500, currency: 'EUR', card: 'card-good' };
        expect(await clientOf(server.url).charge(request)).toBe(chargeId);
      });
  });

  test('a charge is refunded when the order fails after it', async () => {
    await pact()
      .given('an order was charged', { chargeId })
      .uponReceiving('a request to refund a charge')
      .withRequest({
        method: 'POST',
        path: regex('^/v1/charges/[0-9a-f-]{36}/refunds$', `/v1/charges/${chargeId}/refunds`),
      })
      .willRespondWith({
        status: 201,
        headers: { 'Content-Type': 'application/json' },
        body: { chargeId: uuid(chargeId), amountCents: integer(2_500) },
      })
      .executeTest((server) => clientOf(server.url).refund(chargeId));
  });
});
