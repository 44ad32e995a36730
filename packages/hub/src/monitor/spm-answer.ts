import { latencyQuantile } from '@concordat/domain';
import { CountedSeries } from './counted-series.ts';
import type { Counted, CountedOperation } from './operation-minute-store.ts';
import type { SpmQuestion } from './spm-question.ts';

/** Protobuf's JSON of a metric family in the OpenMetrics model. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'GAUGE';
  readonly help: string;
  readonly metrics: readonly {
    readonly labels: readonly { readonly name: string; readonly value: string }[];
    readonly metricPoints: readonly MetricPoint[];
  }[];
}

interface MetricPoint {
  readonly gaugeValue: { readonly doubleValue: number | 'NaN' };
  readonly timestamp: string;
}

/** What is told of the calls that came in the time before a point. */
export type Measure = (
  counted: Pick<Counted, 'calls' | 'errors' | 'buckets'>,
  ratePerMs: number,
) => number;

export interface SpmMeasure {
  readonly name: (subject: 'service' | 'service_operation') => string;
  readonly help: string;
  readonly measure: Measure;
}

/** In milliseconds. */
export function latencies(quantile: number): SpmMeasure {
  return {
    name: (subject) => `${subject}_latencies`,
    help: `latency at quantile ${quantile} in milliseconds`,
    measure: ({ buckets }) => latencyQuantile(quantile, buckets) * 1000,
  };
}

export const callRates: SpmMeasure = {
  name: (subject) => `${subject}_call_rate`,
  help: 'calls per second',
  measure: ({ calls }, ratePerMs) => (calls * 1000) / ratePerMs,
};

/** Without calls there is no rate, and without errors it is 0. */
export const errorRates: SpmMeasure = {
  name: (subject) => `${subject}_error_rate`,
  help: 'errors as a fraction of calls',
  measure: ({ calls, errors }) => errors / calls,
};

/** One series for each service, or operation of one, that has counts; points at the steps of the question. */
export function spmAnswer(
  question: SpmQuestion,
  counted: readonly CountedOperation[],
  { of, nowMs }: { readonly of: SpmMeasure; readonly nowMs: number },
): MetricFamily {
  const series = seriesOf(counted, question.byOperation);
  const subject = question.byOperation ? 'service_operation' : 'service';
  return {
    name: of.name(subject),
    type: 'GAUGE',
    help: `${of.help}, by ${question.byOperation ? 'service and operation' : 'service'}`,
    metrics: series.map((minutes) => ({
      labels: labelsOf(minutes, question.byOperation),
      metricPoints: pointsOf(question, new CountedSeries(addedUp(minutes), nowMs), of.measure),
    })),
  };
}

type Series = readonly [CountedOperation, ...CountedOperation[]];

function seriesOf(counted: readonly CountedOperation[], byOperation: boolean): readonly Series[] {
  const series = new Map<string, [CountedOperation, ...CountedOperation[]]>();
  for (const row of counted) {
    const key = byOperation ? `${row.service}\n${row.operation}` : row.service;
    const known = series.get(key);
    if (known === undefined) series.set(key, [row]);
    else known.push(row);
  }
  return [...series].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, rows]) => rows);
}

function labelsOf([{ service, operation }]: Series, byOperation: boolean) {
  const ofService = { name: 'service_name', value: service };
  return byOperation ? [{ name: 'operation', value: operation }, ofService] : [ofService];
}

/** The kinds of an operation stand apart in the counts; here they are one. */
function addedUp(rows: Series): readonly CountedOperation[] {
  const byMinute = new Map<number, CountedOperation>();
  for (const row of rows) {
    const known = byMinute.get(row.minute);
    byMinute.set(row.minute, known === undefined ? row : sumOf(known, row));
  }
  return [...byMinute.values()].sort((left, right) => left.minute - right.minute);
}

function sumOf(left: CountedOperation, right: CountedOperation): CountedOperation {
  return {
    ...left,
    calls: left.calls + right.calls,
    errors: left.errors + right.errors,
    durationMicros: left.durationMicros + right.durationMicros,
    buckets: left.buckets.map((count, index) => count + (right.buckets[index] ?? 0)),
  };
}

function pointsOf(
  { endMs, lookbackMs, stepMs, ratePerMs }: SpmQuestion,
  series: CountedSeries,
  measure: Measure,
): readonly MetricPoint[] {
  const count = Math.floor(lookbackMs / stepMs) + 1;
  return Array.from({ length: count }, (_, index) => {
    const atMs = endMs - lookbackMs + index * stepMs;
    const value = measure(series.between(atMs - ratePerMs, atMs), ratePerMs);
    return {
      gaugeValue: { doubleValue: Number.isNaN(value) ? 'NaN' : value },
      timestamp: new Date(atMs).toISOString().replace('.000Z', 'Z'),
    };
  });
}
