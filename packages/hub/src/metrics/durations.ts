import { latencyBounds, latencyBucket, latencyBuckets } from '@concordat/domain';
import { type Exemplar, sampleLine } from './write-rows.ts';

/** Latencies since the start, in buckets. */
export interface Durations {
  /** Calls by `latencyBucket`. */
  readonly counts: number[];
  readonly exemplars: (Exemplar | undefined)[];
  /** Microseconds. */
  sum: number;
}

/** How a histogram is written: durations of calls are told in seconds, those of spans in milliseconds. */
export interface DurationUnit {
  readonly micros: number;
  readonly bounds: readonly string[];
}

export const seconds: DurationUnit = unitOf(1e6);
export const milliseconds: DurationUnit = unitOf(1e3);

function unitOf(micros: number): DurationUnit {
  const bounds = latencyBounds.map((bound) => String(Math.round(bound * 1e6) / micros));
  return { micros, bounds: [...bounds, '+Inf'] };
}

export function noDurations(): Durations {
  return {
    counts: new Array<number>(latencyBuckets).fill(0),
    exemplars: new Array<undefined>(latencyBuckets).fill(undefined),
    sum: 0,
  };
}

/** Adds a call of this many microseconds. */
export function addDuration(
  durations: Durations,
  micros: number | undefined,
  seen: { readonly traceId: string; readonly weight: number; readonly timestamp: number },
): void {
  if (micros === undefined) {
    return;
  }
  const { traceId, weight, timestamp } = seen;
  const bucket = latencyBucket(micros);
  durations.counts[bucket] = (durations.counts[bucket] ?? 0) + weight;
  durations.exemplars[bucket] = { traceId, value: micros, timestamp };
  durations.sum += micros * weight;
}

/** The lines of one histogram. */
export function histogramLines(
  name: string,
  { labelText, durations }: { readonly labelText: string; readonly durations: Durations },
  { micros, bounds }: DurationUnit,
): string {
  let count = 0;
  let text = '';
  for (const [at, bound] of bounds.entries()) {
    count += durations.counts[at] ?? 0;
    const exemplar = durations.exemplars[at];
    text += sampleLine(`${name}_bucket`, `${labelText},le="${bound}"`, {
      value: count,
      exemplar: exemplar && { ...exemplar, value: exemplar.value / micros },
    });
  }
  text += sampleLine(`${name}_sum`, labelText, { value: durations.sum / micros });
  return text + sampleLine(`${name}_count`, labelText, { value: count });
}
