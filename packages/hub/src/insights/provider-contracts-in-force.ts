import type { ContractOperation } from '@concordat/domain';
import type { ProviderContractInForce } from './contract-facts.ts';

/** A document of a provider with the operations it declares. */
export interface DeclaredContract extends Omit<ProviderContractInForce, 'operations'> {
  readonly operations: readonly ContractOperation[];
}

/** The providers' own documents (OpenAPI, AsyncAPI) at one moment; never changed, only replaced. */
export class ProviderContractsInForce {
  readonly #byProvider: ReadonlyMap<string, readonly DeclaredContract[]>;
  readonly operationsBySha: ReadonlyMap<string, readonly ContractOperation[]>;

  constructor(contracts: readonly DeclaredContract[]) {
    const byProvider = new Map<string, DeclaredContract[]>();
    for (const contract of contracts) {
      const ofProvider = byProvider.get(contract.provider) ?? [];
      byProvider.set(contract.provider, ofProvider);
      ofProvider.push(contract);
    }
    this.#byProvider = byProvider;
    this.operationsBySha = new Map(contracts.map(({ sha, operations }) => [sha, operations]));
  }

  /** How many there are, each specification of a provider once. */
  get documents(): number {
    return this.#all().filter(({ isLatest }) => isLatest).length;
  }

  providers(): readonly string[] {
    return [...this.#byProvider.keys()];
  }

  /** Everything that is in force anywhere. */
  ofProvider(provider: string): readonly DeclaredContract[] {
    return this.#byProvider.get(provider) ?? [];
  }

  /**
   * The documents that speak for a provider in an environment, or everywhere: for each specification what is deployed there, else
   * the latest from main, else the latest. Several of one specification while a version replaces another.
   */
  inEnvironment(provider: string, environment: string | undefined): readonly DeclaredContract[] {
    const contracts = this.ofProvider(provider);
    return [...new Set(contracts.map(({ specification }) => specification))].flatMap((asked) =>
      speaking(
        contracts.filter(({ specification }) => specification === asked),
        environment,
      ),
    );
  }

  /** With everything as it was just read; operations of documents known before are taken from here. */
  replaced(contracts: readonly ProviderContractInForce[]): ProviderContractsInForce {
    return new ProviderContractsInForce(
      contracts.map(({ operations, ...contract }) => ({
        ...contract,
        operations: operations ?? this.operationsBySha.get(contract.sha) ?? [],
      })),
    );
  }

  /** With what was just read of these providers, and of the others what is here. */
  changed(
    providers: ReadonlySet<string>,
    contracts: readonly ProviderContractInForce[],
  ): ProviderContractsInForce {
    const others = this.#all().filter(({ provider }) => !providers.has(provider));
    return contracts.length === 0 && others.length === this.#all().length
      ? this
      : this.replaced([...others, ...contracts]);
  }

  #all(): readonly DeclaredContract[] {
    return [...this.#byProvider.values()].flat();
  }
}

function speaking(
  contracts: readonly DeclaredContract[],
  environment: string | undefined,
): readonly DeclaredContract[] {
  const choices = [
    contracts.filter(({ environments }) =>
      environment === undefined ? environments.length > 0 : environments.includes(environment),
    ),
    contracts.filter(({ isLatestMain }) => isLatestMain),
    contracts.filter(({ isLatest }) => isLatest),
  ];
  return choices.find((choice) => choice.length > 0) ?? [];
}
