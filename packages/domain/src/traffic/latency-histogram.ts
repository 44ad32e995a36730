/** Upper bounds in seconds, each included, of the buckets that every latency is counted in; one more bucket has no bound. */
export const latencyBounds: readonly number[] = [
  0.002, 0.004, 0.006, 0.008, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 1.4, 2, 5, 10, 15,
];

export const latencyBuckets: number = latencyBounds.length + 1;

const boundsInMicros: readonly number[] = latencyBounds.map((bound) => Math.round(bound * 1e6));

/** Index of the bucket that a duration in microseconds belongs to. */
export function latencyBucket(micros: number): number {
  let bucket = 0;
  for (const bound of boundsInMicros) {
    if (micros <= bound) return bucket;
    bucket += 1;
  }
  return bucket;
}

/**
 * The duration in seconds below which this share (0 to 1) of the counted ones lies, as Prometheus' histogram_quantile guesses
 * it: evenly spread within a bucket, and the highest bound for what is beyond all. NaN when nothing was counted.
 */
export function latencyQuantile(share: number, buckets: readonly number[]): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (!(total > 0) || Number.isNaN(share)) return Number.NaN;
  if (share < 0) return Number.NEGATIVE_INFINITY;
  if (share > 1) return Number.POSITIVE_INFINITY;
  const rank = share * total;
  let below = 0;
  for (const [index, bound] of latencyBounds.entries()) {
    const count = buckets[index] as number;
    if (count > 0 && below + count >= rank) {
      const start = latencyBounds[index - 1] ?? 0;
      return start + (bound - start) * ((rank - below) / count);
    }
    below += count;
  }
  return latencyBounds.at(-1) as number;
}

/** Milliseconds, to the microsecond; undefined when nothing was counted. */
export function latencyPercentiles(
  buckets: readonly number[],
): { readonly p50: number; readonly p95: number; readonly p99: number } | undefined {
  if (!buckets.some((count) => count > 0)) return undefined;
  const at = (share: number): number => Math.round(latencyQuantile(share, buckets) * 1e6) / 1000;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
