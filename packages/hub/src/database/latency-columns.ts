import { latencyBuckets } from '@concordat/domain';

/** One column a bucket of `latencyBounds`, the last for what is beyond all bounds. Sample weights are applied. */
export const latencyColumns = [
  'b0',
  'b1',
  'b2',
  'b3',
  'b4',
  'b5',
  'b6',
  'b7',
  'b8',
  'b9',
  'b10',
  'b11',
  'b12',
  'b13',
  'b14',
  'b15',
  'b16',
] as const;

export type LatencyColumn = (typeof latencyColumns)[number];

/** Calls by bucket, as columns of a row. */
export type LatencyCounts = { readonly [Column in LatencyColumn]: number };

export function latencyCounts(buckets: readonly number[]): LatencyCounts {
  return Object.fromEntries(
    latencyColumns.map((column, index) => [column, buckets[index] ?? 0]),
  ) as LatencyCounts;
}

/** Buckets by index. */
export function bucketsOf(row: LatencyCounts): readonly number[] {
  return latencyColumns.map((column) => row[column]);
}

export function noBuckets(): number[] {
  return new Array<number>(latencyBuckets).fill(0);
}

export function addBuckets(sum: number[], added: readonly number[]): void {
  for (let at = 0; at < latencyBuckets; at += 1) sum[at] = (sum[at] ?? 0) + (added[at] ?? 0);
}
