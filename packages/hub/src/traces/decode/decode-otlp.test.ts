import { describe, expect, test } from 'vitest';
import { spansOf } from './column-batch.ts';
import { DecodeError } from './decode-error.ts';
import { decodeOtlp, decodeSpan } from './decode-otlp.ts';
import { decodeOtlpJson } from './decode-otlp-json.ts';
import {
  type EncodableSpan,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from './encode-otlp.ts';
import { ProtobufReader } from './protobuf-reader.ts';
import type { ReceivedSpan } from './received-span.ts';

const traceId = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');
const spanId = Buffer.from('b7ad6b7169203331', 'hex');
const startNanos = 1_790_000_000_123_456_789n;

function aSpan(parts: Partial<EncodableSpan> = {}): EncodableSpan {
  return {
    traceId,
    spanId,
    parentSpanId: Buffer.alloc(0),
    traceState: '',
    flags: 0,
    name: 'GET /orders',
    kind: 2,
    startNanos,
    endNanos: startNanos + 1_500n,
    attributes: {},
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: '',
    ...parts,
  };
}

function aRequest(...spans: readonly EncodableSpan[]): Buffer {
  return requestOf(spans.map(encodeSpan));
}

function requestOf(spans: readonly Uint8Array[]): Buffer {
  const resource = writeAttributes(new ProtobufWriter(), 1, {
    'service.name': 'orders',
    'service.version': '1.2.3',
  });
  const scope = new ProtobufWriter().string(1, 'http').string(2, '0.1');
  return encodeRequest([{ resource: resource.finish(), scope: scope.finish(), spans }]);
}

function only(body: Buffer): ReceivedSpan {
  const batch = decodeOtlp(body);
  expect([batch.length, batch.rejected]).toEqual([1, 0]);
  return spansOf(batch)[0] as ReceivedSpan;
}

describe('a span of OTLP protobuf', () => {
  test('comes out with all its parts', () => {
    const span = only(
      aRequest(
        aSpan({
          parentSpanId: Buffer.from('00f067aa0ba902b7', 'hex'),
          traceState: 'ot=th:8',
          flags: 0x301,
          kind: 3,
          attributes: { 'http.method': 'get', list: [1, 'a', { deep: true }], none: null },
          events: [{ timeNanos: startNanos, name: 'retry', attributes: { attempt: 2 } }],
          links: [{ traceId, spanId, attributes: { why: 'batch' } }],
          statusCode: 2,
          statusMessage: 'refused',
        }),
      ),
    );
    expect({
      ...span,
      name: span.name,
      attributes: span.attributes,
      events: span.events,
      links: span.links,
      statusMessage: span.statusMessage,
      traceState: span.traceState,
      resource: span.resource,
      scope: span.scope,
    }).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: '00f067aa0ba902b7',
      traceState: 'ot=th:8',
      flags: 0x301,
      kind: 'client',
      name: 'GET /orders',
      startMicros: 1_790_000_000_123_456,
      durationMicros: 1.5,
      status: 'error',
      statusMessage: 'refused',
      attributes: {
        'http.method': 'get',
        'http.request.method': 'GET',
        list: [1, 'a', { deep: true }],
        none: null,
      },
      events: [{ name: 'retry', timeMicros: 1_790_000_000_123_456, attributes: { attempt: 2 } }],
      links: [
        {
          traceId: traceId.toString('hex'),
          spanId: spanId.toString('hex'),
          attributes: { why: 'batch' },
        },
      ],
      resource: { service: 'orders', version: '1.2.3', environment: undefined },
      scope: { name: 'http', version: '0.1' },
    });
  });

  test.each([
    ['text', 'Grüße', 'Grüße'],
    ['a small number', 42, 42],
    ['a negative number', -7, -7],
    ['a whole number of 2^53 and more', 2n ** 60n, 2n ** 60n],
    ['the most negative whole number', -(2n ** 63n), -(2n ** 63n)],
    ['a fraction', 0.25, 0.25],
    ['not a number', Number.NaN, Number.NaN],
    ['yes', true, true],
    ['bytes', Buffer.from('hello'), 'aGVsbG8='],
    ['an empty list', [], []],
    ['a map', { a: { b: [1] } }, { a: { b: [1] } }],
  ])('keeps %s as an attribute', (_what, sent, kept) => {
    expect(only(aRequest(aSpan({ attributes: { sent } }))).attributes).toEqual({ sent: kept });
  });

  test('a key that is named like the prototype is only a key', () => {
    const attributes = Object.fromEntries([['__proto__', 'x']]);
    const span = only(aRequest(aSpan({ attributes })));
    expect(Object.entries(span.attributes)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(span.attributes)).toBe(Object.prototype);
  });

  test('a key of more than 64 bytes is read too', () => {
    const long = 'k'.repeat(100);
    expect(only(aRequest(aSpan({ attributes: { [long]: 1 } }))).attributes).toEqual({ [long]: 1 });
  });

  test('invalid UTF-8 becomes replacement characters', () => {
    const raw = Buffer.concat([
      encodeSpan(aSpan()),
      new ProtobufWriter().bytes(5, Uint8Array.of(0xff)).finish(),
    ]);
    expect(only(requestOf([raw])).name).toBe('�');
  });

  test('an unknown kind and status code are none', () => {
    const span = only(aRequest(aSpan({ kind: 9, statusCode: 9 })));
    expect([span.kind, span.status]).toEqual(['unspecified', 'unset']);
  });

  test('an end before the start is a duration of zero', () => {
    expect(only(aRequest(aSpan({ endNanos: startNanos - 1n }))).durationMicros).toBe(0);
  });

  test.each([
    ['three bytes', Buffer.alloc(3, 1)],
    ['zeros', Buffer.alloc(8)],
  ])('a parent id of %s is no parent', (_what, parentSpanId) => {
    expect(only(aRequest(aSpan({ parentSpanId }))).parentSpanId).toBeUndefined();
  });

  test('unknown fields of every wire type are skipped', () => {
    const raw = Buffer.concat([
      new ProtobufWriter()
        .varint(100, 300)
        .fixed64(101, 1n)
        .bytes(102, Buffer.from('x'))
        .fixed32(103, 1)
        .finish(),
      encodeSpan(aSpan()),
    ]);
    expect(only(requestOf([raw])).name).toBe('GET /orders');
  });

  test('a scalar that stands twice counts the last time', () => {
    const raw = Buffer.concat([
      encodeSpan(aSpan()),
      new ProtobufWriter().string(5, 'later').finish(),
    ]);
    expect(only(requestOf([raw])).name).toBe('later');
  });

  test('a resource in two pieces, one behind its spans, is one resource', () => {
    const piece = (key: string, value: string) =>
      writeAttributes(new ProtobufWriter(), 1, { [key]: value }).finish();
    const scopeSpans = new ProtobufWriter().bytes(2, encodeSpan(aSpan())).finish();
    const resourceSpans = new ProtobufWriter()
      .bytes(1, piece('service.name', 'orders'))
      .bytes(2, scopeSpans)
      .bytes(1, piece('service.version', '7'))
      .string(3, 'https://schema.example');
    const span = only(new ProtobufWriter().bytes(1, resourceSpans.finish()).finish());
    expect(span.resource).toMatchObject({ service: 'orders', version: '7' });
  });

  test('where the resource has no version, the tags of the span are asked', () => {
    const raw = encodeSpan(aSpan({ attributes: { 'service.version': '9' } }));
    const body = encodeRequest([
      { resource: Buffer.alloc(0), scope: Buffer.alloc(0), spans: [raw] },
    ]);
    expect(only(body).resource).toMatchObject({ service: 'unknown_service', version: '9' });
  });
});

