import type { ReceivedSpan } from '../decode/received-span.ts';
import { hasTags } from '../store/match-span.ts';
import type { StoredTrace, TraceQuery } from '../store/trace-reader.ts';
import { assembleTraces } from './assemble-traces.ts';
import { TooMuchError } from './jaeger-client.ts';
import type { JaegerDialect } from './jaeger-dialect.ts';
import { JaegerReadError } from './jaeger-read-error.ts';

/** Each page asks for traces before those of the last. */
const maxPages = 20;
/** Asked one by one where Jaeger does not search in all services. */
const maxServices = 100;

interface Find {
  readonly trace: StoredTrace;
  /** Start of the newest span that meets the conditions. */
  readonly newest: number;
}

/** Traces by the newest span of each that meets the conditions, the newest first. */
export async function searchNewest(
  dialect: JaegerDialect,
  query: TraceQuery,
): Promise<readonly StoredTrace[]> {
  return newestOf(await findPages(dialect, query), query.limit);
}

/** The same for a Jaeger that wants a service, of which the query names none. */
export async function searchByService(
  dialect: JaegerDialect,
  query: TraceQuery,
): Promise<readonly StoredTrace[]> {
  const services = await dialect.services();
  if (services.length > maxServices)
    throw new JaegerReadError(
      `This Jaeger searches one service at a time and has ${services.length}; choose a service.`,
      400,
    );
  const finds = new Map<string, Find>();
  for (const service of services) {
    const pages = await findPages(dialect, { ...query, service });
    for (const find of pages.values()) addNewer(finds, find);
  }
  return newestOf(finds, query.limit);
}

function addNewer(finds: Map<string, Find>, find: Find): void {
  const { traceId } = find.trace;
  const known = finds.get(traceId);
  if (known === undefined || find.newest > known.newest) finds.set(traceId, find);
}

function newestOf(finds: ReadonlyMap<string, Find>, limit: number): readonly StoredTrace[] {
  return [...finds.values()]
    .sort((a, b) => b.newest - a.newest)
    .slice(0, limit)
    .map(({ trace }) => trace);
}

/**
 * Asks page by page until there are as many traces as asked for: there is more than one page only where all of them have
 * more bytes than may be held at once. Jaeger has no cursor, so a page ends where the oldest find of the last one started.
 */
async function findPages(
  dialect: JaegerDialect,
  query: TraceQuery,
): Promise<ReadonlyMap<string, Find>> {
  const finds = new Map<string, Find>();
  let { limit: depth, toMicros } = query;
  for (let page = 0; page < maxPages && finds.size < query.limit; page += 1) {
    const spans = await withinBytes(dialect, { ...query, toMicros, limit: depth });
    if (spans === undefined) {
      depth = Math.ceil(depth / 4);
      continue;
    }
    const before = finds.size;
    const news = assembleTraces(spans).map((trace) => ({
      trace,
      newest: newestMatch(trace, query),
    }));
    for (const find of news) addNewer(finds, find);
    if (news.length < depth) break;
    const oldest = news.reduce((least, { newest }) => Math.min(least, newest), toMicros);
    // Where a page brings nothing new, only the time before it can hold others.
    toMicros = finds.size > before ? oldest : oldest - 1;
  }
  return finds;
}

/** Undefined when there are too many bytes, and fewer traces could be asked for. */
async function withinBytes(
  dialect: JaegerDialect,
  query: TraceQuery,
): Promise<readonly ReceivedSpan[] | undefined> {
  try {
    return await dialect.search(query);
  } catch (error) {
    if (error instanceof TooMuchError && query.limit > 1) return undefined;
    throw error;
  }
}

/** Start of the newest span that Jaeger can have meant; of the newest at all where that cannot be told. */
function newestMatch({ spans }: StoredTrace, query: TraceQuery): number {
  const matching = spans.filter((span) => matches(span, query));
  const starts = (matching.length > 0 ? matching : spans).map((span) => span.startMicros);
  return starts.reduce((newest, start) => Math.max(newest, start), 0);
}

function matches(span: ReceivedSpan, query: TraceQuery): boolean {
  const { minDurationMicros = 0, maxDurationMicros = Number.POSITIVE_INFINITY } = query;
  return (
    (query.service === undefined || span.resource.service === query.service) &&
    (query.operation === undefined || span.name === query.operation) &&
    span.startMicros >= query.fromMicros &&
    span.startMicros <= query.toMicros &&
    span.durationMicros >= minDurationMicros &&
    span.durationMicros <= maxDurationMicros &&
    hasTags(span, query.tags)
  );
}
