import { describe, expect, test } from 'vitest';
import { aSpan, aTrace, aTraceId, spanId } from '../testing/samples.tsx';
import {
  ancestorsOf,
  buildSpanTree,
  collapsibleRows,
  hasChildren,
  visibleRows,
} from './span-tree.ts';
import { readNames, readTraces, type TraceSpan, tagOf } from './trace.ts';
import { firstCollapsed, neighbour, toggled } from './use-waterfall.ts';
import { onWaterfallKey } from './waterfall.tsx';
import { axisTicks, barOf, rowHeight, rowWindow, scrollFor } from './waterfall-window.ts';

const shape = (spans: readonly TraceSpan[]) => {
  const tree = buildSpanTree(aTrace(spans));
  return tree.spans.map(
    (span, row) => `${'.'.repeat(tree.depth[row] ?? 0)}${Number.parseInt(span.spanId, 16)}`,
  );
};

describe('the tree', () => {
  test.each<[string, readonly TraceSpan[], readonly string[]]>([
    ['nothing', [], []],
    [
      'children by their start, in any order of arrival',
      [aSpan(4, { parent: 1 }), aSpan(3, { parent: 2 }), aSpan(2, { parent: 1 }), aSpan(1)],
      ['1', '.2', '..3', '.4'],
    ],
    ['a span whose parent never came as a root', [aSpan(1), aSpan(2, { parent: 99 })], ['1', '2']],
    ['a span that is its own parent as a root', [aSpan(1, { parent: 1 })], ['1']],
    [
      'a circle cut open',
      [aSpan(1, { parent: 2 }), aSpan(2, { parent: 1 }), aSpan(3, { parent: 2 })],
      ['1', '.2', '..3'],
    ],
    [
      'a span that came twice as two rows',
      [aSpan(1), aSpan(2, { parent: 1 }), aSpan(2, { parent: 1 })],
      ['1', '.2', '.2'],
    ],
    [
      'what follows from a span below it, unless it has a parent',
      [
        aSpan(1),
        aSpan(2, { references: [{ kind: 'follows-from', traceId: aTraceId, spanId: spanId(1) }] }),
        aSpan(3, {
          references: [{ kind: 'follows-from', traceId: 'b'.repeat(32), spanId: spanId(1) }],
        }),
      ],
      ['1', '.2', '3'],
    ],
  ])('shows %s', (_, spans, rows) => {
    expect(shape(spans)).toEqual(rows);
  });

  test('takes a chain of 20,000 spans', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      aSpan(index + 1, index === 0 ? {} : { parent: index }),
    );
    const tree = buildSpanTree(aTrace(chain));
    expect(tree.depth.at(-1)).toBe(19_999);
    expect(visibleRows(tree, new Set([5]))).toHaveLength(6);
  });

  test('knows its times, errors and services', () => {
    const tree = buildSpanTree(
      aTrace([
        aSpan(1, { start: 1000, duration: 500 }),
        aSpan(2, { parent: 1, start: 900, duration: 50, failed: true, service: 'bank' }),
      ]),
    );
    expect(tree).toMatchObject({
      start: 900,
      duration: 600,
      errors: 1,
      services: ['shop', 'bank'],
    });
    expect(buildSpanTree(aTrace([])).duration).toBe(1);
  });

  test('notes clocks that differ and parents that are missing, and adjusts nothing', () => {
    const early = aSpan(2, { parent: 1, start: 400, service: 'bank' });
    const tree = buildSpanTree(
      aTrace([
        aSpan(1, { start: 1000 }),
        early,
        aSpan(3, { parent: 1, start: 990 }),
        aSpan(4, { parent: 77, start: 5000 }),
      ]),
    );
    expect(tree.spans[1]?.start).toBe(400);
    expect([...tree.notes.entries()]).toEqual([
      [
        1,
        'Starts 600 µs before its parent: the clocks of shop and bank differ. Shown as recorded, nothing is adjusted.',
      ],
      [2, 'Starts 10 µs before its parent. Shown as recorded, nothing is adjusted.'],
      [3, expect.stringContaining(`The parent span ${spanId(77)} was not received`)],
    ]);
  });

  test('counts the time between a producer and its consumer as waiting in the queue', () => {
    const tree = buildSpanTree(
      aTrace([
        aSpan(1, { kind: 'producer', start: 1000, duration: 100 }),
        aSpan(2, { kind: 'consumer', parent: 1, start: 1500 }),
        aSpan(3, { kind: 'consumer', parent: 1, start: 1050 }),
        aSpan(4, { kind: 'internal', parent: 1, start: 1600 }),
      ]),
    );
    const waits = [...tree.queued].map(([row, wait]) => [tree.spans[row]?.spanId, wait]);
    expect(waits).toEqual([[spanId(2), 400]]);
  });
});

