import { BLOB, blobValue, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { decodeSpan } from '../decode/decode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { appendRows } from './append-rows.ts';
import { bytesOf, originOf } from './query-index.ts';
import type { IndexConnection } from './span-index.ts';
import type { StoredTrace } from './trace-reader.ts';

const archivedSpans = {
  name: 'archived_spans',
  types: [VARCHAR, VARCHAR, VARCHAR, VARCHAR, BLOB, BLOB, BLOB],
};

/** Keeps a copy of the trace that no retention takes; one that was kept before is replaced. */
export function writeArchived(writer: IndexConnection, trace: StoredTrace): Promise<void> {
  const columns: DuckDBValue[][] = [[], [], [], [], [], [], []];
  for (const { origin, raw } of trace.spans) {
    const { service, version, environment } = origin.resource;
    const row = [trace.traceId, service, version ?? null, environment ?? null];
    const bytes = [origin.resourceBytes, origin.scopeBytes, raw].map((one) => blobValue(one));
    [...row, ...bytes].forEach((value, at) => {
      columns[at]?.push(value);
    });
  }
  return writer.transact(async () => {
    await writer.rows('DELETE FROM archived_spans WHERE trace_id = $1', [trace.traceId]);
    await appendRows(writer.connection, archivedSpans, columns);
  });
}

/** Empty for a trace that was not archived. */
export async function readArchived(
  reader: IndexConnection,
  traceId: string,
): Promise<readonly ReceivedSpan[]> {
  const rows = await reader.rows(
    `SELECT service, version, environment, resource, scope, message FROM archived_spans
     WHERE trace_id = $1`,
    [traceId],
  );
  return rows.flatMap((row) => decodeSpan(bytesOf(row[5]), originOf(row)) ?? []);
}
