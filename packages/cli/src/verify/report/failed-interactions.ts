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

/** Where the hub shows the interaction's trace. */
export function traceUrl(hubUrl: string, { traceId }: InteractionVerification): string {
  return `${hubUrl}/ui/traces/${traceId}`;
}

const MOST_SPANS = 200;

/** The span tree as text, two spaces a level: `└ shop server GET /orders/{id} 500  (+0.0 ms, 12.3 ms)  ✕ boom`. */
export function spanText(spans: readonly SpanLine[]): string {
  const lines = spans.slice(0, MOST_SPANS).flatMap(spanLines);
  const more = spans.length - MOST_SPANS;
  return (more > 0 ? [...lines, `… ${more} more spans`] : lines).join('\n');
}

function spanLines(span: SpanLine): readonly string[] {
  const { depth, service, name, kind, start, duration, status, error, events } = span;
  const time = `+${start.toFixed(1)} ms, ${duration.toFixed(1)} ms`;
  const answer = status === undefined ? '' : ` ${status}`;
  const fault = error === undefined ? '' : `  ✕ ${error}`;
  const indent = '  '.repeat(depth);
  return [
    `${indent}└ ${service} ${kind} ${name}${answer}  (${time})${fault}`,
    ...events.map((event) => `${indent}    · ${event.replaceAll(/\s+/g, ' ')}`),
  ];
}

/** Said of a kept interaction without spans. */
export const notTraced = 'not traced';

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
