/** What webhooks may do, with the Pact Broker's defaults. */
export interface WebhookConfig {
  /** Upper case. */
  readonly methods: readonly string[];
  readonly schemes: readonly string[];
  /** Names, `*.names`, `/patterns/`, addresses and CIDR ranges; empty allows every public address. */
  readonly hosts: readonly string[];
  /** Pauses before each further try, in seconds. */
  readonly retrySchedule: readonly number[];
  readonly successCodes: readonly number[];
}
