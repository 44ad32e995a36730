import { expect, test } from 'vitest';
import { aFinding, aSpan, aTrace, aTraceId } from '../testing/samples.tsx';
import { foundWords } from './trace-lines.tsx';
import { findingsOf } from './trace-page.tsx';
import { scatterX, scatterY } from './trace-scatter.tsx';
import {
  isGoDuration,
  isTraceId,
  jaegerQuery,
  readTags,
  readTraceSearch,
  searchProblems,
  traceLines,
  windowOf,
} from './trace-search.ts';

test('the search is read from the address, unknown values fall back', () => {
  expect(
    readTraceSearch(
      new URLSearchParams(
        'service=a&operation=b&minDuration=10ms&maxDuration=2s&tags=a%3Db&errors=1&limit=50&lookback=1h&until=2026-11-21T12:00:00Z',
      ),
    ),
  ).toEqual({
    service: 'a',
    operation: 'b',
    minDuration: '10ms',
    maxDuration: '2s',
    tags: 'a=b',
    until: Date.parse('2026-11-21T12:00:00Z'),
    errors: true,
    limit: 50,
    lookback: '1h',
  });
  expect(readTraceSearch(new URLSearchParams('limit=7&lookback=ever&until=soon'))).toMatchObject({
    until: undefined,
    service: '',
    limit: 20,
    lookback: '2d',
  });
});

test('the question to the hub carries every filter, times in microseconds', () => {
  const search = readTraceSearch(
    new URLSearchParams(
      'service=a&operation=GET+/&minDuration=%2010ms&maxDuration=1s&errors=1&lookback=15m&tags=http.route%3D"/a b"',
    ),
  );
  expect(Object.fromEntries(jaegerQuery(search, 1_000_000))).toEqual({
    service: 'a',
    limit: '20',
    raw: 'true',
    start: '100000000',
    end: '1000000000',
    operation: 'GET /',
    minDuration: '10ms',
    maxDuration: '1s',
    tags: '{"http.route":"/a b","error":"true"}',
  });
  expect([...jaegerQuery(readTraceSearch(new URLSearchParams('service=a')), 1e9).keys()]).toEqual([
    'service',
    'limit',
    'raw',
    'start',
    'end',
  ]);
});

test('a search of any service names none, and a held time ends the window there', () => {
  const search = readTraceSearch(
    new URLSearchParams('service=*&lookback=1h&until=2026-11-21T12:00:00Z'),
  );
  const until = Date.parse('2026-11-21T12:00:00Z');
  expect(windowOf(search, until + 999_999)).toEqual({ from: until - 3_600_000, to: until });
  expect(Object.fromEntries(jaegerQuery(search, 0))).toEqual({
    limit: '20',
    raw: 'true',
    start: String((until - 3_600_000) * 1000),
    end: String(until * 1000),
  });
});

test.each([
  ['', []],
  ['error=true', [['error', 'true']]],
  [
    ' http.response.status_code=500  http.route="/orders/{id} x" ',
    [
      ['http.response.status_code', '500'],
      ['http.route', '/orders/{id} x'],
    ],
  ],
  ['a=""', [['a', '']]],
  ['a=b=c', [['a', 'b=c']]],
  ['error', undefined],
  ['error=', undefined],
  ['=true', undefined],
  ['a="b', undefined],
])('the tags %j are read as %j', (text, tags) => {
  expect(readTags(text)).toEqual(tags);
});

test('what a search cannot be asked with is told field by field', () => {
  const problems = (query: string) =>
    Object.keys(searchProblems(readTraceSearch(new URLSearchParams(query))));
  expect(problems('minDuration=1s&maxDuration=2s&tags=a%3Db')).toEqual([]);
  expect(problems('minDuration=1&maxDuration=x&tags=a')).toEqual([
    'minDuration',
    'maxDuration',
    'tags',
  ]);
});

