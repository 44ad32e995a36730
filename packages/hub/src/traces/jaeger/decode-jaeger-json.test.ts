import { describe, expect, test } from 'vitest';
import { DecodeError } from '../decode/decode-error.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { decodeJaegerTraces } from './decode-jaeger-json.ts';
import { decodeTraces } from './decode-traces.ts';

const traceID = '0af7651916cd43dd8448eb211c80319c';
const other = '1bf7651916cd43dd8448eb211c80319c';

interface Tag {
  readonly key: string;
  readonly type?: string;
  readonly value: unknown;
}

const tag = (key: string, value: unknown, type = 'string'): Tag => ({ key, type, value });

function aTrace(span: object = {}, process: object = {}): object {
  return {
    traceID,
    spans: [
      {
        traceID,
        spanID: '00000000000000a1',
        operationName: 'GET /a',
        references: [],
        startTime: 1_790_000_000_000_001,
        duration: 1_500,
        tags: [],
        logs: [],
        processID: 'p1',
        warnings: null,
        ...span,
      },
    ],
    processes: { p1: { serviceName: 'web', tags: [], ...process } },
    warnings: null,
  };
}

function read(span: object = {}, process: object = {}) {
  const [read] = decodeJaegerTraces([aTrace(span, process)]);
  if (read === undefined) throw new Error('no span was read');
  return read;
}

