import { describe, expect, test } from 'vitest';
import { spansOf } from './column-batch.ts';
import { DecodeError } from './decode-error.ts';
import { decodeThrift } from './decode-thrift.ts';

/** Writes Thrift's binary protocol as far as tests need it: fields of a struct, front to back. */
class ThriftWriter {
  readonly #parts: Buffer[] = [];

  field(type: number, id: number, value: Buffer): this {
    const head = Buffer.alloc(3);
    head.writeUInt8(type);
    head.writeInt16BE(id, 1);
    this.#parts.push(head, value);
    return this;
  }

  text(id: number, value: string): this {
    return this.field(11, id, sized(Buffer.from(value)));
  }

  i32(id: number, value: number): this {
    return this.field(8, id, int32(value));
  }

  i64(id: number, value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return this.field(10, id, bytes);
  }

  list(id: number, items: readonly Buffer[], type = 12): this {
    return this.field(15, id, Buffer.concat([Buffer.of(type), int32(items.length), ...items]));
  }

  finish(): Buffer {
    return Buffer.concat([...this.#parts, Buffer.of(0)]);
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([int32(bytes.length), bytes]);
}

function tag(key: string, value: string | number | boolean | bigint | Buffer): Buffer {
  const writer = new ThriftWriter().text(1, key);
  if (typeof value === 'string') return writer.i32(2, 0).text(3, value).finish();
  if (typeof value === 'boolean')
    return writer
      .i32(2, 2)
      .field(2, 5, Buffer.of(value ? 1 : 0))
      .finish();
  if (typeof value === 'bigint') return writer.i32(2, 3).i64(6, value).finish();
  if (typeof value !== 'number') return writer.i32(2, 4).field(11, 7, sized(value)).finish();
  const double = Buffer.alloc(8);
  double.writeDoubleBE(value);
  return writer.i32(2, 1).field(4, 4, double).finish();
}

function tags(values: Readonly<Record<string, Parameters<typeof tag>[1]>>): Buffer[] {
  return Object.entries(values).map(([key, value]) => tag(key, value));
}

function aSpan(
  id: bigint,
  change: (writer: ThriftWriter) => ThriftWriter = (same) => same,
): Buffer {
  const writer = new ThriftWriter().i64(1, 2n).i64(2, 1n).i64(3, id).text(5, 'GET /orders');
  return change(writer.i64(8, 1_790_000_000_123_000n).i64(9, 1_500n)).finish();
}

function aBatch(spans: readonly Buffer[], processTags: Buffer[] = []): Buffer {
  const process = new ThriftWriter().text(1, 'orders').list(2, processTags).finish();
  return new ThriftWriter().field(12, 1, process).list(2, spans).i64(3, 1n).finish();
}

function only(body: Buffer) {
  const spans = spansOf(decodeThrift(body));
  expect(spans).toHaveLength(1);
  return spans[0];
}

describe('a Thrift batch', () => {
  test('comes out as spans like any other', () => {
    const body = aBatch([
      aSpan(7n, (span) =>
        span.i64(4, 5n).list(
          10,
          tags({
            'span.kind': 'server',
            'http.response.status_code': 200,
            'url.path': '/orders',
          }),
        ),
      ),
    ]);
    expect(only(body)).toMatchObject({
      traceId: '00000000000000010000000000000002',
      spanId: '0000000000000007',
      parentSpanId: '0000000000000005',
      kind: 'server',
      startMicros: 1_790_000_000_123_000,
      durationMicros: 1_500,
      status: 'unset',
    });
    expect(only(body)?.attributes).toEqual({
      'http.response.status_code': 200,
      'url.path': '/orders',
    });
  });

  test('resource attributes that the exporter wrote onto every span go back to the resource', () => {
    const resource = {
      'service.version': '1.2.3',
      'deployment.environment.name': 'production',
      'host.name': 'box',
      'telemetry.sdk.language': 'nodejs',
    };
    const body = aBatch([
      aSpan(7n, (span) =>
        span.list(
          10,
          tags({
            ...resource,
            'service.peer.name': 'payments',
            'otel.scope.name': 'http',
            'otel.scope.version': '1',
          }),
        ),
      ),
    ]);
    const span = only(body);
    expect(span?.resource).toMatchObject({
      service: 'orders',
      version: '1.2.3',
      environment: 'production',
    });
    expect(span?.attributes).toEqual({ 'service.peer.name': 'payments' });
    expect(span?.scope).toEqual({ name: 'http', version: '1' });
  });

  test('spans of two versions in one batch keep theirs', () => {
    const of = (id: bigint, version: string) =>
      aSpan(id, (span) => span.list(10, tags({ 'service.version': version })));
    const spans = spansOf(decodeThrift(aBatch([of(1n, 'a'), of(2n, 'b')])));
    expect(spans.map((span) => span.resource.version)).toEqual(['a', 'b']);
  });

  test("the process's tags are the resource, its hostname by today's name", () => {
    const span = only(aBatch([aSpan(7n)], tags({ hostname: 'box', zone: 'a' })));
    expect(span?.resource.attributes).toMatchObject({ 'host.name': 'box', zone: 'a' });
  });

  test.each([
    ['error wins', { error: true, 'otel.status_code': 'OK' }, 'error'],
    ['error as text', { error: 'true' }, 'error'],
    ['ERROR', { 'otel.status_code': 'ERROR' }, 'error'],
    ['OK', { 'otel.status_code': 'OK' }, 'ok'],
    ['nothing', {}, 'unset'],
  ])('status from %s', (_what, values, status) => {
    expect(only(aBatch([aSpan(7n, (span) => span.list(10, tags(values)))]))?.status).toBe(status);
  });

  test('tags of every type keep their value', () => {
    const values = {
      text: 'a',
      number: 1.5,
      yes: true,
      big: 2n ** 60n,
      bytes: Buffer.from('hello'),
    };
    const span = only(aBatch([aSpan(7n, (one) => one.list(10, tags(values)))]));
    expect(span?.attributes).toEqual({ ...values, bytes: 'aGVsbG8=' });
  });

  test('a tag without the value that its type names is empty', () => {
    const odd = new ThriftWriter().text(1, 'odd').i32(2, 3).finish();
    expect(only(aBatch([aSpan(7n, (one) => one.list(10, [odd]))]))?.attributes).toEqual({
      odd: '',
    });
  });

  test('logs are events, named by event or else by message', () => {
    const log = (values: Parameters<typeof tags>[0]) =>
      new ThriftWriter().i64(1, 9n).list(2, tags(values)).finish();
    const logs = [log({ event: 'e', message: 'm' }), log({ message: 'm', a: 1 }), log({ a: 1 })];
    expect(only(aBatch([aSpan(7n, (one) => one.list(11, logs))]))?.events).toEqual([
      { name: 'e', timeMicros: 9, attributes: { message: 'm' } },
      { name: 'm', timeMicros: 9, attributes: { a: 1 } },
      { name: '', timeMicros: 9, attributes: { a: 1 } },
    ]);
  });

  test('a parent may be told by a reference, and other references are links', () => {
    const reference = (kind: number, id: bigint, low = 2n) =>
      new ThriftWriter().i32(1, kind).i64(2, low).i64(3, 1n).i64(4, id).finish();
    const references = [reference(0, 5n), reference(1, 6n), reference(0, 5n, 9n)];
    const span = only(aBatch([aSpan(7n, (one) => one.list(6, references))]));
    expect(span?.parentSpanId).toBe('0000000000000005');
    expect(span?.links.map((link) => link.spanId)).toEqual([
      '0000000000000006',
      '0000000000000005',
    ]);
  });

  test('unknown fields of every type are skipped', () => {
    const nested = new ThriftWriter().i32(1, 1).finish();
    const span = aSpan(7n, (one) =>
      one
        .field(2, 20, Buffer.of(1))
        .field(3, 21, Buffer.of(1))
        .field(6, 22, Buffer.alloc(2))
        .field(12, 23, nested)
        .field(
          13,
          24,
          Buffer.concat([Buffer.of(8, 11), int32(1), int32(1), sized(Buffer.from('a'))]),
        )
        .list(25, [int32(1), int32(2)], 8)
        .field(14, 26, Buffer.concat([Buffer.of(10), int32(0)]))
        .text(27, 'x'),
    );
    expect(only(aBatch([span]))?.spanId).toBe('0000000000000007');
  });
});

describe('bodies that are no Thrift batch', () => {
  const good = aBatch([aSpan(7n)]);
  let deep: Buffer = Buffer.of(0);
  for (let depth = 0; depth < 1_000; depth += 1)
    deep = new ThriftWriter().field(12, 9, deep).finish();

  test.each([
    ['nothing', Buffer.alloc(0), /cut off/],
    ['text', Buffer.from('hello, this is text'), /type/],
    ['a batch that is cut off', good.subarray(0, 60), /cut off|list of/],
    ['no process', new ThriftWriter().list(2, []).finish(), /process is missing/],
    [
      'a process of another type',
      new ThriftWriter().text(1, 'orders').finish(),
      /field 1 has type 11, not 12/,
    ],
    [
      'a list of four billion spans',
      new ThriftWriter().field(15, 2, Buffer.of(12, 0x7f, 255, 255, 255)).finish(),
      /list of/,
    ],
    [
      'a list of another type',
      new ThriftWriter().list(2, [int32(1)], 8).finish(),
      /list of type 8/,
    ],
    [
      'a text of negative length',
      new ThriftWriter().field(11, 9, int32(-1)).finish(),
      /length of -1/,
    ],
    ['an unknown type', Buffer.from([7, 0, 9]), /unknown type 7/],
    ['structs nested too deep', new ThriftWriter().field(12, 9, deep).finish(), /nested deeper/],
  ])('%s is a decode error that says where', (_what, body, told) => {
    expect(() => decodeThrift(body)).toThrow(DecodeError);
    expect(() => decodeThrift(body)).toThrow(told);
  });
});
