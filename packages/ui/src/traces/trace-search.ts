import type { Trace, TraceSpan } from './trace.ts';

/** What `/ui/traces` asks for; empty text means any. */
export interface TraceSearch {
  readonly service: string;
  readonly operation: string;
  /** A Go duration such as `100ms`. */
  readonly minDuration: string;
  readonly errors: boolean;
  readonly limit: number;
  /** Key of `lookbacks`. */
  readonly lookback: string;
}

/** How far back a search looks: key in the address, words, milliseconds. */
export const lookbacks: readonly (readonly [key: string, words: string, millis: number])[] = [
  ['15m', 'last 15 minutes', 900_000],
  ['1h', 'last hour', 3_600_000],
  ['6h', 'last 6 hours', 21_600_000],
  ['2d', 'last 2 days', 172_800_000],
  ['7d', 'last 7 days', 604_800_000],
];

export const limits: readonly number[] = [20, 50, 100, 200];

/** Reads the search from the address; unknown values fall back to 20 traces of the last two days. */
export function readTraceSearch(query: URLSearchParams): TraceSearch {
  const limit = Number(query.get('limit'));
  const lookback = query.get('lookback') ?? '';
  return {
    service: query.get('service') ?? '',
    operation: query.get('operation') ?? '',
    minDuration: query.get('minDuration') ?? '',
    errors: query.get('errors') === '1',
    limit: limits.includes(limit) ? limit : 20,
    lookback: lookbacks.some(([key]) => key === lookback) ? lookback : '2d',
  };
}

/** The query of Jaeger's `/api/traces`, times in microseconds. */
export function jaegerQuery(search: TraceSearch, now: number): URLSearchParams {
  const back = lookbacks.find(([key]) => key === search.lookback)?.[2] ?? 172_800_000;
  const query = new URLSearchParams({ service: search.service, limit: String(search.limit) });
  query.set('start', String((now - back) * 1000));
  query.set('end', String(now * 1000));
  if (search.operation !== '') query.set('operation', search.operation);
  if (search.minDuration !== '') query.set('minDuration', search.minDuration.trim());
  if (search.errors) query.set('tags', '{"error":"true"}');
  return query;
}

/** Whether text is a length of time the hub understands: `1.2s`, `100ms`, `1m30s`. */
export function isGoDuration(text: string): boolean {
  return /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/u.test(text.trim());
}

/** Whether text could be a trace's name: up to 32 hex digits. */
export function isTraceId(text: string): boolean {
  return /^[0-9a-f]{8,32}$/iu.test(text.trim());
}

/** One line of the search list. */
export interface TraceLine {
  readonly traceId: string;
  readonly root: TraceSpan | undefined;
  readonly start: number;
  readonly duration: number;
  readonly spans: number;
  readonly errors: number;
  /** Service → its number of spans, most first. */
  readonly services: readonly (readonly [string, number])[];
}

/** Newest first. */
export function traceLines(traces: readonly Trace[]): TraceLine[] {
  return traces.map(traceLine).sort((a, b) => b.start - a.start);
}

function traceLine({ traceId, spans }: Trace): TraceLine {
  const counts = new Map<string, number>();
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  let root: TraceSpan | undefined;
  for (const span of spans) {
    counts.set(span.service, (counts.get(span.service) ?? 0) + 1);
    start = Math.min(start, span.start);
    end = Math.max(end, span.start + span.duration);
    if (root === undefined || rootRank(span) < rootRank(root)) root = span;
  }
  return {
    traceId,
    root,
    start: spans.length === 0 ? 0 : start,
    duration: spans.length === 0 ? 0 : end - start,
    spans: spans.length,
    errors: spans.filter((span) => span.failed).length,
    services: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  };
}

/** Spans without a parent come before the rest, earlier ones first. */
function rootRank(span: TraceSpan): number {
  return span.start + (span.references.length === 0 ? 0 : 1e18);
}
