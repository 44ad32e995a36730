import type { RecordedVersion } from './version-store.ts';

/** A pact that speaks for its consumer version, with what the broker knows about it. */
export interface PactInForce {
  readonly consumer: string;
  readonly provider: string;
  readonly consumerVersion: string;
  readonly sha: string;
  /** JSON text. */
  readonly content: string;
  readonly branches: readonly string[];
  /** Environments in which the consumer version is deployed. */
  readonly environments: readonly string[];
  readonly isLatestMain: boolean;
  readonly verification: 'success' | 'failed' | 'unverified';
  readonly providerVersion?: string | undefined;
  readonly verifiedAt?: string | undefined;
}

/** What the other features know about contracts; `hub.ts` passes these. */
export interface ContractSources {
  readonly contractsInForce: () => Promise<readonly PactInForce[]>;
  /** Deployed or supported now. */
  readonly recordedVersions: () => Promise<readonly RecordedVersion[]>;
  /** Names of the environments that were created. */
  readonly environments: () => Promise<readonly string[]>;
  /** Names of all pacticipants. */
  readonly pacticipants: () => Promise<readonly string[]>;
  /** How many provider contracts there are. */
  readonly providerContracts: () => Promise<number>;
}
