import type { TimeRange, TraceQuery } from '../store/trace-reader.ts';
import { QuestionError } from './question.ts';
import {
  bothSpellings,
  flag,
  goDuration,
  limit,
  type Parameter,
  parameterOf,
  requiredTime,
  tagObject,
  time,
  wholeNumber,
} from './read-parameters.ts';

export interface Search {
  readonly query: TraceQuery;
  readonly raw: boolean;
}

const defaultLookbackMicros = 48 * 3_600_000_000;

/** The parameters of Jaeger's v1 search; an empty service means any, because Grafana sends that for "all services". */
export function readSearchV1(query: URLSearchParams, nowMicros: number): Search {
  const named = (name: string) => parameterOf(query, name);
  const { fromMicros, toMicros } = readWindow(query, nowMicros);
  const objects = query.getAll('tags').map((text) => ({ name: 'tags', text: text || undefined }));
  return {
    query: withCheckedDurations({
      service: query.get('service') || undefined,
      operation: query.get('operation') || undefined,
      tags: new Map([
        ...tagPairs(query.getAll('tag')),
        ...objects.flatMap((object) => [...tagObject(object)]),
      ]),
      fromMicros,
      toMicros,
      minDurationMicros: goDuration(named('minDuration')) || undefined,
      maxDurationMicros: goDuration(named('maxDuration')) || undefined,
      limit: limit(named('limit')),
    }),
    raw: flag(named('raw')),
  };
}

/** `start` and `end` in microseconds; the last two days where they are missing or 0, which Jaeger's UI writes for "any". */
export function readWindow(query: URLSearchParams, nowMicros: number): TimeRange {
  const fromMicros = wholeNumber(parameterOf(query, 'start')) || nowMicros - defaultLookbackMicros;
  const toMicros = wholeNumber(parameterOf(query, 'end')) || nowMicros;
  return { fromMicros, toMicros };
}

/** What Jaeger understands where its storage does, and this hub does not. */
const unsupported = [
  'query.filter',
  'query.orderBy',
  'query.pagination.pageSize',
  'query.pagination.pageToken',
];

/** The parameters of Jaeger's v3 search, in camelCase or snake_case; both times are required. */
export function readSearchV3(query: URLSearchParams): Search {
  for (const name of unsupported)
    if (parameterOf(query, name).text !== undefined)
      throw new QuestionError(
        `'${name}' is not supported here; search with query.attributes and the other parameters`,
        { status: 501 },
      );
  const named = (name: string): Parameter => parameterOf(query, ...bothSpellings(`query.${name}`));
  const fromMicros = requiredTime(named('startTimeMin'));
  const toMicros = requiredTime(named('startTimeMax'));
  if (fromMicros >= toMicros)
    throw new QuestionError("'query.startTimeMin' must be before 'query.startTimeMax'");
  const depth = [...bothSpellings('query.searchDepth'), 'query.num_traces'];
  return {
    query: withCheckedDurations({
      service: named('serviceName').text,
      operation: named('operationName').text,
      tags: new Map(tagObject(named('attributes'))),
      fromMicros,
      toMicros,
      minDurationMicros: goDuration(named('durationMin')) || undefined,
      maxDurationMicros: goDuration(named('durationMax')) || undefined,
      limit: limit(parameterOf(query, ...depth)),
    }),
    raw: flag(named('rawTraces')),
  };
}

/** `startTime` and `endTime` of API v3; a hint needs both. */
export function readHintV3(query: URLSearchParams): TimeRange | undefined {
  const fromMicros = time(parameterOf(query, ...bothSpellings('startTime')));
  const toMicros = time(parameterOf(query, ...bothSpellings('endTime')));
  return fromMicros === undefined || toMicros === undefined ? undefined : { fromMicros, toMicros };
}

/** `start` and `end` beside a trace id: Grafana sends milliseconds there, everybody else microseconds. */
export function readHintV1(query: URLSearchParams): TimeRange | undefined {
  const fromMicros = hintOf(parameterOf(query, 'start'));
  const toMicros = hintOf(parameterOf(query, 'end'));
  return fromMicros === undefined || toMicros === undefined ? undefined : { fromMicros, toMicros };
}

function hintOf(parameter: Parameter): number | undefined {
  const number = wholeNumber(parameter);
  return number === undefined || number >= 1e14 ? number : number * 1000;
}

/** A duration of 0 bounds nothing, as in Jaeger. */
function withCheckedDurations(query: TraceQuery): TraceQuery {
  const { minDurationMicros = 0, maxDurationMicros = Number.POSITIVE_INFINITY } = query;
  if (maxDurationMicros < minDurationMicros)
    throw new QuestionError("'maxDuration' should be greater than 'minDuration'");
  return query;
}

function* tagPairs(tags: readonly string[]): Generator<[string, string]> {
  for (const tag of tags) {
    const colon = tag.indexOf(':');
    if (colon < 0)
      throw new QuestionError(`malformed 'tag' parameter, expecting key:value: ${tag}`);
    yield [tag.slice(0, colon), tag.slice(colon + 1)];
  }
}
