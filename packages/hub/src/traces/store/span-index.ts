import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** The open index with one connection for writing and one for reading. */
export interface SpanIndex {
  readonly path: string;
  readonly writer: IndexConnection;
  readonly reader: IndexConnection;
  close(): void;
}

/**
 * `memory_limit` because DuckDB otherwise takes most of the machine; no automatic checkpoint because it would run inside an
 * append and stop the thread: the store asks for one, which runs on another thread. One thread, because questions are small
 * and handing parts of them over costs more than it gains.
 */
const settings: Readonly<Record<string, string>> = {
  memory_limit: '192MB',
  threads: '1',
  checkpoint_threshold: '4GB',
  preserve_insertion_order: 'false',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

const schema = `
  CREATE TABLE IF NOT EXISTS blocks (
    id UINTEGER NOT NULL,
    segment UINTEGER NOT NULL,
    position DOUBLE NOT NULL,
    bytes UINTEGER NOT NULL,
    spans UINTEGER NOT NULL,
    received_micros DOUBLE NOT NULL,
    oldest_micros DOUBLE NOT NULL,
    newest_micros DOUBLE NOT NULL,
    trace_hashes BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS block_operations (
    block UINTEGER NOT NULL,
    operation UINTEGER NOT NULL,
    oldest_micros DOUBLE NOT NULL,
    newest_micros DOUBLE NOT NULL,
    shortest_micros DOUBLE NOT NULL,
    longest_micros DOUBLE NOT NULL,
    has_failed BOOLEAN NOT NULL
  );
  CREATE TABLE IF NOT EXISTS operations (
    id UINTEGER NOT NULL,
    segment UINTEGER NOT NULL,
    service VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind UTINYINT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS origins (
    id UINTEGER NOT NULL,
    segment UINTEGER NOT NULL,
    service VARCHAR NOT NULL,
    version VARCHAR,
    environment VARCHAR,
    resource BLOB NOT NULL,
    scope BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS archived_spans (
    trace_id VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    version VARCHAR,
    environment VARCHAR,
    resource BLOB NOT NULL,
    scope BLOB NOT NULL,
    message BLOB NOT NULL
  );`;

/** Opens the file or makes it; what a killed process left in the write-ahead log is read back in. */
export async function openSpanIndex(path: string): Promise<SpanIndex> {
  await mkdir(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(path, { ...settings });
  const writer = await instance.connect();
  const reader = await instance.connect();
  await writer.run(schema);
  return {
    path,
    writer: new IndexConnection(writer),
    reader: new IndexConnection(reader),
    close: () => {
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
}

/** One question at a time: a second one would wait inside a thread of the pool, which packing and reading need too. */
export class IndexConnection {
  readonly connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  rows(sql: string, values: readonly DuckDBValue[] = []): Promise<DuckDBValue[][]> {
    return this.#inTurn(async () => {
      const result = await this.connection.runAndReadAll(sql, [...values]);
      return result.getRows();
    });
  }

  /** Of numbers only, for answers too large to be held as rows: told column by column, a chunk at a time. */
  visit(sql: string, visitChunk: (columns: readonly (readonly number[])[]) => void): Promise<void> {
    return this.#inTurn(async () => {
      const result = await this.connection.stream(sql);
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      )
        visitChunk(chunk.getColumns() as number[][]);
    });
  }

  /** Resolves when nothing that was asked waits for its answer: what is closed under a question takes the process down. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const asked = this.#last.then(ask);
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  /** All of the work or nothing. */
  async transact(work: () => Promise<void>): Promise<void> {
    await this.rows('BEGIN');
    try {
      await work();
      await this.rows('COMMIT');
    } catch (error) {
      await this.rows('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}
