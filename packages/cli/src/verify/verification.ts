/** What one run of the verification runner found; the reports and the exit code are made of this alone. */
export interface VerificationRun {
  readonly startedAt: string;
  readonly seconds: number;
  readonly hubUrl: string;
  readonly providers: readonly ProviderVerification[];
}

export interface ProviderVerification {
  readonly provider: string;
  readonly version: string;
  readonly branch: string | undefined;
  readonly pacts: readonly PactVerification[];
  /** Why nothing could be verified; undefined when it could. */
  readonly defect: string | undefined;
  /** The last lines the provider's process wrote; empty when all went well. */
  readonly processOutput: string;
}

export interface PactVerification {
  readonly consumer: string;
  /** The hub's name of the pact: `Pact between web (1) and shop`. */
  readonly name: string;
  /** Its failure does not fail the run, because no version of the provider ever kept it. */
  readonly pending: boolean;
  readonly interactions: readonly InteractionVerification[];
  readonly published: 'yes' | 'not-asked' | { readonly refused: string };
}

export interface InteractionVerification {
  /** The broker's id of the interaction. */
  readonly id: string | undefined;
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly transport: 'http' | 'message';
  /** Carried by the replayed request, so that the provider's spans are found again. */
  readonly traceId: string;
  readonly success: boolean;
  readonly seconds: number;
  readonly mismatches: readonly Mismatch[];
  /** The hub had spans of it when the report was made. */
  readonly isTraced: boolean;
  /** The provider's own spans of this interaction, parents first; only fetched for a failure. */
  readonly spans: readonly SpanLine[];
}

export interface Mismatch {
  /** `body`, `header`, `status`, `metadata`, `request` (the exchange itself failed). */
  readonly attribute: string;
  /** JSON path or header name; empty when it is about the whole. */
  readonly identifier: string;
  readonly description: string;
}

/** One line of an indented span tree; times in milliseconds since the first span. */
export interface SpanLine {
  readonly depth: number;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly start: number;
  readonly duration: number;
  /** Of the HTTP answer or the remote procedure, as the span tells it. */
  readonly status: string | undefined;
  readonly error: string | undefined;
  /** What the span told while it worked, exceptions first; the first of many. */
  readonly events: readonly string[];
}

export type PactOutcome = 'passed' | 'failed' | 'pending';

export function outcomeOf(pact: PactVerification): PactOutcome {
  if (pact.interactions.every(({ success }) => success)) return 'passed';
  return pact.pending ? 'pending' : 'failed';
}

/** 2 when a provider could not be verified or a result not be published, 1 when a pact failed, else 0. */
export function exitCodeOf({ providers }: VerificationRun): 0 | 1 | 2 {
  const pacts = providers.flatMap((provider) => provider.pacts);
  if (pacts.some((pact) => outcomeOf(pact) === 'failed')) return 1;
  const isIncomplete =
    providers.some(({ defect }) => defect !== undefined) ||
    pacts.some(({ published }) => typeof published === 'object');
  return isIncomplete ? 2 : 0;
}
