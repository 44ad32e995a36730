import type { SpanKind } from '@concordat/domain';
import type { DuckDBBlobValue, DuckDBValue } from '@duckdb/node-api';
import { decodeOrigin } from '../decode/decode-otlp.ts';
import type { Origin } from '../decode/received-span.ts';
import type { BlockWindow, FoundBlock } from './block-directory.ts';
import { unnamedOperation } from './segment-names.ts';
import type { IndexConnection } from './span-index.ts';
import type { StoredOperation, TraceQuery } from './trace-reader.ts';

/** By the number OTLP has for them. */
const kindNames: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

/** A block that may hold what is searched for, with the start of the newest span that may be it. */
export interface Candidate {
  readonly id: number;
  readonly newestMicros: number;
}

export async function listServices(reader: IndexConnection): Promise<readonly string[]> {
  const rows = await reader.rows('SELECT DISTINCT service FROM operations ORDER BY service');
  return rows.map(([service]) => String(service));
}

export async function listOperations(
  reader: IndexConnection,
  service: string,
  kind: SpanKind | undefined,
): Promise<readonly StoredOperation[]> {
  const rows = await reader.rows(
    `SELECT DISTINCT name, kind FROM operations WHERE service = $1 AND ($2 < 0 OR kind = $2)`,
    [service, kind === undefined ? -1 : kindNames.indexOf(kind)],
  );
  return rows
    .map(([name, number]) => ({ name: String(name), kind: kindNames[Number(number)] as SpanKind }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.kind, b.kind));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The operations a span must be of; undefined when any will do. */
export async function findOperations(
  reader: IndexConnection,
  { service, operation, tags }: TraceQuery,
): Promise<ReadonlySet<number> | undefined> {
  const kind = kindNames.indexOf((tags.get('span.kind') ?? '').toLowerCase() as SpanKind);
  if (service === undefined && operation === undefined && kind < 0) return undefined;
  const rows = await reader.rows(
    `SELECT id FROM operations
     WHERE ($1 IS NULL OR service = $1) AND ($2 IS NULL OR name = $2) AND ($3 < 0 OR kind = $3)`,
    [service ?? null, operation ?? null, kind],
  );
  return new Set([unnamedOperation, ...rows.map(([id]) => Number(id))]);
}

/** Blocks of a window in the order of their newest span that may be meant, newest first. */
export async function findCandidates(
  reader: IndexConnection,
  query: TraceQuery,
  { operations, needsFailed, window }: CandidateBounds,
): Promise<readonly Candidate[]> {
  const ofOperations =
    operations === undefined ? '' : `AND operation IN (${[...operations].join(', ')})`;
  const rows = await reader.rows(
    `SELECT block, max(newest_micros) AS newest FROM block_operations
     WHERE block >= ${window.from} AND block < ${window.to}
       AND newest_micros >= $1 AND oldest_micros <= $2
       AND longest_micros >= $3 AND shortest_micros <= $4
       ${needsFailed ? 'AND has_failed' : ''} ${ofOperations}
     GROUP BY block ORDER BY newest DESC, block DESC`,
    [
      query.fromMicros,
      query.toMicros,
      query.minDurationMicros ?? 0,
      query.maxDurationMicros ?? Number.MAX_SAFE_INTEGER,
    ],
  );
  return rows.map(([block, newest]) => ({ id: Number(block), newestMicros: Number(newest) }));
}

export interface CandidateBounds {
  readonly operations: ReadonlySet<number> | undefined;
  readonly needsFailed: boolean;
  readonly window: BlockWindow;
}

/** The newest blocks that came in since then, as many as hold so many spans; oldest first. */
export async function findRecentBlocks(
  reader: IndexConnection,
  sinceMicros: number,
  maxSpans: number,
): Promise<readonly FoundBlock[]> {
  const rows = await reader.rows(
    `SELECT id, segment, position, bytes FROM (
       SELECT *, sum(spans) OVER (ORDER BY id DESC) AS until_here FROM blocks
       WHERE received_micros >= $1
     ) WHERE until_here <= $2 ORDER BY id`,
    [sinceMicros, maxSpans],
  );
  return rows.map(foundBlock);
}

function foundBlock([id, segment, position, bytes]: readonly DuckDBValue[]): FoundBlock {
  return {
    id: Number(id),
    segment: Number(segment),
    position: Number(position),
    bytes: Number(bytes),
  };
}

/** The traces of the blocks from one number on. */
export async function listTraceHashes(
  reader: IndexConnection,
  firstBlock: number,
): Promise<readonly { readonly id: number; readonly hashes: Uint32Array }[]> {
  const rows = await reader.rows(
    `SELECT id, trace_hashes FROM blocks WHERE id >= ${firstBlock} ORDER BY id`,
  );
  return rows.map(([id, hashes]) => ({
    id: Number(id),
    hashes: new Uint32Array(Uint8Array.from(bytesOf(hashes)).buffer),
  }));
}

export async function findOrigins(
  reader: IndexConnection,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Origin>> {
  const rows = await reader.rows(
    `SELECT service, version, environment, resource, scope, id FROM origins
     WHERE id IN (${ids.join(', ')})`,
  );
  return new Map(rows.map((row) => [Number(row[5]), originOf(row)]));
}

/** The origin of a row that begins with service, version, environment, resource and scope. */
export function originOf(row: readonly DuckDBValue[]): Origin {
  const [service, version, environment, resource, scope] = row;
  return decodeOrigin(bytesOf(resource), bytesOf(scope), {
    'service.name': String(service),
    ...(version === null ? {} : { 'service.version': String(version) }),
    ...(environment === null ? {} : { 'deployment.environment.name': String(environment) }),
  });
}

export function bytesOf(value: DuckDBValue | undefined): Buffer {
  const { bytes } = value as DuckDBBlobValue;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
