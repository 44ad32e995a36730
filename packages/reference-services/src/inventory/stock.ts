/** A thing the shop sells. */
export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  /** Made to order: reserving succeeds, the supplier decides when the reservation is confirmed. */
  readonly supplierRefuses?: boolean;
}

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export interface Reservation {
  readonly id: string;
  readonly orderId: string;
  readonly lines: readonly Line[];
  readonly status: 'held' | 'confirmed';
}

export type ReserveResult =
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  | { readonly kind: 'out-of-stock'; readonly sku: string; readonly available: number };

/** Products, what is left of them, and what is held for orders. In memory: the shop is a demonstration. */
export class Stock {
  readonly #newId: () => string;
  readonly #products = new Map<string, Product>();
  readonly #available = new Map<string, number>();
  readonly #reservations = new Map<string, Reservation>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  put(product: Product, available: number): void {
    this.#products.set(product.sku, product);
    this.#available.set(product.sku, available);
  }

  product(sku: string): Product | undefined {
    return this.#products.get(sku);
  }

  available(sku: string): number {
    return this.#available.get(sku) ?? 0;
  }

  /** Holds all lines or none. */
  reserve(orderId: string, lines: readonly Line[]): ReserveResult {
    const missing = lines.find((line) => this.available(line.sku) < line.quantity);
    if (missing !== undefined) {
      return { kind: 'out-of-stock', sku: missing.sku, available: this.available(missing.sku) };
    }
    for (const line of lines) this.#change(line, -line.quantity);
    const reservation: Reservation = { id: this.#newId(), orderId, lines, status: 'held' };
    this.#reservations.set(reservation.id, reservation);
    return { kind: 'reserved', reservation };
  }

  /** Puts a reservation with a known id in place. */
  hold(reservation: Reservation): void {
    this.#reservations.set(reservation.id, reservation);
  }

  reservation(id: string): Reservation | undefined {
    return this.#reservations.get(id);
  }

  confirm(reservation: Reservation): 'confirmed' | 'refused' {
    const refused = reservation.lines.some((line) => this.product(line.sku)?.supplierRefuses);
    if (refused) return 'refused';
    this.#reservations.set(reservation.id, { ...reservation, status: 'confirmed' });
    return 'confirmed';
  }

  /** Gives the held things back; a reservation that is gone already stays gone. */
  release(id: string): void {
    const reservation = this.#reservations.get(id);
    if (reservation === undefined) return;
    for (const line of reservation.lines) this.#change(line, line.quantity);
    this.#reservations.delete(id);
  }

  clear(): void {
    this.#products.clear();
    this.#available.clear();
    this.#reservations.clear();
  }

  #change(line: Line, by: number): void {
    this.#available.set(line.sku, this.available(line.sku) + by);
  }
}