describe('a span of Jaeger’s API v1', () => {
  test('has its ids, name, times, service and resource', () => {
    const span = read({ flags: 1 }, { tags: [tag('service.version', '7'), tag('zone', 'north')] });
    expect(span).toMatchObject({
      traceId: traceID,
      spanId: '00000000000000a1',
      parentSpanId: undefined,
      name: 'GET /a',
      kind: 'unspecified',
      status: 'unset',
      flags: 1,
      startMicros: 1_790_000_000_000_001,
      durationMicros: 1_500,
      links: [],
      events: [],
    });
    expect(span.resource).toMatchObject({ service: 'web', version: '7' });
    expect(span.resource.attributes).toMatchObject({ zone: 'north' });
  });

  test('has ids that are padded where zeros were left out', () => {
    const span = read({ traceID: '82f7651916cd43dd', spanID: 'a1' });
    expect([span.traceId, span.spanId]).toEqual([
      '000000000000000082f7651916cd43dd',
      '00000000000000a1',
    ]);
  });

  test.each<[string, Tag[], object]>([
    ['its kind', [tag('span.kind', 'server')], { kind: 'server' }],
    ['a kind nobody knows as none', [tag('span.kind', 'proxy')], { kind: 'unspecified' }],
    [
      'its error and what it says of it',
      [
        tag('error', true, 'bool'),
        tag('otel.status_code', 'ERROR'),
        tag('otel.status_description', 'broken'),
      ],
      { status: 'error', statusMessage: 'broken' },
    ],
    ['an error that an old client wrote as text', [tag('error', 'true')], { status: 'error' }],
    ['its success', [tag('otel.status_code', 'OK')], { status: 'ok' }],
    [
      'no error where a status is only high',
      [tag('http.status_code', 404, 'int64')],
      { status: 'unset' },
    ],
    [
      'its scope',
      [tag('otel.scope.name', 'http'), tag('otel.scope.version', '1.2')],
      { scope: { name: 'http', version: '1.2' } },
    ],
    [
      'its scope by the old names',
      [tag('otel.library.name', 'http'), tag('otel.library.version', '1.2')],
      { scope: { name: 'http', version: '1.2' } },
    ],
    ['its trace state', [tag('w3c.tracestate', 'ot=th:8')], { traceState: 'ot=th:8' }],
  ])('has %s from its tags', (_, tags, expected) => {
    expect(read({ tags })).toMatchObject(expected);
  });

  test('keeps no tag that became a field', () => {
    const tags = [
      tag('span.kind', 'server'),
      tag('error', true, 'bool'),
      tag('otel.status_code', 'ERROR'),
      tag('otel.scope.name', 'http'),
      tag('customer', 'blue'),
    ];
    expect(read({ tags }).sentAttributes).toEqual({ customer: 'blue' });
  });

  test.each<[Tag, unknown]>([
    [tag('a', 'text'), 'text'],
    [tag('a', true, 'bool'), true],
    [tag('a', 'true', 'bool'), true],
    [tag('a', 7, 'int64'), 7],
    [tag('a', '7', 'int64'), 7],
    [tag('a', '9007199254740993', 'int64'), 9_007_199_254_740_993n],
    [tag('a', '-9007199254740993', 'int64'), -9_007_199_254_740_993n],
    [tag('a', 0.25, 'float64'), 0.25],
    [tag('a', 'NaN', 'float64'), Number.NaN],
    [tag('a', 'Infinity', 'float64'), Number.POSITIVE_INFINITY],
    [tag('a', 'much', 'int64'), 'much'],
    [tag('a', '[1,2]'), '[1,2]'],
    [tag('a', 7), '7'],
    [tag('a', { toString: 1 }, 'int64'), ''],
    [tag('a', null), ''],
  ])('reads the value %j', (one, expected) => {
    expect(read({ tags: [one] }).sentAttributes.a).toEqual(expected);
  });

  test.each<[string, object, string | undefined]>([
    [
      'CHILD_OF in its own trace',
      { references: [{ refType: 'CHILD_OF', traceID, spanID: 'b1' }] },
      '00000000000000b1',
    ],
    ['the old field', { parentSpanID: 'b1' }, '00000000000000b1'],
    ['no link', { references: [{ refType: 'FOLLOWS_FROM', traceID, spanID: 'b1' }] }, undefined],
    [
      'nothing of another trace',
      { references: [{ refType: 'CHILD_OF', traceID: other, spanID: 'b1' }] },
      undefined,
    ],
  ])('has its parent from %s', (_, span, parent) => {
    expect(read(span).parentSpanId).toBe(parent);
  });

  test('has all other references as links', () => {
    const references = [
      { refType: 'CHILD_OF', traceID, spanID: 'b1' },
      { refType: 'CHILD_OF', traceID: other, spanID: 'b2' },
      { refType: 'FOLLOWS_FROM', traceID: other, spanID: 'b3' },
    ];
    expect(read({ references }).links).toEqual([
      {
        traceId: other,
        spanId: '00000000000000b2',
        attributes: { 'opentracing.ref_type': 'child_of' },
      },
      { traceId: other, spanId: '00000000000000b3', attributes: {} },
    ]);
  });

  test.each<[string, Tag[], object]>([
    [
      'event',
      [tag('event', 'reserved'), tag('item', 'lamp')],
      { name: 'reserved', attributes: { item: 'lamp' } },
    ],
    ['message', [tag('message', 'hello')], { name: 'hello', attributes: { message: 'hello' } }],
    ['nothing', [tag('item', 'lamp')], { name: '', attributes: { item: 'lamp' } }],
    ['no number', [tag('event', 7, 'int64')], { name: '', attributes: { event: 7 } }],
  ])('has the name of an event from %s', (_, fields, expected) => {
    const logs = [{ timestamp: 1_790_000_000_000_002, fields }];
    expect(read({ logs }).events).toEqual([{ timeMicros: 1_790_000_000_000_002, ...expected }]);
  });

  test('is read without its secrets', () => {
    const tags = [tag('url.full', 'http://a/?token=hush')];
    expect(read({ tags }).sentAttributes).toEqual({ 'url.full': 'http://a/?token=REDACTED' });
  });

  test('whose process is missing still comes, and one without ids does not', () => {
    const trace = { ...aTrace(), processes: {} };
    expect(decodeJaegerTraces([trace])).toHaveLength(1);
    expect(decodeJaegerTraces([aTrace({ spanID: 'none' }), aTrace({ traceID: '' })])).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['a trace that is none', 7],
    ['spans that are none', { spans: [7] }],
    ['a list of processes', { ...aTrace(), processes: [] }],
    ['a start that is text', aTrace({ startTime: 'noon' })],
    ['a duration below zero', aTrace({ duration: -1 })],
    ['a name that is none', aTrace({ operationName: {} })],
    ['a tag without a key', aTrace({ tags: [{ key: 7 }] })],
    ['a process that is one by inheritance only', aTrace({ processID: 'constructor' })],
  ])('%s is refused', (_, trace) => {
    expect(() => decodeJaegerTraces([trace])).toThrow(DecodeError);
  });
});

