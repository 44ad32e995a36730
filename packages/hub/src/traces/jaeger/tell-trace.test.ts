import { describe, expect, test } from 'vitest';
import { spansOf } from '../decode/column-batch.ts';
import { decodeSpan } from '../decode/decode-otlp.ts';
import { decodeOtlpJson } from '../decode/decode-otlp-json.ts';
import { ProtobufWriter } from '../decode/encode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { StoredTrace } from '../store/trace-reader.ts';
import { jaegerTracePieces } from './jaeger-json.ts';
import { resourceSpansPieces } from './otlp-json.ts';
import { summariseTrace } from './summarise-trace.ts';
import { tellTrace } from './tell-trace.ts';
import type { ToldTrace } from './told-span.ts';

const traceId = 'a'.repeat(32);
const epochMicros = 1_790_000_000_000_000;

interface Part {
  readonly id: string;
  readonly parent?: string;
  readonly host?: string;
  readonly service?: string;
  readonly kind?: number;
  /** Microseconds. */
  readonly start?: number;
  readonly duration?: number;
  readonly status?: number;
  readonly attributes?: Readonly<Record<string, object>>;
  readonly resource?: Readonly<Record<string, object>>;
  readonly scope?: object;
  readonly events?: readonly object[];
  readonly links?: readonly object[];
  readonly more?: object;
}