describe('spans that are refused one by one', () => {
  test.each([
    ['a trace id of eight bytes', { traceId: Buffer.alloc(8, 1) }, 'trace_id'],
    ['a trace id of zeros', { traceId: Buffer.alloc(16) }, 'trace_id'],
    ['a span id of zeros', { spanId: Buffer.alloc(8) }, 'span_id'],
    ['no start', { startNanos: 0n }, 'start time'],
  ])('%s', (_what, parts, told) => {
    const { length, rejected, reasons } = decodeOtlp(aRequest(aSpan(parts), aSpan(), aSpan(parts)));
    expect([length, rejected]).toEqual([1, 2]);
    expect(reasons).toEqual([expect.stringContaining(told)]);
    expect(reasons[0]).toContain('2 ×');
  });

  test('a stored span that has lost its ids is not read', () => {
    const span = only(aRequest(aSpan()));
    expect(decodeSpan(Buffer.alloc(0), span.origin)).toBeUndefined();
  });
});

describe('bodies that are no protobuf', () => {
  const good = aRequest(aSpan({ attributes: { a: [1] } }));
  const span = (bytes: Uint8Array) => requestOf([Buffer.concat([encodeSpan(aSpan()), bytes])]);
  const attribute = (value: Uint8Array) =>
    span(
      new ProtobufWriter()
        .bytes(9, new ProtobufWriter().string(1, 'k').bytes(2, value).finish())
        .finish(),
    );

  test.each([
    ['text', Buffer.from('hello, this is text')],
    ['JSON', Buffer.from('{"resourceSpans":[]}')],
    ['a body cut off in the middle', good.subarray(0, good.length - 3)],
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0x00])],
    ['a number of eleven bytes', Buffer.from([0x08, ...new Array(11).fill(0xff)])],
    ['a number that is cut off', Buffer.from([0x08, 0xff])],
    ['field number zero', Buffer.from([0x00, 0x00])],
    ['a group', Buffer.from([0x0b, 0x0c])],
    ['a cut fixed64', span(Uint8Array.of(0x39, 1, 2))],
    ['a cut fixed32', span(Uint8Array.of(0x85, 0x01, 1))],
    ['a broken attribute value', attribute(Uint8Array.of(0x0a, 0x05, 0x61))],
    ['a broken list in an attribute', attribute(Uint8Array.of(0x2a, 0x02, 0x0a, 0x05))],
    [
      'a broken attribute of an event',
      span(new ProtobufWriter().bytes(11, Uint8Array.of(0x1a, 0x09)).finish()),
    ],
  ])('%s is a decode error that says where', (_what, body) => {
    expect(() => decodeOtlp(body)).toThrow(DecodeError);
    expect(() => decodeOtlp(body)).toThrow(/at byte \d+/);
  });

  test('values nested too deep are refused, not followed', () => {
    let value: Uint8Array = new ProtobufWriter().varint(3, 1).finish();
    for (let depth = 0; depth < 2_000; depth += 1) {
      value = new ProtobufWriter().bytes(5, new ProtobufWriter().bytes(1, value).finish()).finish();
    }
    expect(() => decodeOtlp(attribute(value))).toThrow(/nested deeper than 32/);
  });

  test('an empty body holds nothing, and is fine', () => {
    expect(decodeOtlp(Buffer.alloc(0))).toMatchObject({ length: 0, rejected: 0, reasons: [] });
  });
});

