import type { TimeRange, TraceQuery } from '../store/trace-store.ts';
import { parseGoDuration } from './go-duration.ts';

/** A search that cannot be understood; the message is for the person who wrote it. */
export class QueryError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueryError';
  }
}

const defaultLimit = 100;
const maxLimit = 1_500;
const defaultLookbackMicros = 48 * 3_600_000_000;

/** The parameters of Jaeger's v1 search; an empty service means any, because Grafana sends that for "all services". */
export function readSearchV1(query: URLSearchParams, nowMicros: number): TraceQuery {
  return withCheckedDurations({
    service: query.get('service') || undefined,
    operation: query.get('operation') || undefined,
    tags: new Map([...tagPairs(query.getAll('tag')), ...tagObjects(query.getAll('tags'), 'tags')]),
    fromMicros: wholeOf(query, 'start') ?? nowMicros - defaultLookbackMicros,
    toMicros: wholeOf(query, 'end') ?? nowMicros,
    minDurationMicros: durationOf(query, 'minDuration'),
    maxDurationMicros: durationOf(query, 'maxDuration'),
    limit: limitOf(query, ['limit']),
  });
}

/** The parameters of Jaeger's v3 search, in camelCase or snake_case; both times are required. */
export function readSearchV3(query: URLSearchParams): TraceQuery {
  const named = (name: string) => query.get(`query.${name}`) ?? query.get(`query.${snake(name)}`);
  const fromMicros = requiredTime(named('startTimeMin'), 'query.startTimeMin');
  const toMicros = requiredTime(named('startTimeMax'), 'query.startTimeMax');
  if (fromMicros >= toMicros)
    throw new QueryError("'query.startTimeMin' must be before 'query.startTimeMax'");
  return withCheckedDurations({
    service: named('serviceName') || undefined,
    operation: named('operationName') || undefined,
    tags: new Map(tagObjects([named('attributes') || '{}'], 'query.attributes')),
    fromMicros,
    toMicros,
    minDurationMicros: goDuration(named('durationMin'), 'query.durationMin'),
    maxDurationMicros: goDuration(named('durationMax'), 'query.durationMax'),
    limit: limitOf(query, ['query.searchDepth', 'query.search_depth', 'query.num_traces']),
  });
}

/** `start` and `end` beside a trace id; Grafana sends milliseconds there, everybody else microseconds. */
export function readTimeHint(query: URLSearchParams): TimeRange | undefined {
  const fromMicros = hintOf(
    query.get('start') ?? query.get('startTime') ?? query.get('start_time'),
  );
  const toMicros = hintOf(query.get('end') ?? query.get('endTime') ?? query.get('end_time'));
  return fromMicros === undefined || toMicros === undefined ? undefined : { fromMicros, toMicros };
}

/** 1 to 32 hex digits, padded to 32, or 8 or 16 bytes in base64; undefined when it is neither. */
export function readTraceId(text: string): string | undefined {
  if (/^[0-9a-f]{1,32}$/i.test(text)) return text.toLowerCase().padStart(32, '0');
  if (!/^[\w+/-]{1,22}={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  const isId = bytes.length === 8 || bytes.length === 16;
  return isId ? bytes.toString('hex').padStart(32, '0') : undefined;
}

/** `endTs` and `lookback` of the dependency graph, in milliseconds. */
export function readDependencyRange(query: URLSearchParams, nowMicros: number): TimeRange {
  const toMicros = (wholeOf(query, 'endTs') ?? nowMicros / 1000) * 1000;
  const lookback = (wholeOf(query, 'lookback') ?? 86_400_000) * 1000;
  return { fromMicros: Math.max(0, toMicros - lookback), toMicros };
}

function withCheckedDurations(query: TraceQuery): TraceQuery {
  const { minDurationMicros = 0, maxDurationMicros = Number.POSITIVE_INFINITY } = query;
  if (maxDurationMicros < minDurationMicros)
    throw new QueryError("'maxDuration' should be greater than 'minDuration'");
  return query;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`);
}

function* tagPairs(tags: readonly string[]): Generator<[string, string]> {
  for (const tag of tags) {
    const colon = tag.indexOf(':');
    if (colon < 0) throw new QueryError(`malformed 'tag' parameter, expecting key:value: ${tag}`);
    yield [tag.slice(0, colon), tag.slice(colon + 1)];
  }
}

function* tagObjects(texts: readonly string[], name: string): Generator<[string, string]> {
  for (const text of texts.filter((one) => one !== '')) {
    for (const [key, value] of Object.entries(parseObject(text, name))) {
      if (typeof value !== 'string')
        throw new QueryError(
          `malformed '${name}' parameter: the value of '${key}' is not a string`,
        );
      yield [key, value];
    }
  }
}

function parseObject(text: string, name: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new QueryError(`malformed '${name}' parameter, expecting a JSON object of strings`);
}

function wholeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw new QueryError(`unable to parse param '${name}': '${text}' is not a whole number`);
}

function limitOf(query: URLSearchParams, names: readonly string[]): number {
  const name = names.find((one) => query.has(one)) ?? 'limit';
  const limit = wholeOf(query, name) ?? defaultLimit;
  if (limit < 1 || limit > maxLimit)
    throw new QueryError(`'${name}' must be from 1 to ${maxLimit}, and is ${limit}`);
  return limit;
}

function durationOf(query: URLSearchParams, name: string): number | undefined {
  return goDuration(query.get(name), name);
}

function goDuration(text: string | null, name: string): number | undefined {
  if (text === null || text === '') return undefined;
  const micros = parseGoDuration(text);
  if (micros === undefined)
    throw new QueryError(
      `unable to parse param '${name}': '${text}' is not a duration such as 1.2s`,
    );
  return micros;
}

function requiredTime(text: string | null, name: string): number {
  const micros = text === null ? Number.NaN : Date.parse(text) * 1000;
  if (Number.isNaN(micros))
    throw new QueryError(`'${name}' must be a time such as 2026-01-01T00:00:00Z`);
  return micros;
}

function hintOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,16}$/.test(text)) return Number(text) >= 1e14 ? Number(text) : Number(text) * 1000;
  const micros = Date.parse(text) * 1000;
  return Number.isNaN(micros) ? undefined : micros;
}
