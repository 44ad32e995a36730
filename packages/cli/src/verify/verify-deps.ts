import type { HubClient } from '../hub-client/hub-client.ts';
import type { Slots } from '../processes/slots.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import type { ConsumerVersionSelector } from './fetch-pacts.ts';
import type { VerifierProcess } from './verifier-process.ts';

export interface VerifyOptions {
  /** Verify what runs there instead of starting the provider's process. */
  readonly providerBaseUrl: string | undefined;
  readonly providerVersion: string | undefined;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
  readonly selectors: (branch: string | undefined) => readonly ConsumerVersionSelector[];
  readonly pending: boolean;
  readonly wipSince: string | undefined;
  readonly publish: boolean;
  readonly buildUrl: string | undefined;
  /** How long one replayed request may take. */
  readonly timeoutMs: number;
}

/** What one run of the runner shares between its providers. */
export interface VerifyDeps {
  readonly hub: HubClient;
  readonly options: VerifyOptions;
  readonly supervisor: Supervisor;
  /** As many as may work at once, over all providers. */
  readonly verifiers: Slots<VerifierProcess>;
  readonly parallel: number;
  readonly variables: NodeJS.ProcessEnv;
  readonly support: Readonly<Record<string, string>>;
  /** Commands run here. */
  readonly root: string;
  /** For pact files; removed at the end of the run. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}