describe('secrets', () => {
  test.each([
    ['url.query', 'a=1&token=abc&Password=x', 'a=1&token=REDACTED&Password=REDACTED'],
    ['url.query', 'flag', 'flag'],
    ['url.query', '?%74oken=abc', '?%74oken=REDACTED'],
    ['url.query', '%zz=1&sig=abc', '%zz=1&sig=REDACTED'],
    [
      'url.full',
      'https://user:word@a.example/p?a=1&sig=x#f',
      'https://REDACTED@a.example/p?a=1&sig=REDACTED#f',
    ],
    ['url.full', 'https://a.example/@p?a=1', 'https://a.example/@p?a=1'],
    ['url.full', 'https://u:p@a.example', 'https://REDACTED@a.example'],
    ['url.full', 'mailto:a@b', 'mailto:a@b'],
    ['http.url', 'http://a/?code=1', 'http://a/?code=REDACTED'],
    ['http.target', '/a?api_key=1', '/a?api_key=REDACTED'],
    ['messaging.url', 'amqp://u:p@mq', 'amqp://REDACTED@mq'],
    [
      'db.query.text',
      "SELECT * FROM t WHERE n = 'O''Neil' AND k = 42",
      'SELECT * FROM t WHERE n = ? AND k = ?',
    ],
    [
      'db.statement',
      'SELECT "name" FROM t2 WHERE a = $1 AND b = "x y"',
      'SELECT "name" FROM t2 WHERE a = $1 AND b = ?',
    ],
    ['http.request.header.authorization', ['Bearer abc'], 'REDACTED'],
    ['http.request.header.x_api_key', 'abc', 'REDACTED'],
    ['rpc.request.metadata.cookie', 'abc', 'REDACTED'],
    ['url.full', ['https://a/?token=1'], 'REDACTED'],
    ['url.full', 7, 7],
    ['url.path', '/token=abc', '/token=abc'],
  ])('%s %j is kept as %j', (key, sent, kept) => {
    const span = only(aRequest(aSpan({ attributes: { before: 1, [key]: sent, after: 2 } })));
    expect(span.sentAttributes).toEqual({ before: 1, [key]: kept, after: 2 });
  });

  test.each(['db.user', 'db.connection_string', 'enduser.id', 'process.owner'])(
    '%s is dropped',
    (key) => {
      expect(only(aRequest(aSpan({ attributes: { a: 1, [key]: 'x' } }))).attributes).toEqual({
        a: 1,
      });
    },
  );

  test('they are gone from events, links, resource and scope too', () => {
    const secret = { 'http.request.header.cookie': 'hush' };
    const raw = encodeSpan(
      aSpan({
        events: [{ timeNanos: 1n, name: 'e', attributes: secret }],
        links: [{ traceId, spanId, attributes: secret }],
      }),
    );
    const body = encodeRequest([
      {
        resource: writeAttributes(new ProtobufWriter(), 1, {
          ...secret,
          'process.command_args': 'hush',
        }).finish(),
        scope: writeAttributes(new ProtobufWriter(), 3, secret).finish(),
        spans: [raw],
      },
    ]);
    const span = only(body);
    const kept = Buffer.concat([span.raw, span.origin.resourceBytes, span.origin.scopeBytes]);
    expect(kept.includes('hush')).toBe(false);
    expect(kept.toString('latin1').match(/REDACTED/g)).toHaveLength(4);
  });

  test('a span without secrets keeps the bytes its sender wrote', () => {
    const raw = encodeSpan(aSpan({ attributes: { 'url.full': 'https://a.example/', b: 1 } }));
    expect(only(requestOf([raw])).raw.equals(raw)).toBe(true);
  });
});