function keyValues(values: Readonly<Record<string, object>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function idOf(short: string): string {
  return short.padStart(16, '0');
}

function nanos(micros: number): string {
  return `${epochMicros + micros}000`;
}

function resourceSpansOf(part: Part): object {
  const { id, parent, host, service = 'shop', start = 0, duration = 10 } = part;
  const resource = {
    'service.name': { stringValue: service },
    ...(host === undefined ? {} : { 'host.name': { stringValue: host } }),
    ...part.resource,
  };
  const span = {
    traceId,
    spanId: idOf(id),
    parentSpanId: parent === undefined ? '' : idOf(parent),
    name: `does ${id}`,
    kind: part.kind ?? 2,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(start + duration),
    attributes: keyValues(part.attributes ?? {}),
    events: part.events ?? [],
    links: part.links ?? [],
    status: { code: part.status ?? 0 },
    ...part.more,
  };
  return {
    resource: { attributes: keyValues(resource) },
    scopeSpans: [{ scope: part.scope ?? {}, spans: [span] }],
  };
}

function stored(...parts: readonly Part[]): StoredTrace {
  const body = { resourceSpans: parts.map(resourceSpansOf) };
  return { traceId, spans: spansOf(decodeOtlpJson(Buffer.from(JSON.stringify(body)))) };
}

function told(...parts: readonly Part[]): ToldTrace {
  return tellTrace(stored(...parts), { raw: false });
}

// biome-ignore lint/suspicious/noExplicitAny: JSON is looked at member by member.
function v1(trace: ToldTrace): any {
  return JSON.parse([...jaegerTracePieces(trace)].join(''));
}

// biome-ignore lint/suspicious/noExplicitAny: JSON is looked at member by member.
function v3(trace: ToldTrace): any {
  return JSON.parse([...resourceSpansPieces([trace])].join(''));
}

/** Id, start and number of warnings of each span, in the order told. */
function times({ spans }: ToldTrace): readonly (readonly [string, number, number])[] {
  return spans.map((one) => [
    one.spanId.replace(/^0+/, ''),
    one.span.startMicros + one.shiftMicros - epochMicros,
    one.warnings.length,
  ]);
}

describe('the clocks of hosts', () => {
  const parent: Part = { id: 'a', host: 'one', start: 0, duration: 100 };
  test.each<[string, readonly Part[], ReturnType<typeof times>]>([
    [
      'a child of the same host stays where it is',
      [parent, { id: 'b', parent: 'a', host: 'one', start: -50, duration: 10 }],
      [
        ['a', 0, 0],
        ['b', -50, 0],
      ],
    ],
    [
      'a child that lies within its parent stays',
      [parent, { id: 'b', parent: 'a', host: 'two', start: 90, duration: 10 }],
      [
        ['a', 0, 0],
        ['b', 90, 0],
      ],
    ],
    [
      'a child that starts before its parent is put in its middle',
      [parent, { id: 'b', parent: 'a', host: 'two', start: -50, duration: 20 }],
      [
        ['a', 0, 0],
        ['b', 40, 1],
      ],
    ],
    [
      'a child that ends after its parent is put in its middle',
      [parent, { id: 'b', parent: 'a', host: 'two', start: 95, duration: 20 }],
      [
        ['a', 0, 0],
        ['b', 40, 1],
      ],
    ],
    [
      'a child that lasts longer starts no earlier than its parent',
      [parent, { id: 'b', parent: 'a', host: 'two', start: -50, duration: 200 }],
      [
        ['a', 0, 0],
        ['b', 0, 1],
      ],
    ],
    [
      'a child that lasts longer and starts later stays',
      [parent, { id: 'b', parent: 'a', host: 'two', start: 50, duration: 200 }],
      [
        ['a', 0, 0],
        ['b', 50, 0],
      ],
    ],
    [
      'what is below a moved span on its host moves with it',
      [
        parent,
        { id: 'b', parent: 'a', host: 'two', start: -50, duration: 20 },
        { id: 'c', parent: 'b', host: 'two', start: -45, duration: 5 },
        { id: 'd', parent: 'c', host: 'one', start: 46, duration: 3 },
      ],
      [
        ['a', 0, 0],
        ['b', 40, 1],
        ['c', 45, 1],
        ['d', 46, 0],
      ],
    ],
    [
      'hosts without a name are different ones',
      [
        { id: 'a', start: 0, duration: 100 },
        { id: 'b', parent: 'a', start: -10, duration: 10 },
      ],
      [
        ['a', 0, 0],
        ['b', 45, 1],
      ],
    ],
    [
      'a move of more than a second is refused, and told',
      [parent, { id: 'b', parent: 'a', host: 'two', start: -1_000_050, duration: 20 }],
      [
        ['a', 0, 0],
        ['b', -1_000_050, 1],
      ],
    ],
    [
      'a consumer is not moved',
      [
        { ...parent, kind: 4 },
        { id: 'b', parent: 'a', host: 'two', start: 5_000, duration: 20, kind: 5 },
      ],
      [
        ['a', 0, 0],
        ['b', 5_000, 0],
      ],
    ],
    [
      'a consumer that starts before its producer is told',
      [
        { ...parent, kind: 4 },
        { id: 'b', parent: 'a', host: 'two', start: -5, duration: 20, kind: 5 },
      ],
      [
        ['a', 0, 0],
        ['b', -5, 1],
      ],
    ],
    [
      'a span below a producer is not moved, whatever its kind',
      [
        { ...parent, kind: 4 },
        { id: 'b', parent: 'a', host: 'two', start: 500, duration: 20, kind: 1 },
      ],
      [
        ['a', 0, 0],
        ['b', 500, 0],
      ],
    ],
    [
      'a span whose parent is not here is a root, and told',
      [{ id: 'b', parent: 'f', host: 'two', start: 7 }],
      [['b', 7, 1]],
    ],
    [
      'spans that are each other’s parents stay',
      [
        { id: 'a', parent: 'b', host: 'one', start: 0 },
        { id: 'b', parent: 'a', host: 'two', start: -500 },
      ],
      [
        ['b', -500, 0],
        ['a', 0, 0],
      ],
    ],
    [
      'two spans of one id that are no call: the second is told',
      [
        { id: 'a', host: 'one', start: 0, kind: 1 },
        { id: 'a', host: 'two', start: 5, kind: 1 },
      ],
      [
        ['a', 0, 0],
        ['a', 5, 1],
      ],
    ],
  ])('%s', (_case, parts, expected) => {
    expect(times(told(...parts))).toEqual(expected);
  });

  test.each([
    ['host.id', { 'host.id': { stringValue: 'x' }, 'host.name': { stringValue: 'other' } }],
    ['host.ip', { 'host.ip': { arrayValue: { values: [{ stringValue: 'x' }] } } }],
    ['host.name', { 'host.name': { stringValue: 'x' } }],
  ])('%s tells hosts apart', (name, resource) => {
    const above: Part = { id: 'a', duration: 100, resource: { [name]: { stringValue: 'x' } } };
    const below: Part = { id: 'b', parent: 'a', start: -5, resource };
    expect(times(told(above, below))).toEqual([
      ['a', 0, 0],
      ['b', -5, 0],
    ]);
    const elsewhere = { ...below, resource: { [name]: { stringValue: 'y' } } };
    expect(times(told(above, elsewhere))[1]).toEqual(['b', 45, 1]);
  });

  test('events move with their span, and the warning says by how much', () => {
    const event = { timeUnixNano: nanos(-45), name: 'note' };
    const child: Part = { id: 'b', parent: 'a', host: 'two', start: -50, duration: 20 };
    const trace = told(parent, { ...child, events: [event] });
    const [, moved] = v1(trace).spans;
    expect(moved).toMatchObject({
      startTime: epochMicros + 40,
      logs: [{ timestamp: epochMicros + 45 }],
      warnings: ['The times of this span were moved by 90µs to correct the clock of its host.'],
    });
    const [, group] = v3(trace);
    const [span] = group.scopeSpans[0].spans;
    expect([span.startTimeUnixNano, span.events[0].timeUnixNano]).toEqual([nanos(40), nanos(45)]);
    expect(span.attributes).toEqual([
      {
        key: 'jaeger.internal.warnings',
        value: { arrayValue: { values: [{ stringValue: moved.warnings[0] }] } },
      },
    ]);
  });

  test('a refused move says how far the clock seems off', () => {
    const { spans } = told(parent, { id: 'b', parent: 'a', host: 'two', start: 2_000_000 });
    expect(spans[1]?.warnings).toEqual([
      'The clock of this span seems to be off by 1.999955s, more than the 1s that are corrected.',
    ]);
  });
});

describe('ids that a client and a server share', () => {
  const client: Part = { id: 'c', parent: 'a', kind: 3, duration: 100 };
  const parts: readonly Part[] = [
    { id: 'a', duration: 200 },
    client,
    { ...client, kind: 2, service: 'stock', start: 10, duration: 50 },
    { id: 'd', parent: 'c', kind: 1, service: 'stock', start: 20, duration: 10 },
  ];

  test('are split: the server gets its own and stands between the client and what is below', () => {
    const { spans } = told(...parts);
    expect(spans.map((one) => [one.span.kind, one.spanId, one.parentSpanId])).toEqual([
      ['server', idOf('a'), undefined],
      ['client', idOf('c'), idOf('a')],
      ['server', idOf('1'), idOf('c')],
      ['internal', idOf('d'), idOf('1')],
    ]);
  });

  test('get no id that the trace uses', () => {
    const { spans } = told(...parts, { id: '1', parent: 'a', start: 190, duration: 1 });
    expect(spans.map((one) => one.spanId.slice(-1))).toEqual(['a', 'c', '2', 'd', '1']);
  });

  test('stay as they are in a raw trace', () => {
    const { spans } = tellTrace(stored(...parts), { raw: true });
    expect(spans.map((one) => one.spanId.slice(-1))).toEqual(['a', 'c', 'c', 'd']);
  });
});

describe('a trace', () => {
  test('holds what is the same to the last byte once, unless it is raw', () => {
    const twins: readonly Part[] = [
      { id: 'a', kind: 1 },
      { id: 'a', kind: 1 },
      { id: 'a', kind: 1, service: 'another' },
      { id: 'a', kind: 1, duration: 11 },
    ];
    expect(told(...twins).spans).toHaveLength(3);
    expect(tellTrace(stored(...twins), { raw: true }).spans).toHaveLength(4);
  });

  test('starts with its root, then with what has lost its parent, each in the order of time', () => {
    const { spans } = told(
      { id: '5', parent: '2', start: 30 },
      { id: '4', parent: 'f', start: 1 },
      { id: '3', parent: '2', start: 20 },
      { id: '2', start: 20, duration: 100 },
    );
    expect(spans.map((one) => one.spanId.slice(-1))).toEqual(['2', '4', '3', '5']);
  });

  test('tells what of it is not here', () => {
    const trace = stored({ id: 'a' }, { id: 'b', parent: 'e' }, { id: 'c', parent: 'f' });
    expect(tellTrace({ ...trace, omittedSpans: 7 }, { raw: false }).warnings).toEqual([
      '7 more spans of this trace are stored and not shown.',
      'The trace is not complete: the parents of 2 of its spans are not here.',
    ]);
    expect(v1(told({ id: 'a' })).warnings).toBeNull();
  });

  test('is not changed by being told', () => {
    const trace = stored(
      { id: 'a', host: 'one', duration: 100, attributes: { ip: { intValue: 16909060 } } },
      { id: 'b', parent: 'a', host: 'two', start: -50, duration: 20 },
    );
    const bytes = trace.spans.map((span) => Buffer.from(span.raw));
    const before = v1(tellTrace(trace, { raw: true }));
    v1(tellTrace(trace, { raw: false }));
    v3(tellTrace(trace, { raw: false }));
    expect(v1(tellTrace(trace, { raw: true }))).toEqual(before);
    expect(trace.spans.map((span) => span.raw)).toEqual(bytes);
    expect(before.spans[0].tags[0]).toEqual({ key: 'ip', type: 'int64', value: 16909060 });
  });

  test('of one span and much below it is told without recursion', () => {
    const [plain] = stored({ id: 'a', host: 'h' }).spans as readonly [ReceivedSpan];
    const chain = Array.from({ length: 20_000 }, (_, at): ReceivedSpan => {
      const above = at === 0 ? undefined : idOf(at.toString(16));
      const links = {
        spanId: { value: idOf((at + 1).toString(16)) },
        parentSpanId: { value: above },
      };
      return Object.create(plain, { ...links, raw: { value: plain.raw } });
    });
    expect(tellTrace({ traceId, spans: chain }, { raw: false }).spans).toHaveLength(20_000);
  });
});

describe('what tells of the SDK', () => {
  const sdk = { 'telemetry.sdk.name': { stringValue: 'opentelemetry' } };
  const attributes = {
    ...sdk,
    'telemetry.sdk.version': { stringValue: '2' },
    other: { boolValue: true },
  };

  test('moves from the span to its process and resource', () => {
    const trace = told({ id: 'a', attributes }, { id: 'b', parent: 'a' });
    const { spans, processes } = v1(trace);
    expect(spans[0].tags.map((tag: { key: string }) => tag.key)).toEqual(['other', 'span.kind']);
    expect(processes).toEqual({
      p1: {
        serviceName: 'shop',
        tags: [
          { key: 'telemetry.sdk.name', type: 'string', value: 'opentelemetry' },
          { key: 'telemetry.sdk.version', type: 'string', value: '2' },
        ],
      },
      p2: { serviceName: 'shop', tags: [] },
    });
    const [first, second] = v3(trace);
    expect(first.resource.attributes).toContainEqual({
      key: 'telemetry.sdk.name',
      value: sdk['telemetry.sdk.name'],
    });
    expect(second.resource.attributes).toHaveLength(1);
  });

  test('stays where the resource says otherwise, and says so', () => {
    const resource = { 'telemetry.sdk.name': { stringValue: 'other' } };
    const { spans } = told({ id: 'a', attributes: { ...sdk }, resource });
    expect(spans[0]).toMatchObject({
      library: undefined,
      warnings: ["Span and resource do not agree on 'telemetry.sdk.name'."],
    });
  });

  test('stays when it is no text, and in a raw trace', () => {
    const odd = { 'telemetry.sdk.name': { intValue: 3 } };
    expect(v1(told({ id: 'a', attributes: odd })).spans[0].tags[0].key).toBe('telemetry.sdk.name');
    const raw = v1(tellTrace(stored({ id: 'a', attributes }), { raw: true }));
    expect(raw.spans[0].tags[0].key).toBe('telemetry.sdk.name');
  });
});

describe('addresses that are numbers', () => {
  test.each([
    ['an address', { intValue: 16909060 }, '1.2.3.4'],
    ['a double', { doubleValue: 67_240_708 }, '4.2.3.4'],
    ['a negative one, as Thrift has it', { intValue: -1 }, '255.255.255.255'],
    ['one with dots already', { stringValue: '1.2.3.4' }, '1.2.3.4'],
    ['more than 32 bits', { intValue: '4294967296' }, 4_294_967_296],
    ['a fraction', { doubleValue: 1.5 }, 1.5],
  ])('%s', (_case, value, expected) => {
    for (const key of ['ip', 'peer.ipv4']) {
      const part: Part = { id: 'a', attributes: { [key]: value }, resource: { ip: value } };
      const { spans, processes } = v1(told(part));
      expect(spans[0].tags[0].value).toBe(expected);
      expect(processes.p1.tags[0].value).toBe(expected);
      expect(v3(told(part))[0].resource.attributes).toContainEqual({
        key: 'ip',
        value: typeof expected === 'string' ? { stringValue: expected } : expect.anything(),
      });
    }
  });
});

describe('links', () => {
  const good = { traceId: 'b'.repeat(32), spanId: 'c'.repeat(16) };
  const part: Part = {
    id: 'a',
    links: [
      {
        ...good,
        traceState: 'a=b',
        flags: 1,
        droppedAttributesCount: 2,
        attributes: keyValues({ why: { stringValue: 'batch' } }),
      },
      { ...good, attributes: keyValues({ 'opentracing.ref_type': { stringValue: 'child_of' } }) },
      { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
      {},
    ],
  };

  test('become references; those that lead nowhere are left out, and told', () => {
    const [span] = v1(told(part)).spans;
    const reference = { traceID: good.traceId, spanID: good.spanId };
    expect(span.references).toEqual([
      { refType: 'FOLLOWS_FROM', ...reference },
      { refType: 'CHILD_OF', ...reference },
    ]);
    expect(span.warnings).toEqual(['2 links of this span lead to no trace and are left out.']);
    expect(v1(tellTrace(stored(part), { raw: true })).spans[0].references).toHaveLength(4);
  });
});

describe('a span of protobuf', () => {
  const message = (): ProtobufWriter => new ProtobufWriter();
  const unknown = (writer: ProtobufWriter): Buffer => writer.varint(99, 1).finish();
  const text = (value: string): Buffer => unknown(message().string(1, value));
  const tag = (key: string, value: Buffer): Buffer =>
    unknown(message().string(1, key).bytes(2, value));

  function withFields(more: ProtobufWriter): ToldTrace {
    const [plain] = stored({ id: 'a' }).spans as readonly [ReceivedSpan];
    const raw = Buffer.concat([plain.raw, more.finish()]);
    return tellTrace(
      { traceId, spans: [decodeSpan(raw, plain.origin) as ReceivedSpan] },
      { raw: false },
    );
  }

  test('is told in v3 with all it has, and unknown fields are passed over', () => {
    const link = message()
      .bytes(1, Buffer.alloc(16, 1))
      .bytes(2, Buffer.alloc(8, 2))
      .string(3, 'a=b')
      .bytes(4, tag('why', text('batch')))
      .varint(5, 2)
      .fixed32(6, 1);
    const event = message()
      .fixed64(1, 7n)
      .string(2, 'note')
      .bytes(3, tag('n', text('1')))
      .varint(4, 3);
    const list = unknown(message().bytes(1, text('in a list')));
    const map = unknown(message().bytes(1, tag('key', text('in a map'))));
    const trace = withFields(
      message()
        .bytes(9, tag('list', message().bytes(5, list).finish()))
        .bytes(9, tag('map', message().bytes(6, map).finish()))
        .varint(10, 4)
        .bytes(11, unknown(event))
        .varint(12, 5)
        .bytes(13, unknown(link))
        .varint(14, 6),
    );
    const stringValue = (value: string): object => ({ value: { stringValue: value } });
    expect(v3(trace)[0].scopeSpans[0].spans[0]).toMatchObject({
      attributes: [
        { key: 'list', value: { arrayValue: { values: [{ stringValue: 'in a list' }] } } },
        {
          key: 'map',
          value: { kvlistValue: { values: [{ key: 'key', ...stringValue('in a map') }] } },
        },
      ],
      droppedAttributesCount: 4,
      events: [
        {
          timeUnixNano: '7',
          name: 'note',
          attributes: [{ key: 'n', ...stringValue('1') }],
          droppedAttributesCount: 3,
        },
      ],
      droppedEventsCount: 5,
      links: [
        {
          traceId: '01'.repeat(16),
          spanId: '02'.repeat(8),
          traceState: 'a=b',
          attributes: [{ key: 'why', ...stringValue('batch') }],
          droppedAttributesCount: 2,
          flags: 1,
        },
      ],
      droppedLinksCount: 6,
    });
  });

  test('with an infinite double is JSON all the same', () => {
    const infinite = message().double(4, Number.NEGATIVE_INFINITY).finish();
    const trace = withFields(message().bytes(9, tag('least', infinite)));
    expect(v3(trace)[0].scopeSpans[0].spans[0].attributes[0].value).toEqual({
      doubleValue: '-Infinity',
    });
    expect(v1(trace).spans[0].tags[0]).toEqual({
      key: 'least',
      type: 'float64',
      value: '-Infinity',
    });
  });

  test('that ends before it starts lasts no time', () => {
    const trace = withFields(message().fixed64(8, 1n));
    expect(v1(trace).spans[0].duration).toBe(0);
    const [span] = v3(trace)[0].scopeSpans[0].spans;
    expect(span.endTimeUnixNano).toBe(span.startTimeUnixNano);
  });
});

describe('values', () => {
  const attributes = {
    text: { stringValue: 'x' },
    nan: { doubleValue: 'NaN' },
    least: { intValue: '-9223372036854775808' },
    bytes: { bytesValue: 'AQID' },
    nested: {
      kvlistValue: {
        values: keyValues({
          list: { arrayValue: { values: [{ intValue: '9007199254740993' }, { boolValue: true }] } },
          none: {},
        }),
      },
    },
    none: {},
  };

  test('keep their types in API v1, and every digit', () => {
    const [{ tags }] = v1(told({ id: 'a', attributes, kind: 0 })).spans;
    expect(tags).toEqual([
      { key: 'text', type: 'string', value: 'x' },
      { key: 'nan', type: 'float64', value: 'NaN' },
      { key: 'least', type: 'int64', value: '-9223372036854775808' },
      { key: 'bytes', type: 'binary', value: 'AQID' },
      { key: 'nested', type: 'string', value: '{"list":[9007199254740993,true],"none":null}' },
      { key: 'none', type: 'string', value: '' },
    ]);
  });

  test('that are doubles stay so, whole ones too', () => {
    const double = new ProtobufWriter().double(4, 3).finish();
    const tag = new ProtobufWriter().string(1, 'ratio').bytes(2, double).finish();
    const [plain] = stored({ id: 'a' }).spans as readonly [ReceivedSpan];
    const raw = Buffer.concat([plain.raw, new ProtobufWriter().bytes(9, tag).finish()]);
    const span = decodeSpan(raw, plain.origin) as ReceivedSpan;
    const trace = tellTrace({ traceId, spans: [span] }, { raw: false });
    expect(v1(trace).spans[0].tags[0]).toEqual({ key: 'ratio', type: 'float64', value: 3 });
    const [{ attributes: own }] = v3(trace)[0].scopeSpans[0].spans;
    expect(own).toEqual([{ key: 'ratio', value: { doubleValue: 3 } }]);
  });

  test('have exactly one member each in API v3', () => {
    const [group] = v3(told({ id: 'a', attributes }));
    const values = group.scopeSpans[0].spans[0].attributes;
    expect(values.map(({ value }: { value: object }) => Object.keys(value).length)).toEqual(
      values.map(() => 1),
    );
    expect(values.at(-2).value.kvlistValue.values[0].value.arrayValue.values[0]).toEqual({
      intValue: '9007199254740993',
    });
  });

  test('of scopes are tags; what the span says itself wins', () => {
    const scope = {
      name: 'http',
      version: '1',
      attributes: keyValues({ short: { boolValue: true }, text: { stringValue: 'of the scope' } }),
    };
    const own = { text: { stringValue: 'own' }, 'span.kind': { stringValue: 'odd' } };
    const trace = told({ id: 'a', attributes: own, scope, status: 1 });
    expect(
      v1(trace).spans[0].tags.map((tag: { key: string; value: unknown }) => [tag.key, tag.value]),
    ).toEqual([
      ['text', 'own'],
      ['span.kind', 'odd'],
      ['otel.status_code', 'OK'],
      ['otel.scope.name', 'http'],
      ['otel.scope.version', '1'],
      ['short', true],
    ]);
    expect(v3(trace)[0].scopeSpans[0].scope.attributes).toHaveLength(2);
  });
});

test('flags, trace state and events without name or with an event field of their own', () => {
  const more = { flags: 0x101, traceState: 'ot=th:8' };
  const events = [
    {
      timeUnixNano: nanos(1),
      name: 'named',
      attributes: keyValues({ event: { stringValue: 'own' } }),
    },
    { timeUnixNano: nanos(2), attributes: [] },
  ];
  const trace = told({ id: 'a', more, events });
  const [span] = v1(trace).spans;
  expect(span).toMatchObject({ flags: 1 });
  expect(span.tags).toContainEqual({ key: 'w3c.tracestate', type: 'string', value: 'ot=th:8' });
  expect(span.logs.map((log: { fields: object[] }) => log.fields)).toEqual([
    [{ key: 'event', type: 'string', value: 'own' }],
    [],
  ]);
  expect(v3(trace)[0].scopeSpans[0].spans[0]).toMatchObject({
    flags: 0x101,
    traceState: 'ot=th:8',
  });
});

test('a summary takes the earliest span for the root where none is without parent', () => {
  const trace = told(
    { id: 'b', parent: 'f', start: 50, service: 'orphan' },
    { id: 'c', parent: 'b', start: 20, service: 'early', status: 2, host: 'x' },
    { id: 'd', parent: 'c', start: 60, host: 'x', service: 'early' },
  );
  const raw = summariseTrace({
    ...trace,
    spans: trace.spans.map((one) => ({ ...one, shiftMicros: 0 })),
  });
  expect(raw).toEqual({
    traceId,
    rootServiceName: 'early',
    rootOperationName: 'does c',
    minStartTimeUnixNano: nanos(20),
    maxEndTimeUnixNano: nanos(70),
    spanCount: 3,
    errorSpanCount: 1,
    orphanSpanCount: 1,
    services: [
      { name: 'orphan', spanCount: 1, errorSpanCount: 0 },
      { name: 'early', spanCount: 2, errorSpanCount: 1 },
    ],
  });
});
