import type { SpanKind } from '@concordat/domain';
import type { DuckDBBlobValue, DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { decodeOrigin, decodeSpan } from '../decode/decode-otlp.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import { kindNumbers } from './append-spans.ts';
import { hasTags } from './match-span.ts';
import type { SpanDatabase } from './span-database.ts';
import type { StoredTrace, TimeRange, TraceQuery } from './trace-reader.ts';

export type { StoredTrace, TimeRange, TraceQuery };

export interface StoredDependency {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
}

/** Spans of one trace that are read at most; a trace beyond it is shown in part. */
const maxTraceSpans = 20_000;
const pageRows = 2048;
const maxScannedRows = 200_000;
const hourMicros = 3_600_000_000;
const kindNames = Object.keys(kindNumbers) as SpanKind[];

interface CandidatePage {
  readonly spans: readonly ReceivedSpan[];
  /** Start and row id of the last row: where the next page begins. */
  readonly last: readonly DuckDBValue[] | undefined;
  readonly isLast: boolean;
}

/** Reads what the span store has written; the caller flushes first. */
export class TraceStore {
  readonly #connection: DuckDBConnection;

  constructor(database: SpanDatabase) {
    this.#connection = database.reader;
  }

  async answers(): Promise<void> {
    await this.#rows('SELECT 1');
  }

  /** Also of services whose spans are gone already. */
  async services(): Promise<readonly string[]> {
    const rows = await this.#rows('SELECT DISTINCT service FROM origins ORDER BY service');
    return rows.map(([service]) => String(service));
  }

  async operations(
    service: string,
    kind?: SpanKind,
  ): Promise<readonly { readonly name: string; readonly kind: SpanKind }[]> {
    const rows = await this.#rows(
      `SELECT DISTINCT operation, kind FROM spans
       WHERE origin IN (SELECT id FROM origins WHERE service = $1) AND ($2 < 0 OR kind = $2)
       ORDER BY operation, kind`,
      [service, kind === undefined ? -1 : kindNumbers[kind]],
    );
    return rows.map(([name, number]) => ({
      name: String(name),
      kind: kindNames[Number(number)] as SpanKind,
    }));
  }

  /** The hint narrows the search; a trace that lies outside it is found all the same. */
  async trace(traceId: string, hint?: TimeRange): Promise<StoredTrace | undefined> {
    const hinted = hint === undefined ? [] : await this.#traces([traceId], widened(hint));
    const found = hinted.length > 0 ? hinted : await this.#traces([traceId]);
    return found[0];
  }

  /** Newest first; one single span of the trace meets every condition. */
  async search(query: TraceQuery): Promise<readonly StoredTrace[]> {
    const ids =
      query.tags.size === 0 ? await this.#newestTraces(query) : await this.#scanForTags(query);
    if (ids.size === 0) return [];
    const starts = [...ids.values()];
    const range = { fromMicros: Math.min(...starts), toMicros: Math.max(...starts) };
    const traces = await this.#traces([...ids.keys()], widened(range));
    const order = [...ids.keys()];
    return traces.sort((a, b) => order.indexOf(a.traceId) - order.indexOf(b.traceId));
  }

  async dependencies(range: TimeRange, service?: string): Promise<readonly StoredDependency[]> {
    const rows = await this.#rows(
      `SELECT parent, child, round(sum(calls)) FROM dependency_minutes
       WHERE minute_micros >= $1 AND minute_micros <= $2
         AND ($3 IS NULL OR parent = $3 OR child = $3)
       GROUP BY parent, child ORDER BY parent, child`,
      [
        BigInt(Math.floor(range.fromMicros / 60_000_000) * 60_000_000),
        BigInt(Math.ceil(range.toMicros)),
        service ?? null,
      ],
    );
    return rows.map(([parent, child, calls]) => ({
      parent: String(parent),
      child: String(child),
      callCount: Number(calls),
    }));
  }

  async #newestTraces(query: TraceQuery): Promise<Map<string, number>> {
    const { text, values } = whereOf(query);
    const rows = await this.#rows(
      `SELECT trace_id, max(start_micros) AS newest FROM spans WHERE ${text}
       GROUP BY trace_id ORDER BY newest DESC LIMIT ${query.limit}`,
      values,
    );
    return new Map(rows.map(([id, newest]) => [String(id), Number(newest)]));
  }

  /** Walks back in time page by page, because tags are looked up in the spans themselves. */
  async #scanForTags(query: TraceQuery): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    let page: CandidatePage = { spans: [], last: undefined, isLast: false };
    for (let scanned = 0; scanned < maxScannedRows && !page.isLast; scanned += pageRows) {
      page = await this.#candidates(query, page.last);
      for (const span of page.spans) {
        if (found.size >= query.limit) return found;
        if (!found.has(span.traceId) && hasTags(span, query.tags))
          found.set(span.traceId, span.startMicros);
      }
    }
    return found;
  }

  async #candidates(query: TraceQuery, last: CandidatePage['last']): Promise<CandidatePage> {
    const { text, values } = whereOf(query);
    const after = last === undefined ? '' : 'AND (start_micros, spans.rowid) < ($7, $8)';
    const rows = await this.#rows(
      `SELECT ${spanColumns}, start_micros, spans.rowid
       FROM spans JOIN origins ON origins.id = origin
       WHERE ${text} ${after} ORDER BY start_micros DESC, spans.rowid DESC LIMIT ${pageRows}`,
      [...values, ...(last ?? [])],
    );
    return {
      spans: spansOf(rows),
      last: rows.at(-1)?.slice(-2),
      isLast: rows.length < pageRows,
    };
  }

  async #traces(ids: readonly string[], range?: TimeRange): Promise<StoredTrace[]> {
    const marks = ids.map((_, index) => `$${index + 1}`).join(', ');
    const within =
      range === undefined
        ? ''
        : `AND start_micros BETWEEN ${Math.floor(range.fromMicros)} AND ${Math.ceil(range.toMicros)}`;
    const rows = await this.#rows(
      `SELECT ${spanColumns} FROM spans JOIN origins ON origins.id = origin
       WHERE trace_id IN (${marks}) ${within} LIMIT ${ids.length * maxTraceSpans}`,
      ids,
    );
    const byTrace = new Map<string, ReceivedSpan[]>();
    for (const span of spansOf(rows)) {
      const spans = byTrace.get(span.traceId);
      if (spans === undefined) byTrace.set(span.traceId, [span]);
      else spans.push(span);
    }
    return [...byTrace].map(([traceId, spans]) => ({ traceId, spans: inOrder(unique(spans)) }));
  }

  async #rows(sql: string, values: readonly DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    const result = await this.#connection.runAndReadAll(sql, [...values]);
    return result.getRows();
  }
}

