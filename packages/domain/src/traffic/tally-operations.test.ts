import { describe, expect, test } from 'vitest';
import { latencyBucket, latencyBuckets } from './latency-histogram.ts';
import type { Resource } from './span.ts';
import type { SpanColumns } from './span-columns.ts';
import { defaultTallyLimits, OperationTally, overflowName } from './tally-operations.ts';

const minuteMicros = 60_000_000;
const nowMinute = 29_000_000;
const nowMicros = nowMinute * minuteMicros + 30_000_000;

interface SpanParts {
  readonly name?: string;
  readonly service?: string;
  readonly environment?: string;
  readonly kind?: number;
  readonly status?: number;
  readonly minute?: number;
  readonly micros?: number;
  readonly traceState?: string;
  readonly trace?: number;
}

function columnsOf(spans: readonly SpanParts[]): SpanColumns {
  const resources = spans.map(
    ({ service = 'shop', environment }): Resource => ({
      service,
      version: '1',
      environment,
      attributes: {},
    }),
  );
  return {
    length: spans.length,
    ids: Uint32Array.from(spans.flatMap(({ trace = 1 }) => [0xabc, 0, 0, trace, 0, 1, 0, 0])),
    kinds: Uint8Array.from(spans.map(({ kind = 2 }) => kind)),
    statuses: Uint8Array.from(spans.map(({ status = 0 }) => status)),
    flags: new Uint32Array(spans.length),
    startMicros: Float64Array.from(
      spans.map(({ minute = nowMinute }) => minute * minuteMicros + 5_000_000),
    ),
    durationMicros: Float64Array.from(spans.map(({ micros = 3000 }) => micros)),
    resourceOf: Uint32Array.from(spans.map((_, index) => index)),
    resources,
    names: spans.map(({ name = 'GET /orders' }) => name),
    traceState: (at) => spans[at]?.traceState ?? '',
    readCallValues: () => undefined,
    links: () => [],
  };
}

function add(tally: OperationTally, spans: readonly SpanParts[], isNew?: readonly number[]): void {
  const flags = Uint8Array.from(isNew ?? spans.map(() => 1));
  tally.add(columnsOf(spans), flags, nowMicros);
}

function bucketsOf(micros: number, calls: number): readonly number[] {
  const buckets = new Array<number>(latencyBuckets).fill(0);
  buckets[latencyBucket(micros)] = calls;
  return buckets;
}

describe('the operation tally', () => {
  test('counts spans that are alike in one row', () => {
    const tally = new OperationTally();
    add(tally, [
      { environment: 'production' },
      { environment: 'production', micros: 3500, trace: 2 },
    ]);
    expect(tally.take()).toEqual([
      {
        service: 'shop',
        environment: 'production',
        operation: 'GET /orders',
        kind: 'server',
        status: 'unset',
        minute: nowMinute,
        calls: 2,
        durationMicros: 6500,
        buckets: bucketsOf(3000, 2),
        exemplar: { traceId: '00000abc000000000000000000000002', durationMicros: 3500 },
      },
    ]);
  });

  test('tells what came since it was last asked', () => {
    const tally = new OperationTally();
    add(tally, [{}, {}]);
    expect(tally.take().map(({ calls }) => calls)).toEqual([2]);
    expect(tally.take()).toEqual([]);
    add(tally, [{}]);
    expect(tally.take().map(({ calls }) => calls)).toEqual([1]);
  });

  test('leaves out spans that are not new', () => {
    const tally = new OperationTally();
    add(tally, [{}, { name: 'again' }], [1, 0]);
    expect(tally.take().map(({ operation }) => operation)).toEqual(['GET /orders']);
  });

  test.each<{ readonly name: string; readonly parts: SpanParts }>([
    { name: 'services', parts: { service: 'bank' } },
    { name: 'environments', parts: { environment: 'staging' } },
    { name: 'names', parts: { name: 'GET /' } },
    { name: 'kinds', parts: { kind: 3 } },
    { name: 'statuses', parts: { status: 2 } },
    { name: 'minutes', parts: { minute: nowMinute - 1 } },
  ])('tells $name apart', ({ parts }) => {
    const tally = new OperationTally();
    add(tally, [{}, parts, {}, parts]);
    expect(tally.take().map(({ calls }) => calls)).toEqual([2, 2]);
  });

  test('names kinds and statuses', () => {
    const tally = new OperationTally();
    add(
      tally,
      [0, 1, 2, 3, 4, 5, 99].map((kind) => ({ kind, status: kind % 3 })),
    );
    expect(tally.take().map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'unspecified unset',
      'internal ok',
      'server error',
      'client unset',
      'producer ok',
      'consumer error',
      'unspecified unset',
    ]);
  });

  test.each([
    { name: 'the day before at most', minute: 1, counted: nowMinute - 1440 },
    { name: 'the hour after at most', minute: nowMinute + 9999, counted: nowMinute + 60 },
    { name: 'a time that is none far back', minute: Number.NaN, counted: nowMinute - 1440 },
  ])('puts a span that claims another time into $name', ({ minute, counted }) => {
    const tally = new OperationTally();
    add(tally, [{ minute }, { minute }]);
    expect(tally.take()).toMatchObject([{ minute: counted, calls: 2 }]);
  });

  test('weighs what was sampled', () => {
    const tally = new OperationTally();
    const traceState = 'ot=th:c';
    add(tally, [{ traceState }, { traceState }, { traceState: 'vendor=x' }, {}]);
    expect(tally.take()).toMatchObject([
      { calls: 10, durationMicros: 30_000, buckets: bucketsOf(3000, 10) },
    ]);
  });

  test('cuts long names', () => {
    const tally = new OperationTally();
    add(tally, [{ name: 'x'.repeat(300) }, { name: 'x'.repeat(400) }]);
    expect(tally.take()).toMatchObject([{ operation: 'x'.repeat(200), calls: 2 }]);
  });
});

describe('the bounds of the operation tally', () => {
  test('count names beyond them as one, service by service', () => {
    const tally = new OperationTally({ ...defaultTallyLimits, operations: 2 });
    const names = ['a', 'b', 'c', 'd'];
    add(tally, [...names.map((name) => ({ name })), { service: 'bank', name: 'c' }]);
    expect(tally.take().map((row) => `${row.service} ${row.operation} ${row.calls}`)).toEqual([
      'shop a 1',
      'shop b 1',
      `shop ${overflowName} 2`,
      'bank c 1',
    ]);
    expect(tally.overflowed).toBe(2);
  });

  test('count services beyond them as one', () => {
    const tally = new OperationTally({ ...defaultTallyLimits, services: 1 });
    add(tally, [{}, { service: 'bank' }, { environment: 'staging' }, {}]);
    expect(tally.take().map((row) => `${row.service} ${row.operation} ${row.calls}`)).toEqual([
      'shop GET /orders 2',
      `${overflowName} ${overflowName} 2`,
    ]);
    expect(tally.overflowed).toBe(2);
  });

  test('count rows beyond them as one until the next take', () => {
    const tally = new OperationTally({ ...defaultTallyLimits, rows: 2 });
    const spans = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    add(tally, spans);
    expect(tally.take().map((row) => `${row.operation} ${row.calls}`)).toEqual([
      'a 1',
      'b 1',
      `${overflowName} 2`,
    ]);
    add(tally, spans.slice(2));
    expect(tally.take().map((row) => row.operation)).toEqual(['c', 'd']);
  });
});
