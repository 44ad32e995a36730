export interface Charge {
  readonly id: string;
  readonly orderId: string;
  readonly amountCents: number;
  readonly currency: string;
  readonly status: 'charged' | 'refunded';
}

export interface Refund {
  readonly id: string;
  readonly chargeId: string;
  readonly amountCents: number;
}

/** Charges and their refunds, in memory. */
export class Ledger {
  readonly #newId: () => string;
  readonly #charges = new Map<string, Charge>();
  readonly #refunds = new Map<string, Refund>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  charge(order: Pick<Charge, 'orderId' | 'amountCents' | 'currency'>): Charge {
    const charge: Charge = { id: this.#newId(), ...order, status: 'charged' };
    this.put(charge);
    return charge;
  }

  /** Puts a charge with a known id in place. */
  put(charge: Charge): void {
    this.#charges.set(charge.id, charge);
  }

  find(id: string): Charge | undefined {
    return this.#charges.get(id);
  }

  /** Refunding twice gives the first refund again: a compensation may be repeated. */
  refund(charge: Charge): Refund {
    const earlier = this.#refunds.get(charge.id);
    if (earlier !== undefined) return earlier;
    const refund = { id: this.#newId(), chargeId: charge.id, amountCents: charge.amountCents };
    this.#refunds.set(charge.id, refund);
    this.put({ ...charge, status: 'refunded' });
    return refund;
  }

  clear(): void {
    this.#charges.clear();
    this.#refunds.clear();
  }
}
