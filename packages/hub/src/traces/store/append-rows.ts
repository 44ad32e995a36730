// Hot path: whole columns in one data chunk, because a call into native code for every value took 2.5 times as long.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** DuckDB's vector size: rows in one chunk at most. */
const chunkRows = 2048;

/** A table and the types of its columns, in their order. */
export interface IndexTable {
  readonly name: string;
  readonly types: readonly DuckDBType[];
}

/** Columns of equal length, in the order of the table's. */
export type Columns = readonly (readonly DuckDBValue[])[];

/** Appends the rows within the transaction of the connection; the thread is free after each chunk. */
export async function appendRows(
  connection: DuckDBConnection,
  table: IndexTable,
  columns: Columns,
): Promise<void> {
  const rows = columns[0]?.length ?? 0;
  if (rows === 0) return;
  const appender = await connection.createAppender(table.name);
  try {
    for (let from = 0; from < rows; from += chunkRows) {
      appendChunk(
        appender,
        table.types,
        columns.map((column) => column.slice(from, from + chunkRows)),
      );
      await nextTurn();
    }
  } finally {
    appender.closeSync();
  }
}

function appendChunk(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
  columns: Columns,
): void {
  const chunk = DuckDBDataChunk.create(types, columns[0]?.length ?? 0);
  columns.forEach((column, at) => {
    chunk.setColumnValues(at, column);
  });
  appender.appendDataChunk(chunk);
  appender.flushSync();
}
