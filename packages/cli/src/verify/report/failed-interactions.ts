import type {
  InteractionVerification,
  Mismatch,
  PactVerification,
  ProviderVerification,
  SpanLine,
  VerificationRun,
} from '../verification.ts';

export interface FailedInteraction {
  readonly provider: ProviderVerification;
  readonly pact: PactVerification;
  readonly interaction: InteractionVerification;
}

/** Every failed interaction of the run with what it belongs to, in the run's order. */
export function failedInteractions({ providers }: VerificationRun): readonly FailedInteraction[] {
  return providers.flatMap((provider) =>
    provider.pacts.flatMap((pact) =>
      pact.interactions
        .filter(({ success }) => !success)
        .map((interaction) => ({ provider, pact, interaction })),
    ),
  );
}

/** `an order is read (given order 1 exists)`. */
export function titleOf({ description, providerStates }: InteractionVerification): string {
  const given = providerStates.filter((state) => state !== '').join(', ');
  return given === '' ? description : `${description} (given ${given})`;
}

/** `body $.total: expected …`. */
export function mismatchLine({ attribute, identifier, description }: Mismatch): string {
  return `${[attribute, identifier].filter((part) => part !== '').join(' ')}: ${description}`;
}

/** The span tree as text, two spaces a level: `server shop GET /orders/{id} 12.3 ms`. */
export function spanText(spans: readonly SpanLine[]): string {
  return spans.map(spanLine).join('\n');
}

function spanLine({ depth, service, name, kind, start, duration, error }: SpanLine): string {
  const time = `+${start.toFixed(1)} ms, ${duration.toFixed(1)} ms`;
  const fault = error === undefined ? '' : `  ✕ ${error}`;
  return `${'  '.repeat(depth)}└ ${service} ${kind} ${name}  (${time})${fault}`;
}

/** Said where a failure has no spans, because silence would look like a provider that was never called. */
export const noSpans =
  'No spans of the provider arrived; does it send traces to the hub (OTEL_EXPORTER_OTLP_ENDPOINT)?';

export interface Totals {
  readonly pacts: number;
  readonly interactions: number;
  readonly failed: number;
}

export function totalsOf({ providers }: VerificationRun): Totals {
  const pacts = providers.flatMap((provider) => provider.pacts);
  const interactions = pacts.flatMap((pact) => pact.interactions);
  const failed = interactions.filter(({ success }) => !success).length;
  return { pacts: pacts.length, interactions: interactions.length, failed };
}