describe('collapsing', () => {
  const tree = buildSpanTree(
    aTrace([
      aSpan(1),
      aSpan(2, { parent: 1 }),
      aSpan(3, { parent: 2 }),
      aSpan(4, { parent: 1 }),
      aSpan(5),
    ]),
  );

  test('hides what is below a row and nothing else', () => {
    expect(visibleRows(tree, new Set())).toEqual([0, 1, 2, 3, 4]);
    expect(visibleRows(tree, new Set([1]))).toEqual([0, 1, 3, 4]);
    expect(visibleRows(tree, new Set([0, 1]))).toEqual([0, 4]);
  });

  test('of all rows leaves the roots open', () => {
    expect([...collapsibleRows(tree)]).toEqual([1]);
    expect([0, 1, 2].map((row) => hasChildren(tree, row))).toEqual([true, true, false]);
  });

  test('at first follows the address, but never hides the open span', () => {
    expect([...firstCollapsed(tree, -1, new URLSearchParams())]).toEqual([]);
    expect([...firstCollapsed(tree, -1, new URLSearchParams('collapsed=1'))]).toEqual([1]);
    expect([...firstCollapsed(tree, 2, new URLSearchParams('collapsed=1'))]).toEqual([]);
    expect(ancestorsOf(tree, 2)).toEqual([1, 0]);
  });

  test('is undone by the same step', () => {
    expect([...toggled(toggled(new Set([3]), 1), 1)]).toEqual([3]);
  });

  test.each([
    [[0, 1, 3, 4], -1, 1, 0],
    [[0, 1, 3, 4], 1, 1, 3],
    [[0, 1, 3, 4], 2, 1, 3],
    [[0, 1, 3, 4], 4, 1, 4],
    [[0, 1, 3, 4], 0, -1, 0],
    [[], 3, 1, -1],
  ] as const)('in rows %j one steps from %i by %i to %i', (...[rows, current, step, expected]) => {
    expect(neighbour(rows, current, step)).toBe(expected);
  });

  test.each([
    ['ArrowDown', 0, [], 'stand 1'],
    ['ArrowUp', 1, [], 'stand 0'],
    ['ArrowDown', -1, [], 'stand 0'],
    ['ArrowLeft', 1, [], 'toggle 1'],
    ['ArrowLeft', 2, [], 'stand 1'],
    ['ArrowLeft', 1, [1], undefined],
    ['ArrowRight', 1, [1], 'toggle 1'],
    ['ArrowRight', 1, [], undefined],
    ['Enter', 3, [], 'open 3'],
    ['Enter', -1, [], undefined],
    ['x', 1, [], undefined],
  ] as const)(
    '%s on row %i with %j collapsed does %s',
    (...[key, current, collapsed, expected]) => {
      let done: string | undefined;
      let prevented = false;
      const note = (what: string) => (row: number) => {
        done = `${what} ${row}`;
      };
      onWaterfallKey({ key, preventDefault: () => (prevented = true) }, tree, {
        rows: visibleRows(tree, new Set(collapsed)),
        collapsed: new Set(collapsed),
        current,
        stand: note('stand'),
        toggle: note('toggle'),
        open: note('open'),
      });
      expect(done).toBe(expected);
      expect(prevented).toBe(expected !== undefined);
    },
  );
});

