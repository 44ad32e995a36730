import type { OperationTotals } from './call-count-store.ts';
import type { QualityFacts, QualityPair } from './quality-facts.ts';

interface Example {
  readonly traceID: string;
}

interface Details {
  readonly description: string;
  readonly header: string;
  readonly columns: readonly { readonly key: string; readonly label: string }[];
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

/** One measure of Jaeger's quality page. */
export interface QualityMetric {
  readonly name: string;
  readonly category: string;
  readonly description: string;
  readonly metricDocumentationLink: string;
  readonly metricWeight: number;
  readonly passCount: number;
  readonly passExamples: readonly Example[];
  readonly failureCount: number;
  readonly failureExamples: readonly Example[];
  readonly exemptionCount?: number;
  readonly exemptionExamples?: readonly Example[];
  readonly details?: readonly Details[];
}

type Outcome = 'pass' | 'failure' | 'exemption';

/** Something that was measured: how much of it, and a trace that shows it. */
interface Measured {
  readonly outcome: Outcome;
  readonly count: number;
  readonly traceId: string | undefined;
}

type MetricText = Pick<QualityMetric, 'name' | 'category' | 'description' | 'metricWeight'>;

const MOST_EXAMPLES = 10;

/** What is measured, each with its weight in the whole; the weights make 1. */
export function qualityMetrics(facts: QualityFacts, link: string): readonly QualityMetric[] {
  const measures = [covered, statuses, verified, used, recorded, agreed];
  return measures
    .map((measure) => measure(facts))
    .filter(({ measured }) => measured.length > 0)
    .map(({ text, measured, details = [] }) => ({
      ...text,
      metricDocumentationLink: link,
      ...counted(measured),
      ...(details.length === 0 ? {} : { details }),
    }));
}

interface Measure {
  readonly text: MetricText;
  readonly measured: readonly Measured[];
  readonly details?: readonly Details[];
}

function covered({ pairs }: QualityFacts): Measure {
  return {
    text: {
      name: 'Calls covered by contracts',
      category: 'Traffic',
      description: 'Observed calls whose operation a pact in force promises.',
      metricWeight: 0.25,
    },
    measured: pairs.flatMap((pair) =>
      judged(pair).map((row) => ({
        outcome: promisedStatuses(pair, row.operation).length > 0 ? 'pass' : 'failure',
        ...seen(row),
      })),
    ),
  };
}

function statuses({ pairs }: QualityFacts): Measure {
  return {
    text: {
      name: 'Answers with a promised status',
      category: 'Traffic',
      description: 'Calls of promised operations whose status a pact in force promises too.',
      metricWeight: 0.2,
    },
    measured: pairs.flatMap((pair) =>
      judged(pair).flatMap((row) => {
        const promised = promisedStatuses(pair, row.operation);
        if (promised.length === 0 || row.status === 'message') return [];
        return [{ outcome: statusOutcome(row.status, promised), ...seen(row) }];
      }),
    ),
  };
}

/** A call without a status got no answer: that breaks no promise about answers. */
function statusOutcome(status: string, promised: readonly (number | undefined)[]): Outcome {
  if (status === 'none') return 'exemption';
  return promised.includes(Number(status)) ? 'pass' : 'failure';
}

function verified({ pairs }: QualityFacts): Measure {
  const outcomes = { success: 'pass', failed: 'failure', unverified: 'exemption' } as const;
  return {
    text: {
      name: 'Promises verified',
      category: 'Contracts',
      description: 'Interactions of the pacts in force by their latest verification.',
      metricWeight: 0.25,
    },
    measured: pairs.flatMap(({ interactions }) =>
      interactions.map(({ verification, exemplarTraceId }) => ({
        outcome: outcomes[verification],
        count: 1,
        traceId: exemplarTraceId,
      })),
    ),
  };
}

function used({ pairs }: QualityFacts): Measure {
  const outcomes = { used: 'pass', 'not-seen': 'failure', 'no-evidence': 'exemption' } as const;
  return {
    text: {
      name: 'Promises used',
      category: 'Contracts',
      description: 'Interactions of the pacts in force that observed calls used.',
      metricWeight: 0.05,
    },
    measured: pairs.flatMap(({ interactions }) =>
      interactions.map(({ usage, exemplarTraceId }) => ({
        outcome: outcomes[usage],
        count: 1,
        traceId: exemplarTraceId,
      })),
    ),
  };
}

function recorded({ versions }: QualityFacts): Measure {
  return {
    text: {
      name: 'Running versions recorded',
      category: 'Deployments',
      description: 'Versions seen running that were recorded as deployed or released there.',
      metricWeight: 0.1,
    },
    measured: versions.map(({ isRecorded, exemplarTraceId }) => ({
      outcome: isRecorded ? 'pass' : 'failure',
      count: 1,
      traceId: exemplarTraceId,
    })),
  };
}

/** An edge agrees when no finding is open on it; what is wrong stands in the table. */
function agreed({ pairs, findings }: QualityFacts): Measure {
  const kept = pairs.filter(
    ({ consumer, provider }) =>
      !findings.some((finding) => finding.consumer === consumer && finding.provider === provider),
  );
  return {
    text: {
      name: 'No disagreement of traffic and contracts',
      category: 'Findings',
      description: 'Integrations without an open finding, and the open findings.',
      metricWeight: 0.15,
    },
    measured: [
      ...kept.map(() => ({ outcome: 'pass' as const, count: 1, traceId: undefined })),
      ...findings.map(({ exemplarTraceId }) => ({
        outcome: 'failure' as const,
        count: 1,
        traceId: exemplarTraceId,
      })),
    ],
    details: findings.length === 0 ? [] : [findingTable(findings)],
  };
}

function findingTable(findings: QualityFacts['findings']): Details {
  const columns = ['Kind', 'Consumer', 'Provider', 'Operation', 'Calls', 'What to do'] as const;
  return {
    description: 'Open findings, the latest first.',
    header: 'Findings',
    columns: columns.map((label) => ({ key: label, label })),
    rows: findings.map((finding) => ({
      Kind: finding.kind,
      Consumer: finding.consumer ?? '',
      Provider: finding.provider,
      Operation: finding.operation ?? '',
      Calls: finding.count,
      'What to do': finding.sentence,
    })),
  };
}

/** Contracts speak of requests and messages only. */
function judged({ operations }: QualityPair): readonly OperationTotals[] {
  return operations.filter(({ transport }) => transport === 'http' || transport === 'message');
}

function promisedStatuses(
  { interactions }: QualityPair,
  operation: string,
): readonly (number | undefined)[] {
  return interactions
    .filter(({ interaction }) => interaction.operation === operation)
    .map(({ interaction }) => interaction.status);
}

function seen({ calls, exemplarTraceId }: OperationTotals): Omit<Measured, 'outcome'> {
  return { count: calls, traceId: exemplarTraceId };
}

function counted(
  measured: readonly Measured[],
): Pick<QualityMetric, 'passCount' | 'passExamples' | 'failureCount' | 'failureExamples'> {
  const of = (outcome: Outcome): readonly Measured[] =>
    measured.filter((one) => one.outcome === outcome);
  const [pass, failure, exemption] = [of('pass'), of('failure'), of('exemption')];
  return {
    passCount: countOf(pass),
    passExamples: examplesOf(pass),
    failureCount: countOf(failure),
    failureExamples: examplesOf(failure),
    ...(exemption.length === 0
      ? {}
      : { exemptionCount: countOf(exemption), exemptionExamples: examplesOf(exemption) }),
  };
}

function countOf(measured: readonly Measured[]): number {
  return Math.round(measured.reduce((sum, { count }) => sum + count, 0));
}

function examplesOf(measured: readonly Measured[]): readonly Example[] {
  const ids = measured.flatMap(({ traceId }) => (traceId === undefined ? [] : [traceId]));
  return [...new Set(ids)].slice(0, MOST_EXAMPLES).map((traceID) => ({ traceID }));
}
