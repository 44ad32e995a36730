import type { WindowQuery } from '@concordat/api';

export type RangeKey = '15m' | '1h' | '6h' | '24h' | '3d';

/** How far back the monitor looks: key in the address (the search for traces has the same), words, milliseconds. */
export const ranges: readonly (readonly [key: RangeKey, words: string, millis: number])[] = [
  ['15m', 'last 15 minutes', 900_000],
  ['1h', 'last hour', 3_600_000],
  ['6h', 'last 6 hours', 21_600_000],
  ['24h', 'last 24 hours', 86_400_000],
  ['3d', 'last 3 days', 259_200_000],
];

/** The range that the address names; an hour otherwise. */
export function readRange(query: URLSearchParams): RangeKey {
  return ranges.find(([key]) => key === query.get('range'))?.[0] ?? '1h';
}

export function rangeWords(range: RangeKey): string {
  return ranges.find(([key]) => key === range)?.[1] ?? range;
}

/** The question for the time up to now, in one environment or, when it is empty, in all. */
export function windowQuery(range: RangeKey, environment: string, now: number): WindowQuery {
  const back = ranges.find(([key]) => key === range)?.[2] ?? 3_600_000;
  const since = new Date(now - back).toISOString();
  return environment === '' ? { since } : { since, environment };
}

/** Long windows hold the same numbers for longer, and cost the hub more. */
export function refreshEvery(range: RangeKey): number {
  return range === '15m' || range === '1h' ? 5000 : 30_000;
}
