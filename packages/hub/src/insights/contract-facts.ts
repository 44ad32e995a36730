import type { ContractOperation, Specification } from '@concordat/domain';
import type { RecordedVersion } from './version-store.ts';

/** A pact that speaks for its consumer version, with what the broker knows about it. */
export interface PactInForce {
  readonly consumer: string;
  readonly provider: string;
  readonly consumerVersion: string;
  readonly sha: string;
  /** JSON text; undefined for content that the asker knows already. */
  readonly content: string | undefined;
  /** Environments in which the consumer version is deployed. */
  readonly environments: readonly string[];
  readonly isLatestMain: boolean;
  readonly verification: 'success' | 'failed' | 'unverified';
  readonly providerVersion?: string | undefined;
  readonly verifiedAt?: string | undefined;
}

/** A document of a provider that may speak for it, with what the broker knows about it. */
export interface ProviderContractInForce {
  readonly provider: string;
  readonly providerVersion: string;
  readonly specification: Specification;
  readonly sha: string;
  /** Undefined for a document that the asker knows already. */
  readonly operations: readonly ContractOperation[] | undefined;
  /** Environments in which the provider version is deployed. */
  readonly environments: readonly string[];
  readonly isLatestMain: boolean;
  /** Of its provider and specification. */
  readonly isLatest: boolean;
}

export type KnownShas = Pick<ReadonlySet<string>, 'has'>;

/** What the broker's features know about contracts. */
export interface ContractSources {
  /** Names of everyone who has published a pact. */
  consumers(): Promise<readonly string[]>;
  /** The pacts of one consumer; `known` has the shas whose content need not be told again. */
  contractsInForce(consumer: string, known: KnownShas): Promise<readonly PactInForce[]>;
  /** Deployed or supported now. */
  recordedVersions(): Promise<readonly RecordedVersion[]>;
  /** Names of the environments that were created. */
  environments(): Promise<readonly string[]>;
  /** Names of all pacticipants. */
  pacticipants(): Promise<readonly string[]>;
  /** The documents in force of one provider, or of everyone; `known` has the shas whose operations need not be told again. */
  providerContractsInForce(
    provider: string | undefined,
    known: KnownShas,
  ): Promise<readonly ProviderContractInForce[]>;
}
