import type { Encodable } from './encode-otlp.ts';
import { type FieldReaders, ThriftReader, thriftTypes } from './thrift-reader.ts';

export type Tags = Record<string, Encodable>;

export interface ThriftLog {
  readonly timeMicros: bigint;
  readonly fields: Tags;
}

export interface ThriftReference {
  readonly followsFrom: boolean;
  readonly traceId: Buffer;
  readonly spanId: Buffer;
}

export interface ThriftSpan {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly name: string;
  readonly references: readonly ThriftReference[];
  readonly startMicros: bigint;
  readonly durationMicros: bigint;
  readonly tags: Tags;
  readonly logs: readonly ThriftLog[];
}

export interface ThriftBatch {
  /** The process's tags, with the service's name as `service.name` and `hostname` as `host.name`. */
  readonly process: Tags;
  readonly spans: readonly ThriftSpan[];
}

const { bool, double, i32, i64, list, string, struct } = thriftTypes;

/** Reads the struct `Batch` of jaeger.thrift in the binary protocol; throws `DecodeError` for anything else. */
export function readThriftBatch(body: Buffer): ThriftBatch {
  const reader = new ThriftReader(body);
  let process: Tags | undefined;
  let spans: readonly ThriftSpan[] = [];
  reader.struct({
    1: [struct, () => (process = readProcess(reader))],
    2: [list, () => (spans = readStructs(reader, readSpan))],
  });
  if (process === undefined) throw reader.error('the process is missing');
  return { process, spans };
}

function readStructs<T>(reader: ThriftReader, readOne: (reader: ThriftReader) => T): T[] {
  const items: T[] = [];
  reader.list(struct, () => items.push(readOne(reader)));
  return items;
}

function readProcess(reader: ThriftReader): Tags {
  let service = '';
  let tags: Tags = {};
  reader.struct({
    1: [string, () => (service = reader.string())],
    2: [list, () => (tags = readTags(reader))],
  });
  const { hostname, ...rest } = tags;
  const host: Tags = hostname === undefined ? {} : { 'host.name': hostname };
  return { ...host, ...rest, 'service.name': service };
}

function readTags(reader: ThriftReader): Tags {
  return Object.fromEntries(readStructs(reader, readTag));
}

/** The exporter fills all value fields; only the type says which one counts. */
function readTag(reader: ThriftReader): [string, Encodable] {
  let key = '';
  let kind = 0;
  const values: Record<number, Encodable> = {};
  reader.struct({
    1: [string, () => (key = reader.string())],
    2: [i32, () => (kind = reader.i32())],
    3: [string, () => (values[0] = reader.string())],
    4: [double, () => (values[1] = reader.double())],
    5: [bool, () => (values[2] = reader.bool())],
    6: [i64, () => (values[3] = reader.i64())],
    7: [string, () => (values[4] = reader.binary())],
  });
  return [key, values[kind] ?? ''];
}

function readSpan(reader: ThriftReader): ThriftSpan {
  const ids: Record<number, bigint> = {};
  const span = {
    name: '',
    references: [] as readonly ThriftReference[],
    tags: {} as Tags,
    logs: [] as readonly ThriftLog[],
  };
  reader.struct({
    ...readI64s(reader, ids, [1, 2, 3, 4, 8, 9]),
    5: [string, () => (span.name = reader.string())],
    6: [list, () => (span.references = readStructs(reader, readReference))],
    10: [list, () => (span.tags = readTags(reader))],
    11: [list, () => (span.logs = readStructs(reader, readLog))],
  });
  return {
    ...span,
    traceId: bigEndian([ids[2], ids[1]]),
    spanId: bigEndian([ids[3]]),
    parentSpanId: bigEndian([ids[4]]),
    startMicros: ids[8] ?? 0n,
    durationMicros: ids[9] ?? 0n,
  };
}

function readReference(reader: ThriftReader): ThriftReference {
  const ids: Record<number, bigint> = {};
  let kind = 0;
  reader.struct({
    1: [i32, () => (kind = reader.i32())],
    ...readI64s(reader, ids, [2, 3, 4]),
  });
  return {
    followsFrom: kind === 1,
    traceId: bigEndian([ids[3], ids[2]]),
    spanId: bigEndian([ids[4]]),
  };
}

function readLog(reader: ThriftReader): ThriftLog {
  let timeMicros = 0n;
  let fields: Tags = {};
  reader.struct({
    1: [i64, () => (timeMicros = reader.i64())],
    2: [list, () => (fields = readTags(reader))],
  });
  return { timeMicros, fields };
}

function readI64s(
  reader: ThriftReader,
  into: Record<number, bigint>,
  ids: readonly number[],
): FieldReaders {
  return Object.fromEntries(ids.map((id) => [id, [i64, () => (into[id] = reader.i64())] as const]));
}

function bigEndian(halves: readonly (bigint | undefined)[]): Buffer {
  const bytes = Buffer.alloc(8 * halves.length);
  for (const [index, half] of halves.entries()) bytes.writeBigInt64BE(half ?? 0n, 8 * index);
  return bytes;
}
