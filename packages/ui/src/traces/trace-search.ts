import { parentReference } from './span-tree.ts';
import type { Trace, TraceSpan } from './trace.ts';

/** What `/ui/traces` asks for; empty text means any. */
export interface TraceSearch {
  readonly service: string;
  readonly operation: string;
  /** A Go duration such as `100ms`. */
  readonly minDuration: string;
  readonly maxDuration: string;
  /** `key=value` pairs as the reader typed them. */
  readonly tags: string;
  readonly errors: boolean;
  readonly limit: number;
  /** Key of `lookbacks`. */
  readonly lookback: string;
  /** Milliseconds since 1970 of the end of the window; undefined: now. */
  readonly until: number | undefined;
}

/** The service that means every one. */
export const anyService = '*';

/** How far back a search looks: key in the address, words, milliseconds. */
export const lookbacks: readonly (readonly [key: string, words: string, millis: number])[] = [
  ['15m', 'last 15 minutes', 900_000],
  ['1h', 'last hour', 3_600_000],
  ['6h', 'last 6 hours', 21_600_000],
  ['24h', 'last 24 hours', 86_400_000],
  ['2d', 'last 2 days', 172_800_000],
  ['3d', 'last 3 days', 259_200_000],
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
    maxDuration: query.get('maxDuration') ?? '',
    tags: query.get('tags') ?? '',
    errors: query.get('errors') === '1',
    limit: limits.includes(limit) ? limit : 20,
    lookback: lookbacks.some(([key]) => key === lookback) ? lookback : '2d',
    until: readInstant(query.get('until')),
  };
}

/** Why a search cannot be asked yet, by field; empty when it can. */
export function searchProblems(search: TraceSearch): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  for (const field of ['minDuration', 'maxDuration'] as const) {
    if (search[field] !== '' && !isGoDuration(search[field])) {
      problems[field] = 'like 250ms or 1.5s';
    }
  }
  if (readTags(search.tags) === undefined) problems.tags = 'like http.route=/orders error=true';
  return problems;
}

/** The query of Jaeger's `/api/traces`, times in microseconds. */
export function jaegerQuery(search: TraceSearch, now: number): URLSearchParams {
  const { from, to } = windowOf(search, now);
  const query = new URLSearchParams();
  if (search.service !== anyService) query.set('service', search.service);
  query.set('limit', String(search.limit));
  query.set('raw', 'true');
  query.set('start', String(from * 1000));
  query.set('end', String(to * 1000));
  if (search.operation !== '') query.set('operation', search.operation);
  if (search.minDuration !== '') query.set('minDuration', search.minDuration.trim());
  if (search.maxDuration !== '') query.set('maxDuration', search.maxDuration.trim());
  const tags = new Map(readTags(search.tags));
  if (search.errors) tags.set('error', 'true');
  if (tags.size > 0) query.set('tags', JSON.stringify(Object.fromEntries(tags)));
  return query;
}

/** The time a search looks at, in milliseconds since 1970. */
export function windowOf(search: TraceSearch, now: number): { from: number; to: number } {
  const back = lookbacks.find(([key]) => key === search.lookback)?.[2] ?? 172_800_000;
  const to = search.until ?? now;
  return { from: to - back, to };
}

/** Reads `key=value` pairs; values with spaces stand in double quotes. undefined: something else stands there, too. */
export function readTags(text: string): readonly (readonly [string, string])[] | undefined {
  const pair = /([^\s="]+)=(?:"([^"]*)"|([^\s"]+))/gu;
  if (text.replace(pair, '').trim() !== '') return undefined;
  return [...text.matchAll(pair)].map(([, key = '', quoted, plain]) => [
    key,
    quoted ?? plain ?? '',
  ]);
}

function readInstant(text: string | null): number | undefined {
  const instant = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
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
  /** Spans that name a parent which is not here: the trace is partial. */
  readonly orphans: number;
  /** Service → its number of spans, most first. */
  readonly services: readonly (readonly [string, number])[];
}

/** In what order found traces are listed: key in the address, words. */
export const traceOrders: readonly (readonly [key: string, words: string])[] = [
  ['', 'newest first'],
  ['longest', 'longest first'],
  ['shortest', 'shortest first'],
  ['spans', 'most spans first'],
];

const compareLines: Readonly<Record<string, (a: TraceLine, b: TraceLine) => number>> = {
  longest: (a, b) => b.duration - a.duration,
  shortest: (a, b) => a.duration - b.duration,
  spans: (a, b) => b.spans - a.spans,
};

/** Found traces in the order asked for; an unknown one is newest first. */
export function traceLines(traces: readonly Trace[], order = ''): TraceLine[] {
  const lines = traces.map(traceLine).sort((a, b) => b.start - a.start);
  const compare = compareLines[order];
  return compare === undefined ? lines : lines.sort(compare);
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
    orphans: countOrphans(spans),
    services: [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  };
}

function countOrphans(spans: readonly TraceSpan[]): number {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter((span) => {
    const parent = parentReference(span);
    return parent !== undefined && !ids.has(parent);
  }).length;
}

/** Spans without a parent come before the rest, earlier ones first. */
function rootRank(span: TraceSpan): number {
  return span.start + (span.references.length === 0 ? 0 : 1e18);
}
