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
  /** How long one attempt may take, from looking the name up to the end of the answer. */
  readonly timeoutSeconds: number;
  /** PEM texts that are trusted besides the authorities Node knows. */
  readonly certificates: readonly string[];
  /** False accepts every certificate. */
  readonly verifiesCertificates: boolean;
  /** False writes secrets into logs of attempts, for somebody who searches a mistake in them. */
  readonly redactsLogs: boolean;
  readonly userAgent: string;
  /** What became of deliveries is kept this long, and no more than this many of them. */
  readonly keepDays: number;
  readonly keepCount: number;
}
