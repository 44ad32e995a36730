import type { OrderLine } from '../service/read-body.ts';

export interface PricedLine extends OrderLine {
  readonly priceCents: number;
}

export type OrderStatus = 'placed' | 'confirmed' | 'cancelled';

/** An order as the API shows it. */
export interface Order {
  /** UUID. */
  readonly id: string;
  readonly customer: string;
  readonly status: OrderStatus;
  readonly lines: readonly PricedLine[];
  readonly totalCents: number;
  readonly currency: 'EUR';
  /** UTC, ISO 8601. */
  readonly placedAt: string;
  /** Events so far; the version of the last one. */
  readonly version: number;
  /** Problem code of what cancelled it. */
  readonly reason?: string;
}

/** What must be known to undo a confirmed order. */
export interface Fulfilment {
  readonly reservationId: string;
  readonly chargeId: string;
}