describe('the bounds of a span', () => {
  const numbered = (count: number, prefix: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, n]));
  const droppedIn = (raw: Buffer, field: number) => {
    const reader = new ProtobufReader(raw);
    let dropped = 0;
    while (reader.next()) {
      if (reader.field === field && reader.wire === 0) dropped = reader.varint();
      else reader.skip();
    }
    return dropped;
  };

  test('of more than 128 attributes the first are kept and the others counted', () => {
    const raw = Buffer.concat([
      encodeSpan(aSpan({ attributes: numbered(130, 'a') })),
      new ProtobufWriter().varint(10, 5).finish(),
    ]);
    const span = only(requestOf([raw]));
    expect(Object.keys(span.attributes)).toEqual(Object.keys(numbered(128, 'a')));
    expect(droppedIn(span.raw, 10)).toBe(7);
  });

  test('of more than 128 events and links the first are kept and the others counted', () => {
    const many = Array.from({ length: 131 }, (_, n) => n);
    const span = only(
      aRequest(
        aSpan({
          events: many.map((n) => ({ timeNanos: 1n, name: `e${n}`, attributes: {} })),
          links: many.map(() => ({ traceId, spanId, attributes: {} })),
        }),
      ),
    );
    expect([span.events.length, span.links.length]).toEqual([128, 128]);
    expect(span.events.at(-1)?.name).toBe('e127');
    expect([droppedIn(span.raw, 12), droppedIn(span.raw, 14)]).toEqual([3, 3]);
  });

  test('an event has as many attributes as a span', () => {
    const events = [{ timeNanos: 1n, name: 'e', attributes: numbered(200, 'a') }];
    const span = only(aRequest(aSpan({ events })));
    expect(Object.keys(span.events[0]?.attributes ?? {})).toHaveLength(128);
  });

  test.each([
    ['text', 'x'.repeat(5_000), 'x'.repeat(4_096)],
    ['text beyond ASCII', 'ü'.repeat(5_000), 'ü'.repeat(4_096)],
    ['text that is long only in bytes', 'ü'.repeat(4_000), 'ü'.repeat(4_000)],
    ['a pair of surrogates', `x${'😀'.repeat(2_500)}`, `x${'😀'.repeat(2_047)}`],
    ['a list', ['a', 'x'.repeat(5_000), 1], ['a', 'x'.repeat(4_096), 1]],
    ['a map', { a: { b: 'x'.repeat(5_000) } }, { a: { b: 'x'.repeat(4_096) } }],
    ['many short texts', new Array(1_000).fill('short'), new Array(1_000).fill('short')],
    ['bytes', Buffer.alloc(5_000, 7), Buffer.alloc(4_096, 7).toString('base64')],
    [
      'short bytes among much',
      [Buffer.alloc(5_000), Buffer.of(7)],
      [Buffer.alloc(4_096).toString('base64'), 'Bw=='],
    ],
  ])('a value is cut to 4,096 characters, in %s', (_what, sent, kept) => {
    const span = only(aRequest(aSpan({ attributes: { before: 1, sent, after: 2 } })));
    expect(span.sentAttributes).toEqual({ before: 1, sent: kept, after: 2 });
  });

  test('a secret is found before its value is cut', () => {
    const sent = `https://user:${'x'.repeat(5_000)}@a.example/?token=y`;
    expect(only(aRequest(aSpan({ attributes: { 'url.full': sent } }))).attributes).toEqual({
      'url.full': 'https://REDACTED@a.example/?token=REDACTED',
    });
  });

  test('of more than 20,000 spans the others are refused', () => {
    const raw = encodeSpan(aSpan());
    const { length, rejected, reasons } = decodeOtlp(requestOf(new Array(20_003).fill(raw)));
    expect([length, rejected]).toEqual([20_000, 3]);
    expect(reasons).toEqual(['3 × span beyond the 20000 of one request']);
  });
});

