import type { Verification } from '../service/verification-routes.ts';
import type { Ledger } from './ledger.ts';

/** The provider states of payments, set up in its own ledger. */
export function paymentsVerification(ledger: Ledger): Verification {
  return {
    reset: () => ledger.clear(),
    states: {
      'the bank accepts the card': () => undefined,
      'an order was charged': (params) =>
        ledger.put({
          id: String(params.chargeId),
          orderId: '00000000-0000-4000-8000-000000000001',
          amountCents: 2_500,
          currency: 'EUR',
          status: 'charged',
        }),
    },
  };
}
