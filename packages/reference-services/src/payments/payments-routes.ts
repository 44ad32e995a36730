import { Router } from 'express';
import { Problem } from '../service/problem.ts';
import { bodyOf, countOf, textOf } from '../service/read-body.ts';
import type { Ledger } from './ledger.ts';

const declinedCard = 'card-declined';

/** What payments offers; the document is contracts/openapi/payments.yaml. */
export function paymentsRoutes(ledger: Ledger): Router {
  const router = Router();

  router.post('/v1/charges', (request, response) => {
    const body = bodyOf(request);
    const order = {
      orderId: textOf(body, 'orderId'),
      amountCents: countOf(body, 'amountCents'),
      currency: textOf(body, 'currency'),
    };
    // Planted: orders lives with this answer (it cancels the order), but its pact promises 201 only, so the traffic
    // shows an `unpromised-status`.
    if (textOf(body, 'card') === declinedCard) {
      throw new Problem(402, 'PAYMENT_DECLINED', { detail: 'the bank declined the card' });
    }
    response.status(201).json(ledger.charge(order));
  });

  router.post('/v1/charges/:id/refunds', (request, response) => {
    const charge = ledger.find(request.params.id);
    if (charge === undefined) {
      throw new Problem(404, 'UNKNOWN_CHARGE', {
        detail: `there is no charge '${request.params.id}'`,
      });
    }
    response.status(201).json(ledger.refund(charge));
  });

  return router;
}
