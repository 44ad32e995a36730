import type { ServiceOperation } from '@concordat/api';
import { latencyPercentiles } from '@concordat/domain';
import { addBuckets, noBuckets } from '../database/latency-columns.ts';
import type { CountedOperation } from './operation-minute-store.ts';

type Steps = readonly [CountedOperation, ...CountedOperation[]];

/** The busiest first. */
export function operationResources(
  counted: readonly CountedOperation[],
  seconds: number,
): ServiceOperation[] {
  const byName = new Map<string, [CountedOperation, ...CountedOperation[]]>();
  for (const row of counted) {
    const key = `${row.kind}\n${row.operation}`;
    const known = byName.get(key);
    if (known === undefined) byName.set(key, [row]);
    else known.push(row);
  }
  return [...byName.values()]
    .map((steps) => operationResource(steps, seconds))
    .sort((left, right) => right.calls - left.calls || left.name.localeCompare(right.name));
}

function operationResource(steps: Steps, seconds: number): ServiceOperation {
  const buckets = noBuckets();
  let [calls, errors, micros] = [0, 0, 0];
  for (const step of steps) {
    calls += step.calls;
    errors += step.errors;
    micros += step.durationMicros;
    addBuckets(buckets, step.buckets);
  }
  const [{ operation, kind }] = steps;
  return {
    name: operation,
    ...{ kind, calls },
    rate: calls / seconds,
    errorRate: errors / calls,
    meanDuration: Math.round(micros / calls) / 1000,
    latency: latencyPercentiles(buckets) ?? null,
    exemplarTraceId: steps.at(-1)?.exemplarTraceId ?? null,
    points: steps.map((step) => ({
      at: new Date(step.minute * 60_000).toISOString(),
      calls: step.calls,
      errors: step.errors,
      p95: latencyPercentiles(step.buckets)?.p95 ?? null,
    })),
  };
}
