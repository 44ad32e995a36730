import { expect, test } from 'vitest';
import { durationText, parseGoDuration } from './go-duration.ts';
import { flag, limit, operationsOf, requiredTime, time, traceId } from './read-parameters.ts';
import { readHintV1, readHintV3, readSearchV1, readSearchV3, readWindow } from './read-search.ts';

const nowMicros = 1_790_000_000_000_000;
const min = '2026-01-01T00:00:00Z';
const max = '2026-01-02T00:00:00Z';
const times = `query.startTimeMin=${min}&query.startTimeMax=${max}`;

function asked(text: string): URLSearchParams {
  return new URLSearchParams(text);
}

test.each([
  ['2026-01-01T00:00:00Z', 1_767_225_600_000_000],
  ['2026-01-01T00:00:00.5Z', 1_767_225_600_500_000],
  ['2026-01-01T00:00:00.123456789Z', 1_767_225_600_123_456],
  ['2026-01-01T02:00:00.000001+02:00', 1_767_225_600_000_001],
  ['2026-01-01t00:00:00z', 1_767_225_600_000_000],
])('%s is read to the microsecond', (text, micros) => {
  expect(time({ name: 'startTime', text })).toBe(micros);
});

test.each(['2026-01-01', 'now', '2026-13-01T00:00:00Z', '2026-01-01T00:00:00', '1767225600'])(
  '%s is no time of API v3, and the refusal names the parameter',
  (text) => {
    expect(() => requiredTime({ name: 'query.startTimeMin', text })).toThrow(/query\.startTimeMin/);
  },
);

test.each([
  ['true', true],
  ['1', true],
  ['T', true],
  ['false', false],
  ['0', false],
  [undefined, false],
])('raw=%s is %s', (text, expected) => {
  expect(flag({ name: 'raw', text })).toBe(expected);
});

test('a flag that is neither is refused', () => {
  expect(() => flag({ name: 'raw', text: 'yes' })).toThrow("'yes' is neither true nor false");
});

test.each([
  ['1', '1'.padStart(32, '0')],
  ['ABCDEF0123456789', 'abcdef0123456789'.padStart(32, '0')],
  ['EjRWeJq83vD+3LqYdlQyEA==', '123456789abcdef0fedcba9876543210'],
  ['EjRWeJq83vD-3LqYdlQyEA', '123456789abcdef0fedcba9876543210'],
  ['AAAAAAAAAAE=', '1'.padStart(32, '0')],
])('%s is the trace id %s', (text, id) => {
  expect(traceId(text)).toBe(id);
});

test.each(['', 'x', 'f'.repeat(33), 'AAAZ', 'EjRWeJq83vD+3LqYdlQyEA===', '0x1', ' 1'])(
  "'%s' is no trace id",
  (text) => {
    expect(() => traceId(text)).toThrow('is not a trace id');
  },
);

test.each([
  ['', { fromMicros: nowMicros - 172_800_000_000, toMicros: nowMicros }],
  ['start=0&end=0', { fromMicros: nowMicros - 172_800_000_000, toMicros: nowMicros }],
  ['start=5&end=9', { fromMicros: 5, toMicros: 9 }],
])('the window of "%s"', (text, window) => {
  expect(readWindow(asked(text), nowMicros)).toEqual(window);
});

test('a duration of 0 bounds nothing', () => {
  const { query } = readSearchV1(asked('minDuration=0&maxDuration=0s'), nowMicros);
  expect([query.minDurationMicros, query.maxDurationMicros]).toEqual([undefined, undefined]);
});

test('lookback is not read, as Jaeger does not', () => {
  const { query } = readSearchV1(asked('lookback=custom&service=a'), nowMicros);
  expect(query).toMatchObject({
    service: 'a',
    limit: 100,
    fromMicros: nowMicros - 172_800_000_000,
  });
});

test.each([
  ['query.searchDepth=7', 7],
  ['query.search_depth=7', 7],
  ['query.num_traces=7', 7],
  ['query.searchDepth=7&query.num_traces=8', 7],
  ['query.searchDepth=&query.num_traces=8', 8],
  ['', 100],
])('the depth of "%s" is %d', (text, depth) => {
  expect(readSearchV3(asked(`${times}&${text}`)).query.limit).toBe(depth);
});

