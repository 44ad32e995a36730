const mostHosts = 1_000;

/** Which pacticipant is behind an address: as it was told, else as answers have shown that kept one provider's promises only. */
export class ProviderNames {
  readonly #names: Map<string, string>;

  /** By `host:port`, or `host`. */
  constructor(told: Readonly<Record<string, string>>) {
    this.#names = new Map(Object.entries(told));
  }

  nameOf(address: string): string | undefined {
    return this.#names.get(address) ?? this.#names.get(address.replace(/:\d+$/, ''));
  }

  learn(address: string, provider: string): void {
    if (this.nameOf(address) === undefined && this.#names.size < mostHosts)
      this.#names.set(address, provider);
  }
}