const spanColumns = 'origin, service, resource, scope, raw';

function whereOf(query: TraceQuery): { text: string; values: readonly DuckDBValue[] } {
  return {
    text: `start_micros >= $1 AND start_micros <= $2
      AND ($3 IS NULL OR origin IN (SELECT id FROM origins WHERE service = $3))
      AND ($4 IS NULL OR operation = $4)
      AND ($5 IS NULL OR duration_micros >= $5) AND ($6 IS NULL OR duration_micros <= $6)`,
    values: [
      BigInt(Math.floor(query.fromMicros)),
      BigInt(Math.ceil(query.toMicros)),
      query.service ?? null,
      query.operation ?? null,
      query.minDurationMicros ?? null,
      query.maxDurationMicros ?? null,
    ],
  };
}

function widened({ fromMicros, toMicros }: TimeRange): TimeRange {
  return { fromMicros: Math.max(0, fromMicros - hourMicros), toMicros: toMicros + hourMicros };
}

function spansOf(rows: readonly DuckDBValue[][]): ReceivedSpan[] {
  const origins = new Map<number, Origin>();
  const spans: ReceivedSpan[] = [];
  for (const [id, service, resource, scope, raw] of rows) {
    const origin =
      origins.get(Number(id)) ??
      decodeOrigin(bytesOf(resource), bytesOf(scope), { 'service.name': String(service) });
    origins.set(Number(id), origin);
    const span = decodeSpan(bytesOf(raw), origin);
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

function bytesOf(value: DuckDBValue | undefined): Buffer {
  const { bytes } = value as DuckDBBlobValue;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Senders repeat spans; of the same id and kind the one that ended last is the fullest. */
function unique(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const byId = new Map<string, ReceivedSpan>();
  for (const span of spans) {
    const key = `${span.spanId} ${span.kind}`;
    const known = byId.get(key);
    if (known === undefined || endOf(span) > endOf(known)) byId.set(key, span);
  }
  return [...byId.values()];
}

function endOf(span: ReceivedSpan): number {
  return span.startMicros + span.durationMicros;
}

/** The root first, then by start: some readers take the first span for the root. */
function inOrder(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const rank = (span: ReceivedSpan): number => {
    if (span.parentSpanId === undefined) return 0;
    return ids.has(span.parentSpanId) ? 2 : 1;
  };
  return [...spans].sort((a, b) => rank(a) - rank(b) || a.startMicros - b.startMicros);
}
