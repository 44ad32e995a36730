import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';

test('a charge is refunded once, however often it is asked for', () => {
  const ledger = new Ledger(randomUUID);
  const charge = ledger.charge({ orderId: 'o', amountCents: 2_500, currency: 'EUR' });
  const refund = ledger.refund(charge);
  expect(ledger.refund(charge)).toEqual(refund);
  expect(ledger.find(charge.id)).toMatchObject({ status: 'refunded' });
});
