import type { QualityFacts } from './quality-facts.ts';
import { type QualityMetric, qualityMetrics } from './quality-metric.ts';

/** The body of Jaeger's quality page; its page shows what we measure under our names. */
export interface QualityAnswer {
  readonly traceQualityDocumentationLink: string;
  readonly bannerText: {
    readonly value: string;
    readonly styling: Readonly<Record<string, string>>;
  };
  readonly scores: readonly {
    readonly key: string;
    readonly label: string;
    readonly max: number;
    readonly value: number;
  }[];
  readonly metrics: readonly QualityMetric[];
  readonly clients: readonly {
    readonly version: string;
    readonly minVersion: string;
    readonly count: number;
    readonly examples: readonly { readonly traceID: string }[];
  }[];
}

const MAX = 100;
/** From this score on a service is doing well; from the lower one on it needs a look. */
const GOOD = 90;
const FAIR = 70;

/** How well a service keeps its contracts. Without any promise or call there is nothing to score. */
export function qualityAnswer(
  facts: QualityFacts,
  { hours, pageUrl }: { readonly hours: number; readonly pageUrl: string },
): QualityAnswer {
  const metrics = qualityMetrics(facts, `${pageUrl}findings`);
  const overall = scoreOf(metrics);
  return {
    traceQualityDocumentationLink: `${pageUrl}findings`,
    bannerText: bannerOf(facts.service, overall, hours),
    scores: scoresOf(metrics, overall),
    metrics,
    clients: clientsOf(facts),
  };
}

function bannerOf(
  service: string,
  score: number | undefined,
  hours: number,
): QualityAnswer['bannerText'] {
  const time = hours === 1 ? 'hour' : `${hours} hours`;
  return score === undefined
    ? {
        value: `No contract and no call of "${service}" is known for the last ${time}.`,
        styling: { background: '#eef1f5', color: '#1f2933' },
      }
    : {
        value: `"${service}" keeps its contracts at ${score} of ${MAX}, over the last ${time}.`,
        styling: { background: colourOf(score), color: '#1f2933' },
      };
}

function colourOf(score: number): string {
  if (score >= GOOD) return '#d9f2e3';
  return score >= FAIR ? '#fdf0d0' : '#fbdcdc';
}

function scoresOf(
  metrics: readonly QualityMetric[],
  overall: number | undefined,
): QualityAnswer['scores'] {
  const categories = [...new Set(metrics.map(({ category }) => category))];
  return [
    { key: 'overall', label: 'Contracts kept', value: overall },
    ...categories.map((category) => ({
      key: category.toLowerCase(),
      label: category,
      value: scoreOf(metrics.filter((metric) => metric.category === category)),
    })),
  ].flatMap(({ key, label, value }) =>
    value === undefined ? [] : [{ key, label, max: MAX, value }],
  );
}

/** Weighed shares of what passed; undefined where nothing passed or failed. */
function scoreOf(metrics: readonly QualityMetric[]): number | undefined {
  const decided = metrics.filter(({ passCount, failureCount }) => passCount + failureCount > 0);
  const weights = decided.reduce((sum, { metricWeight }) => sum + metricWeight, 0);
  const points = decided.reduce(
    (sum, { metricWeight, passCount, failureCount }) =>
      sum + (metricWeight * passCount) / (passCount + failureCount),
    0,
  );
  return decided.length === 0 ? undefined : Math.round((points / weights) * MAX);
}

/** Who calls the service, version by version; beside it the versions whose pacts are in force. */
function clientsOf({ service, pairs, consumers }: QualityFacts): QualityAnswer['clients'] {
  return consumers.map(({ consumer, version, calls, exemplarTraceId }) => {
    const pair = pairs.find((one) => one.consumer === consumer && one.provider === service);
    return {
      version: version === '' ? consumer : `${consumer} ${version}`,
      minVersion: (pair?.consumerVersions ?? []).join(', '),
      count: Math.round(calls),
      examples: [{ traceID: exemplarTraceId }],
    };
  });
}
