import { describe, expect, test } from 'vitest';
import {
  latencyBounds,
  latencyBucket,
  latencyBuckets,
  latencyPercentiles,
  latencyQuantile,
} from './latency-histogram.ts';

function counted(...seconds: readonly number[]): readonly number[] {
  const buckets = new Array<number>(latencyBuckets).fill(0);
  for (const value of seconds) {
    const bucket = latencyBucket(value * 1e6);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  return buckets;
}

describe('a latency', () => {
  test.each([
    { micros: 0, bucket: 0 },
    { micros: 2000, bucket: 0 },
    { micros: 2000.001, bucket: 1 },
    { micros: 10_000, bucket: 4 },
    { micros: 15_000_000, bucket: 15 },
    { micros: 15_000_001, bucket: 16 },
  ])('of $micros µs is in bucket $bucket', ({ micros, bucket }) => {
    expect(latencyBucket(micros)).toBe(bucket);
  });

  test('that equals a bound is in the bucket of that bound, for every bound', () => {
    expect(latencyBounds.map((bound) => latencyBucket(bound * 1e6))).toEqual(
      latencyBounds.map((_, index) => index),
    );
  });
});

describe('a quantile', () => {
  test.each([
    { name: 'of nothing is not a number', share: 0.5, seconds: [], value: Number.NaN },
    { name: 'of no share is not a number', share: Number.NaN, seconds: [1], value: Number.NaN },
    { name: 'below 0 is endless', share: -1, seconds: [1], value: Number.NEGATIVE_INFINITY },
    { name: 'above 1 is endless', share: 1.1, seconds: [1], value: Number.POSITIVE_INFINITY },
    { name: 'of the first bucket starts at 0', share: 0.5, seconds: [0.001, 0.001], value: 0.001 },
    {
      name: 'is spread evenly within a bucket',
      share: 0.5,
      seconds: [0.03, 0.03],
      value: 0.03,
    },
    {
      name: 'counts the buckets below',
      share: 0.75,
      seconds: [0.001, 0.001, 0.15, 0.15],
      value: 0.15,
    },
    { name: 'of 0 starts at the first bucket that counts', share: 0, seconds: [0.3], value: 0.2 },
    { name: 'of 1 is the bound of the last bucket that counts', share: 1, seconds: [3], value: 5 },
    { name: 'beyond all bounds is the highest', share: 0.9, seconds: [60], value: 15 },
  ])('$name', ({ share, seconds, value }) => {
    const quantile = latencyQuantile(share, counted(...seconds));
    if (Number.isFinite(value)) expect(quantile).toBeCloseTo(value, 9);
    else expect(quantile).toBe(value);
  });
});

describe('percentiles', () => {
  test('are told in milliseconds', () => {
    expect(latencyPercentiles(counted(0.03, 0.03, 0.03))).toEqual({ p50: 30, p95: 48, p99: 49.6 });
  });

  test('of nothing are none', () => {
    expect(latencyPercentiles(counted())).toBeUndefined();
  });
});
