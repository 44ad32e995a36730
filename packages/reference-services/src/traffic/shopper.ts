/** What a visit ended with. */
export interface Visit {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Someone who uses the storefront: one method for each thing a page does. Throws when it answers what no visitor expects. */
export class Shopper {
  readonly #storefrontUrl: string;
  readonly #customer: string;

  constructor(storefrontUrl: string, customer: string) {
    this.#storefrontUrl = storefrontUrl;
    this.#customer = customer;
  }

  async lookAround(): Promise<void> {
    await this.#visit(200, '/home');
  }

  async buy(sku: string): Promise<string> {
    const { body } = await this.#checkout(201, sku, 'card-good');
    return String(body.orderId);
  }

  async failToBuy(
    sku: string,
    options: { readonly card: string; readonly status: number },
  ): Promise<void> {
    await this.#checkout(options.status, sku, options.card);
  }

  async readOrder(id: string): Promise<void> {
    await this.#visit(200, `/orders/${id}`);
  }

  async readMissingOrder(id: string): Promise<void> {
    await this.#visit(404, `/orders/${id}`);
  }

  async readOrders(): Promise<void> {
    await this.#visit(200, `/customers/${encodeURIComponent(this.#customer)}/orders`);
  }

  #checkout(expected: number, sku: string, card: string): Promise<Visit> {
    const basket = { customer: this.#customer, lines: [{ sku, quantity: 1 }], payment: { card } };
    return this.#visit(expected, '/checkout', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(basket),
    });
  }

  async #visit(expected: number, path: string, init: RequestInit = {}): Promise<Visit> {
    const headers = { 'x-session-id': `session-${this.#customer}`, ...init.headers };
    const response = await fetch(`${this.#storefrontUrl}${path}`, { ...init, headers });
    const text = await response.text();
    if (response.status !== expected) {
      throw new Error(
        `${init.method ?? 'GET'} ${path} answered ${response.status}, not ${expected}: ${text}`,
      );
    }
    return { status: response.status, body: JSON.parse(text) };
  }
}