test.each([
  ['100ms', true],
  ['1.5s', true],
  ['1m30s', true],
  ['250µs', true],
  ['100', false],
  ['ms', false],
  ['1 s', false],
  ['', false],
])('%j as a length of time: %s', (text, expected) => {
  expect(isGoDuration(text)).toBe(expected);
});

test.each([
  [aTraceId, true],
  ['  4BF92F3577B34DA6 ', true],
  ['4bf9', false],
  ['x'.repeat(16), false],
  ['a'.repeat(33), false],
])('%j as the id of a trace: %s', (text, expected) => {
  expect(isTraceId(text)).toBe(expected);
});

test('found traces stand newest first, each named by its root', () => {
  const older = aTrace([
    aSpan(2, { parent: 1, failed: true, service: 'bank' }),
    aSpan(3, { parent: 1 }),
    aSpan(1, { name: 'root' }),
  ]);
  const newer = { ...aTrace([aSpan(900, { parent: 7, name: 'half' })]), traceId: 'b'.repeat(32) };
  const empty = { ...aTrace([]), traceId: 'c'.repeat(32) };
  const lines = traceLines([empty, older, newer]);
  expect(lines.map(({ root }) => root?.name)).toEqual(['half', 'root', undefined]);
  expect(lines[1]).toMatchObject({
    spans: 3,
    errors: 1,
    duration: 120,
    services: [
      ['shop', 2],
      ['bank', 1],
    ],
  });
  expect(lines[2]).toMatchObject({ spans: 0, start: 0, duration: 0 });
});

test('findings of a trace are found by their exemplar, also when its id was written short', () => {
  const findings = [
    aFinding({ id: 'long', exemplarTraceId: `${'0'.repeat(16)}4bf92f3577b34da6` }),
    aFinding({ id: 'other', exemplarTraceId: 'f'.repeat(32) }),
    aFinding({ id: 'none', exemplarTraceId: null }),
  ];
  expect(findingsOf(findings, '4bf92f3577b34da6').map(({ id }) => id)).toEqual(['long']);
});

test.each([
  ['', ['b', 'c', 'a']],
  ['longest', ['c', 'a', 'b']],
  ['shortest', ['b', 'a', 'c']],
  ['spans', ['a', 'b', 'c']],
  ['odd', ['b', 'c', 'a']],
])('found traces in the order %j are %j', (order, expected) => {
  const trace = (traceId: string, spans: Parameters<typeof aTrace>[0]) => ({
    ...aTrace(spans),
    traceId,
  });
  const found = [
    trace('a', [aSpan(1, { duration: 200 }), aSpan(2, { parent: 1 })]),
    trace('b', [aSpan(9, { duration: 10 })]),
    trace('c', [aSpan(5, { duration: 900 })]),
  ];
  expect(traceLines(found, order).map(({ traceId }) => traceId)).toEqual(expected);
});

test('a trace with spans whose parent is missing is partial', () => {
  const [line] = traceLines([
    aTrace([aSpan(1), aSpan(2, { parent: 1 }), aSpan(3, { parent: 77 })]),
  ]);
  expect(line?.orphans).toBe(1);
});

test('a dot stands by time and duration, within the drawing', () => {
  expect([0, 5, 10, 99].map((start) => scatterX({ start: start * 1000 }, 0, 10))).toEqual([
    0, 500, 1000, 1000,
  ]);
  expect([0, 25, 100].map((duration) => scatterY({ duration }, 100))).toEqual([120, 60, 0]);
});

test.each<[number, number, string, string]>([
  [3, 20, '', '3 traces, newest first.'],
  [1, 20, 'longest', '1 trace, longest first.'],
  [20, 20, 'odd', 'The newest 20 traces, newest first; there may be more.'],
])('%i of at most %i in the order %j are told', (...[count, limit, order, words]) => {
  expect(foundWords(count, limit, order)).toBe(words);
});