describe('a sender whose requests look alike', () => {
  test('has the same resource in all of them, so that it needs to be judged once', () => {
    const [one, two] = [decodeOtlp(aRequest(aSpan())), decodeOtlp(aRequest(aSpan()))];
    expect(one.origins[0]).toBe(two.origins[0]);
  });

  test('that names its version on its spans only has one for each version', () => {
    const of = (version: string) => {
      const raw = encodeSpan(aSpan({ attributes: { 'service.version': version } }));
      const bare = { resource: Buffer.alloc(0), scope: Buffer.alloc(0), spans: [raw] };
      return decodeOtlp(encodeRequest([bare])).resources[0];
    };
    expect([of('1')?.version, of('2')?.version, of('1')?.version]).toEqual(['1', '2', '1']);
    expect(of('1')).toBe(of('1'));
  });
});

describe('OTLP/JSON', () => {
  function json(span: object, rest: object = {}): Buffer {
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] };
    return Buffer.from(
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }], ...rest }),
    );
  }
  const ids = {
    traceId: '0AF7651916CD43DD8448EB211C80319C',
    spanId: 'b7ad6b7169203331',
    startTimeUnixNano: '1790000000123456789',
    endTimeUnixNano: '1790000000123458289',
  };
  const jsonSpans = (body: Buffer) => spansOf(decodeOtlpJson(body));
  const keptOf = (value: object) =>
    jsonSpans(json({ ...ids, attributes: [{ key: 'k', value }] }))[0]?.attributes.k;

  test('is read as protobuf is, with ids in any case', () => {
    const [span] = jsonSpans(
      json({
        ...ids,
        parentSpanId: '',
        kind: 2,
        name: 'GET',
        flags: 257,
        unknown: { ignored: true },
        status: { code: 2, message: 'no' },
        events: [{ timeUnixNano: '1790000000123456789', name: 'e' }],
        links: [{ traceId: ids.traceId, spanId: ids.spanId }],
      }),
    );
    expect(span).toMatchObject({
      traceId: ids.traceId.toLowerCase(),
      kind: 'server',
      flags: 257,
      status: 'error',
      startMicros: 1_790_000_000_123_456,
      durationMicros: 1.5,
      parentSpanId: undefined,
    });
    expect(span?.events).toHaveLength(1);
    expect(span?.links[0]?.spanId).toBe(ids.spanId);
  });

  test.each([
    ['a whole number as JavaScript writes it', { intValue: 200 }, 200],
    ['a whole number as Go and Java write it', { intValue: '200' }, 200],
    ['a whole number above 2^53', { intValue: '9007199254740993' }, 9007199254740993n],
    ['a fraction', { doubleValue: 1.5 }, 1.5],
    ['infinity', { doubleValue: 'Infinity' }, Number.POSITIVE_INFINITY],
    ['yes', { boolValue: true }, true],
    ['text', { stringValue: '' }, ''],
    ['bytes', { bytesValue: 'aGVsbG8=' }, 'aGVsbG8='],
    ['a list', { arrayValue: { values: [{ intValue: 1 }, {}] } }, [1, null]],
    [
      'a map',
      { kvlistValue: { values: [{ key: 'a', value: { boolValue: false } }] } },
      { a: false },
    ],
    ['nothing', {}, null],
  ])('takes %s', (_what, sent, kept) => {
    expect(keptOf(sent)).toEqual(kept);
  });

  test('takes snake_case names, names of enums and null for absent', () => {
    const span = {
      trace_id: ids.traceId,
      span_id: ids.spanId,
      start_time_unix_nano: 1_790_000_000_000_000_000,
      kind: 'SPAN_KIND_CLIENT',
      status: { code: 'STATUS_CODE_OK' },
      attributes: null,
    };
    expect(jsonSpans(json(span))[0]).toMatchObject({ kind: 'client', status: 'ok' });
  });

  test.each(['', '{}', '{"resourceSpans":[]}', '{"resourceSpans":null}'])(
    '%j holds nothing, and is fine',
    (text) => {
      expect(decodeOtlpJson(Buffer.from(text))).toMatchObject({
        length: 0,
        rejected: 0,
        reasons: [],
      });
    },
  );

  test.each([
    ['no JSON', Buffer.from('{"resourceSpans":'), /not JSON/],
    ['a byte order mark', Buffer.from('\uFEFF{}'), /not JSON/],
    ['a list', Buffer.from('[]'), /must be a JSON object/],
    ['text for a list', Buffer.from('{"resourceSpans":"x"}'), /'resourceSpans' must be a list/],
    [
      'a number in a list of objects',
      Buffer.from('{"resourceSpans":[1]}'),
      /An item of 'resourceSpans'/,
    ],
    ['a number for a name', json({ ...ids, name: 7 }), /'name' must be text/],
    [
      'a time that is none',
      json({ ...ids, startTimeUnixNano: 'soon' }),
      /'startTimeUnixNano' must be a whole/,
    ],
    [
      'a fraction for a time',
      json({ ...ids, startTimeUnixNano: 1.5 }),
      /'startTimeUnixNano' must be a whole/,
    ],
    [
      'text for a fraction',
      json({ ...ids, attributes: [{ key: 'k', value: { doubleValue: 'x' } }] }),
      /doubleValue/,
    ],
    [
      'deep nesting of nothing',
      Buffer.from(`${'['.repeat(50_000)}${']'.repeat(50_000)}`),
      /must be a JSON object/,
    ],
  ])('%s is a decode error that says what', (_what, body, told) => {
    expect(() => decodeOtlpJson(body)).toThrow(DecodeError);
    expect(() => decodeOtlpJson(body)).toThrow(told);
  });

  test('values nested too deep are refused, not followed', () => {
    const depth = 50_000;
    const value = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
    const body = json({ ...ids, attributes: [{ key: 'k', value: {} }] }).toString();
    const deep = Buffer.from(body.replace('"value":{}', `"value":${value}`));
    expect(() => decodeOtlpJson(deep)).toThrow(/nested deeper/);
  });

  test('an id that is no hex refuses its span', () => {
    expect(decodeOtlpJson(json({ ...ids, traceId: 'nonsense' })).rejected).toBe(1);
  });
});