test('every parameter of API v3 is read in both spellings', () => {
  const camel = `${times}&query.serviceName=a&query.operationName=b&query.durationMin=1s&query.durationMax=2s&query.rawTraces=true`;
  const snake = camel.replace(/(?<=query\.)\w+/g, (name) =>
    name.replace(/[A-Z]/g, (upper) => `_${upper.toLowerCase()}`),
  );
  expect(snake).toContain('query.start_time_min');
  const expected = {
    query: {
      service: 'a',
      operation: 'b',
      tags: new Map(),
      fromMicros: 1_767_225_600_000_000,
      toMicros: 1_767_312_000_000_000,
      minDurationMicros: 1_000_000,
      maxDurationMicros: 2_000_000,
      limit: 100,
    },
    raw: true,
  };
  expect(readSearchV3(asked(camel))).toEqual(expected);
  expect(readSearchV3(asked(snake))).toEqual(expected);
});

test.each([
  ['query.filter={}', 501, /'query.filter' is not supported here/],
  ['query.pagination.pageToken=x', 501, /pageToken/],
  ['query.searchDepth=0', 400, /from 1 to 1500/],
  ['query.searchDepth=1501', 400, /from 1 to 1500/],
  ['query.num_traces=-1', 400, /'query.num_traces'/],
  ['query.attributes=[]', 400, /'query.attributes'/],
  ['query.attributes={"a":1}', 400, /'a' is not a string/],
  ['query.durationMin=1', 400, /'query.durationMin'/],
  ['query.duration_max=x', 400, /'query.duration_max'/],
  ['query.durationMin=2s&query.durationMax=1s', 400, /greater/],
  ['query.rawTraces=maybe', 400, /'query.rawTraces'/],
])('%s is refused with %d', (text, status, message) => {
  const read = (): unknown => readSearchV3(asked(`${times}&${text}`));
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ status }));
});

test('a hint of API v3 needs both times', () => {
  expect(readHintV3(asked(`startTime=${min}`))).toBeUndefined();
  expect(readHintV3(asked(`start_time=${min}&endTime=${max}`))).toEqual({
    fromMicros: 1_767_225_600_000_000,
    toMicros: 1_767_312_000_000_000,
  });
  expect(() => readHintV3(asked('startTime=1'))).toThrow("'startTime' must be a time");
});

test.each([
  ['start=1790000000000&end=1790000000001', { fromMicros: 1.79e15, toMicros: 1.79e15 + 1000 }],
  ['start=1790000000000000&end=1790000000000001', { fromMicros: 1.79e15, toMicros: 1.79e15 + 1 }],
  ['start=1790000000000', undefined],
])('the hint of %s', (text, hint) => {
  expect(readHintV1(asked(text))).toEqual(hint);
});

test('a hint that is no number is refused', () => {
  expect(() => readHintV1(asked('start=x'))).toThrow("param 'start'");
});

test('a limit has bounds', () => {
  expect(limit({ name: 'limit', text: '1500' })).toBe(1_500);
  expect(() => limit({ name: 'limit', text: '1501' })).toThrow('from 1 to 1500');
});

test('operations are asked for by service, and by kind in any case', () => {
  expect(operationsOf(asked('service=a&span_kind=SERVER'))).toEqual({
    service: 'a',
    kind: 'server',
  });
  expect(operationsOf(asked('service=a&spanKind='))).toEqual({ service: 'a', kind: undefined });
  expect(() => operationsOf(asked('service=a&span_kind=x'))).toThrow("'span_kind' must be one of");
});

test.each([
  ['0', 0],
  ['1.2s', 1_200_000],
  ['1h30m', 5_400_000_000],
  ['5us', 5],
  ['5µs', 5],
  ['5μs', 5],
  ['1500ns', 1.5],
  ['-1s', undefined],
  ['1', undefined],
  ['1s ', undefined],
  ['', undefined],
])('the duration %s', (text, micros) => {
  expect(parseGoDuration(text)).toBe(micros);
});

test.each([
  [2_500_000, '2.5s'],
  [-1_500, '-1.5ms'],
  [7, '7µs'],
])('%d microseconds read as %s', (micros, text) => {
  expect(durationText(micros)).toBe(text);
});