/** The next of a fixed row of numbers, from 0 to below the bound. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 4_294_967_296) * bound);
  };
}

function deep(levels: number): unknown {
  let value: unknown = 'end';
  for (let level = 0; level < levels; level += 1)
    value = level % 2 === 0 ? [value] : { key: value };
  return value;
}

const oddValues: readonly unknown[] = [
  ...[null, 0, -1, 1e300, 0.5, '', 'x', 'ff'.repeat(40), true, [], {}, [[]], [null]],
  ...[{ toString: 1, valueOf: 1 }, { __proto__: 7 }, { key: 'a', value: {} }, deep(5_000)],
  ...['constructor', '__proto__', '\u0000', '9'.repeat(30), Number.MAX_SAFE_INTEGER + 2],
];

/** One value somewhere below is another. */
function mutated(value: unknown, roll: (bound: number) => number): unknown {
  if (typeof value !== 'object' || value === null || roll(6) === 0)
    return oddValues[roll(oddValues.length)];
  if (Array.isArray(value)) {
    const at = roll(value.length + 1);
    return value.length === 0
      ? oddValues
      : value.map((item, index) => (index === at ? mutated(item, roll) : item));
  }
  const keys = Object.keys(value);
  const chosen = keys[roll(keys.length)];
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === chosen ? mutated(item, roll) : item]),
  );
}

const v1 = [
  aTrace({
    references: [{ refType: 'CHILD_OF', traceID, spanID: 'b1' }],
    tags: [tag('span.kind', 'server'), tag('count', 7, 'int64'), tag('raw', 'AAEC', 'binary')],
    logs: [{ timestamp: 1_790_000_000_000_002, fields: [tag('event', 'reserved')] }],
  }),
];
const v3 = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'web' } }] },
      scopeSpans: [
        {
          scope: { name: 'http', version: '1' },
          spans: [
            {
              traceId: traceID,
              spanId: '00000000000000a1',
              name: 'GET',
              kind: 2,
              startTimeUnixNano: '1790000000000000001',
              endTimeUnixNano: '1790000000000000002',
              attributes: [
                { key: 'a', value: { arrayValue: { values: [{ intValue: '7' }] } } },
                { key: 'b', value: { kvlistValue: { values: [{ key: 'c', value: {} }] } } },
              ],
              events: [{ timeUnixNano: '1790000000000000001', name: 'e', attributes: [] }],
              links: [{ traceId: traceID, spanId: '00000000000000a2' }],
              status: { code: 2, message: 'broken' },
            },
          ],
        },
      ],
    },
  ],
};

test.each<[string, unknown, (value: unknown) => readonly ReceivedSpan[]]>([
  ['v1', v1, (value) => decodeJaegerTraces(Array.isArray(value) ? value : [value])],
  ['v3', v3, decodeTraces],
])(
  'four thousand odd answers by %s are read or refused, and nothing else happens',
  (_, answer, decode) => {
    const roll = dice(7);
    let refused = 0;
    for (let count = 0; count < 4_000; count += 1) {
      try {
        for (const span of decode(mutated(answer, roll)))
          expect([span.attributes, span.events, span.links, span.statusMessage]).toHaveLength(4);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(400);
    expect(refused).toBeLessThan(4_000);
  },
);