describe('the window of rows', () => {
  test('holds the rows in view and a few more, however many there are', () => {
    const view = rowWindow(100 * rowHeight, 20 * rowHeight, 10_000);
    expect(view).toEqual({ first: 92, end: 128 });
    expect(rowWindow(0, 400, 3)).toEqual({ first: 0, end: 3 });
    expect(rowWindow(9000 * rowHeight, 400, 10).end).toBe(10);
  });

  test('scrolls only when a row is out of view', () => {
    expect(scrollFor(5, 0, 400)).toBeUndefined();
    expect(scrollFor(1, 100, 400)).toBe(rowHeight);
    expect(scrollFor(50, 0, 400)).toBe(51 * rowHeight - 400);
  });

  test('places bars in per cent of the trace and keeps short ones visible', () => {
    expect(barOf({ start: 150, duration: 50 }, { start: 100, duration: 200 })).toEqual({
      left: 25,
      width: 25,
    });
    expect(barOf({ start: 100, duration: 0 }, { start: 100, duration: 1e9 }).width).toBeGreaterThan(
      0,
    );
    expect(axisTicks(400)).toEqual([0, 100, 200, 300, 400]);
  });
});

describe('reading Jaeger JSON', () => {
  test('takes tags, process, references, logs and warnings over', () => {
    const [trace] = readTraces(
      {
        data: [
          {
            traceID: 'aa',
            warnings: ['cut'],
            clocks: 'recorded',
            processes: {
              p1: {
                serviceName: 'shop',
                tags: [{ key: 'service.version', type: 'string', value: '7' }],
              },
            },
            spans: [
              {
                traceID: 'aa',
                spanID: '01',
                operationName: 'POST /orders',
                references: [
                  { refType: 'CHILD_OF', traceID: 'aa', spanID: '02' },
                  { refType: 'FOLLOWS_FROM', traceID: 'bb', spanID: '03' },
                ],
                startTime: 1000,
                duration: 5,
                tags: [
                  { key: 'span.kind', type: 'string', value: 'server' },
                  { key: 'error', type: 'bool', value: true },
                  { key: 'n', type: 'int64', value: '9007199254740993' },
                ],
                logs: [
                  { timestamp: 1001, fields: [{ key: 'event', type: 'string', value: 'retry' }] },
                ],
                processID: 'p1',
                warnings: ['late'],
              },
            ],
          },
        ],
      },
      'recorded',
    );
    expect(trace).toEqual({
      traceId: 'aa',
      warnings: ['cut'],
      clocks: 'recorded',
      spans: [
        {
          spanId: '01',
          name: 'POST /orders',
          service: 'shop',
          resource: [['service.version', '7']],
          references: [
            { kind: 'child-of', traceId: 'aa', spanId: '02' },
            { kind: 'follows-from', traceId: 'bb', spanId: '03' },
          ],
          start: 1000,
          duration: 5,
          tags: [
            ['span.kind', 'server'],
            ['error', 'true'],
            ['n', '9007199254740993'],
          ],
          logs: [{ at: 1001, fields: [['event', 'retry']] }],
          warnings: ['late'],
          kind: 'server',
          failed: true,
        },
      ],
    });
    expect(tagOf(trace?.spans[0]?.tags ?? [], 'n')).toBe('9007199254740993');
  });

  test('an old parentSpanID counts as a reference once', () => {
    const spans = [
      { traceID: 'aa', spanID: '01', parentSpanID: '02' },
      {
        traceID: 'aa',
        spanID: '03',
        parentSpanID: '02',
        references: [{ refType: 'CHILD_OF', traceID: 'aa', spanID: '02' }],
      },
    ];
    const [trace] = readTraces({ data: [{ traceID: 'aa', spans }] }, 'recorded');
    expect(trace?.spans.map((span) => span.references.length)).toEqual([1, 1]);
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    ['text'],
    [{ data: null }],
    [{ data: [null, 1, {}, { spans: [] }] }],
  ])('whatever is no trace is left out: %j', (body) => {
    expect(readTraces(body, 'recorded')).toEqual([]);
  });

  test('a span of which nothing fits is still a span', () => {
    const [trace] = readTraces(
      {
        data: [
          {
            traceID: 'aa',
            spans: [
              { tags: [{ key: 'a', value: { b: 1 } }, { key: 'c' }], startTime: 'x', duration: -4 },
            ],
          },
        ],
      },
      'recorded',
    );
    expect(trace?.spans[0]).toMatchObject({
      service: 'unknown service',
      start: 0,
      duration: 0,
      tags: [
        ['a', '{"b":1}'],
        ['c', ''],
      ],
      failed: false,
    });
  });

  test('names are read from text and from objects, sorted', () => {
    expect(readNames({ data: ['b', { name: 'a' }, 7, null] })).toEqual(
      ['7', 'a', 'b'].filter((name) => name !== '7'),
    );
  });
});
