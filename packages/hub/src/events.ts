import type { Log } from './log.ts';

/** A consumer version has published a pact; `change` says what that did to the content. */
export interface ContractPublished {
  readonly kind: 'contractPublished';
  readonly at: Date;
  readonly consumer: string;
  readonly consumerVersion: string;
  readonly provider: string;
  readonly sha: string;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
  /** True for `contract_content_changed`, as the broker tells it. */
  readonly contentChanged: boolean;
}

/** Pacts, versions or pacticipants went away. */
export interface ContractsDeleted {
  readonly kind: 'contractsDeleted';
  readonly at: Date;
}

/** An export was read in: anything may be new. */
export interface ContractsImported {
  readonly kind: 'contractsImported';
  readonly at: Date;
}

/** Branches or tags of versions changed, and with them perhaps which pacts are in force. */
export interface VersionLabelsChanged {
  readonly kind: 'versionLabelsChanged';
  readonly at: Date;
  readonly pacticipant: string;
}

export interface VerificationPublished {
  readonly kind: 'verificationPublished';
  readonly at: Date;
  readonly consumer: string;
  readonly provider: string;
  readonly providerVersion: string;
  readonly sha: string;
  readonly success: boolean;
}

/** A version was recorded as deployed, undeployed, released or no longer supported. */
export interface DeploymentRecorded {
  readonly kind: 'deploymentRecorded';
  readonly at: Date;
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
}

export interface ProviderContractPublished {
  readonly kind: 'providerContractPublished';
  readonly at: Date;
  readonly provider: string;
  readonly providerVersion: string;
}

/** A clean-up has removed versions and what hung on them. */
export interface DataCleaned {
  readonly kind: 'dataCleaned';
  readonly at: Date;
  readonly startedBy: string;
  readonly versions: number;
  readonly branches: number;
  readonly publications: number;
  readonly contents: number;
  readonly results: number;
}

/** An exception from can-i-deploy has ended by itself. */
export interface OverrideExpired {
  readonly kind: 'overrideExpired';
  readonly at: Date;
  readonly id: string;
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  /** UTC text. */
  readonly until: string;
}

/** What the business would want to hear about; each is one log line and is given to every subscriber. */
export type BusinessEvent =
  | ContractPublished
  | ContractsDeleted
  | ContractsImported
  | VersionLabelsChanged
  | VerificationPublished
  | DeploymentRecorded
  | ProviderContractPublished
  | DataCleaned
  | OverrideExpired;

export type Subscriber = (event: BusinessEvent) => Promise<void> | void;

/** Emitted after the transaction that caused it has been committed, never inside one. */
export class Events {
  readonly #log: Log;
  readonly #subscribers: Subscriber[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  /** Subscribers are told in the order they came; metrics, spans, webhooks and caches are subscribers. */
  subscribe(subscriber: Subscriber): void {
    this.#subscribers.push(subscriber);
  }

  /** Resolves when every subscriber is done; one that fails is logged and does not undo what happened. */
  async emit(event: BusinessEvent): Promise<void> {
    this.#log('info', event.kind, { ...event });
    for (const subscriber of this.#subscribers) {
      try {
        await subscriber(event);
      } catch (error) {
        this.#log('error', 'a subscriber failed', {
          kind: event.kind,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    }
  }
}

/** Whose contracts, versions or deployments the event is about; undefined when it may be anyone's. */
export function pacticipantsOf(event: BusinessEvent): readonly string[] | undefined {
  switch (event.kind) {
    case 'contractPublished':
    case 'verificationPublished':
      return [event.consumer, event.provider];
    case 'versionLabelsChanged':
    case 'deploymentRecorded':
      return [event.pacticipant];
    case 'providerContractPublished':
      return [event.provider];
    case 'overrideExpired':
      return [];
    case 'contractsDeleted':
    case 'dataCleaned':
    case 'contractsImported':
      return undefined;
  }
}
