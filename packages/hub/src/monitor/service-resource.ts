import type { Service } from '@concordat/api';
import { latencyPercentiles } from '@concordat/domain';
import { addBuckets, noBuckets } from '../database/latency-columns.ts';
import type { CountedService } from './operation-minute-store.ts';

/** By name. A service is measured by what it answers; what it calls others for is theirs. */
export function serviceResources(
  counted: readonly CountedService[],
  operations: ReadonlyMap<string, number>,
  seconds: number,
): Service[] {
  const byService = new Map<string, CountedService[]>();
  for (const row of counted) {
    const known = byService.get(row.service);
    if (known === undefined) byService.set(row.service, [row]);
    else known.push(row);
  }
  const named = [...byService].sort(([left], [right]) => (left < right ? -1 : 1));
  return named.map(([service, rows]) => ({
    service,
    environments: [...new Set(rows.map(({ environment }) => environment))]
      .filter((environment) => environment !== '')
      .sort(),
    ...answered(rows, seconds),
    operations: operations.get(service) ?? 0,
    lastSeen: new Date(
      Math.max(...rows.map(({ lastMinute }) => lastMinute)) * 60_000,
    ).toISOString(),
  }));
}

function answered(
  rows: readonly CountedService[],
  seconds: number,
): Pick<Service, 'calls' | 'rate' | 'errorRate' | 'latency'> {
  const buckets = noBuckets();
  let [calls, errors] = [0, 0];
  for (const row of rows) {
    if (row.kind !== 'server' && row.kind !== 'consumer') continue;
    calls += row.calls;
    errors += row.errors;
    addBuckets(buckets, row.buckets);
  }
  return {
    calls,
    rate: calls / seconds,
    errorRate: calls === 0 ? 0 : errors / calls,
    latency: latencyPercentiles(buckets) ?? null,
  };
}
