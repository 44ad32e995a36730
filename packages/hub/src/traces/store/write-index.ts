import {
  BLOB,
  BOOLEAN,
  blobValue,
  DOUBLE,
  type DuckDBValue,
  UINTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import { appendRows, type Columns, type IndexTable } from './append-rows.ts';
import type { BuiltBlock } from './block-builder.ts';
import type { BlockPlace } from './segment-files.ts';
import type { NamedOperation, NamedOrigin } from './segment-names.ts';
import type { IndexConnection } from './span-index.ts';

/** A block that lies in its file, and the names that it uses for the first time. */
export interface WrittenBlock extends BlockPlace {
  readonly id: number;
  readonly built: Omit<BuiltBlock, 'content'>;
  readonly newOperations: readonly NamedOperation[];
  readonly newOrigins: readonly NamedOrigin[];
}

const tables = {
  blocks: {
    name: 'blocks',
    types: [UINTEGER, UINTEGER, DOUBLE, UINTEGER, UINTEGER, DOUBLE, DOUBLE, DOUBLE, BLOB],
  },
  ranges: {
    name: 'block_operations',
    types: [UINTEGER, UINTEGER, DOUBLE, DOUBLE, DOUBLE, DOUBLE, BOOLEAN],
  },
  operations: { name: 'operations', types: [UINTEGER, UINTEGER, VARCHAR, VARCHAR, UTINYINT] },
  origins: {
    name: 'origins',
    types: [UINTEGER, UINTEGER, VARCHAR, VARCHAR, VARCHAR, BLOB, BLOB],
  },
} satisfies Readonly<Record<string, IndexTable>>;

/** Writes all of the blocks or none; they can be read when it resolves. */
export function indexBlocks(
  writer: IndexConnection,
  blocks: readonly WrittenBlock[],
): Promise<void> {
  const { connection } = writer;
  return writer.transact(async () => {
    await appendRows(connection, tables.origins, columnsOf(blocks.flatMap(originRows), 7));
    await appendRows(connection, tables.operations, columnsOf(blocks.flatMap(operationRows), 5));
    await appendRows(connection, tables.ranges, columnsOf(blocks.flatMap(rangeRows), 7));
    await appendRows(connection, tables.blocks, columnsOf(blocks.map(blockRow), 9));
  });
}

/** Forgets what the index knows of one segment. */
export function forgetSegment(writer: IndexConnection, segment: number): Promise<void> {
  return writer.transact(async () => {
    const [row] = await writer.rows('SELECT min(id), max(id) FROM blocks WHERE segment = $1', [
      segment,
    ]);
    const [first, last] = row ?? [];
    if (typeof first === 'number' && typeof last === 'number')
      await writer.rows(`DELETE FROM block_operations WHERE block BETWEEN ${first} AND ${last}`);
    for (const table of ['blocks', 'operations', 'origins'])
      await writer.rows(`DELETE FROM ${table} WHERE segment = $1`, [segment]);
  });
}

function columnsOf(rows: readonly (readonly DuckDBValue[])[], width: number): Columns {
  return Array.from({ length: width }, (_, at) => rows.map((row) => row[at] as DuckDBValue));
}

function blockRow({ id, segment, position, bytes, built }: WrittenBlock): DuckDBValue[] {
  const { spans, receivedMicros, traceHashes } = built;
  const { oldestMicros, newestMicros } = timesOf(built);
  const hashes = new Uint8Array(traceHashes.buffer, traceHashes.byteOffset, traceHashes.byteLength);
  const times = [receivedMicros, oldestMicros, newestMicros];
  return [id, segment, position, bytes, spans, ...times, blobValue(hashes)];
}

/** The first and the last start of a block's spans. */
export function timesOf({ operations }: Pick<BuiltBlock, 'operations'>): {
  readonly oldestMicros: number;
  readonly newestMicros: number;
} {
  return {
    oldestMicros: Math.min(...operations.map((range) => range.oldestMicros)),
    newestMicros: Math.max(...operations.map((range) => range.newestMicros)),
  };
}

function rangeRows({ id, built }: WrittenBlock): DuckDBValue[][] {
  return built.operations.map((range) => [
    id,
    range.operation,
    range.oldestMicros,
    range.newestMicros,
    range.shortestMicros,
    range.longestMicros,
    range.hasFailed,
  ]);
}

function operationRows({ segment, newOperations }: WrittenBlock): DuckDBValue[][] {
  return newOperations.map(({ id, service, name, kind }) => [id, segment, service, name, kind]);
}

function originRows({ segment, newOrigins }: WrittenBlock): DuckDBValue[][] {
  return newOrigins.map((origin) => [
    origin.id,
    segment,
    origin.service,
    origin.version ?? null,
    origin.environment ?? null,
    blobValue(origin.resourceBytes),
    blobValue(origin.scopeBytes),
  ]);
}
