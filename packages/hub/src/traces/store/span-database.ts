import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** The open DuckDB file with one connection for writing and one for reading. */
export interface SpanDatabase {
  readonly writer: DuckDBConnection;
  readonly reader: DuckDBConnection;
  close(): void;
}

/**
 * `memory_limit` because DuckDB otherwise takes most of the machine; no automatic checkpoint because it would run inside an
 * append and stop the event loop for up to a quarter of a second: the store asks for one, which runs on another thread.
 */
const settings: Readonly<Record<string, string>> = {
  memory_limit: '256MB',
  threads: '2',
  checkpoint_threshold: '4GB',
  preserve_insertion_order: 'false',
  enable_external_access: 'false',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

const schema = `
  CREATE TABLE IF NOT EXISTS origins (
    id INTEGER NOT NULL,
    digest VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    resource BLOB NOT NULL,
    scope BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS spans (
    trace_id VARCHAR NOT NULL,
    start_micros BIGINT NOT NULL,
    duration_micros BIGINT NOT NULL,
    operation VARCHAR NOT NULL,
    kind UTINYINT NOT NULL,
    origin INTEGER NOT NULL,
    received_micros BIGINT NOT NULL,
    raw BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS dependency_minutes (
    minute_micros BIGINT NOT NULL,
    parent VARCHAR NOT NULL,
    child VARCHAR NOT NULL,
    calls DOUBLE NOT NULL,
    PRIMARY KEY (minute_micros, parent, child)
  );`;

/** Opens the file or makes it; what a killed process left in the write-ahead log is read back in. */
export async function openSpanDatabase(path: string): Promise<SpanDatabase> {
  await mkdir(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(path, { ...settings });
  const writer = await instance.connect();
  const reader = await instance.connect();
  await writer.run(schema);
  return {
    writer,
    reader,
    close: () => {
      reader.closeSync();
      writer.closeSync();
      instance.closeSync();
    },
  };
}
