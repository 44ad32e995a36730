// Hot path: whole columns in one data chunk, because nine calls into native code for every row took 2.5 times as long.
import type { SpanKind } from '@concordat/domain';
import {
  BIGINT,
  BLOB,
  blobValue,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBValue,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { Origin } from '../decode/received-span.ts';
import type { QueuedSpan } from './span-queue.ts';

/** DuckDB's vector size: rows in one chunk at most. */
export const chunkRows = 2048;

export const kindNumbers: Readonly<Record<SpanKind, number>> = {
  unspecified: 0,
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};

const types = [VARCHAR, BIGINT, BIGINT, VARCHAR, UTINYINT, INTEGER, BIGINT, BLOB];

/** Appends at most `chunkRows` spans in the order of the table's columns; they are in the table after a flush. */
export function appendSpans(
  appender: DuckDBAppender,
  rows: readonly QueuedSpan[],
  originId: (origin: Origin) => number,
): void {
  const chunk = DuckDBDataChunk.create(types, rows.length);
  const column = (index: number, value: (row: QueuedSpan) => DuckDBValue): void =>
    chunk.setColumnValues(index, rows.map(value));
  column(0, ({ span }) => span.traceId);
  column(1, ({ span }) => BigInt(span.startMicros));
  column(2, ({ span }) => BigInt(Math.round(span.durationMicros)));
  column(3, ({ span }) => span.name);
  column(4, ({ span }) => kindNumbers[span.kind]);
  column(5, ({ span }) => originId(span.origin));
  column(6, ({ receivedMicros }) => BigInt(receivedMicros));
  column(7, ({ span }) => blobValue(span.raw));
  appender.appendDataChunk(chunk);
}
