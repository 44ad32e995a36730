import { expect, test } from 'vitest';
import { aFinding, aSpan, aTrace, aTraceId } from '../testing/samples.tsx';
import {
  isGoDuration,
  isTraceId,
  jaegerQuery,
  readTraceSearch,
  traceLines,
} from './trace-search.ts';
import { findingsOf } from './trace-view.tsx';

test('the search is read from the address, unknown values fall back', () => {
  expect(
    readTraceSearch(
      new URLSearchParams('service=a&operation=b&minDuration=10ms&errors=1&limit=50&lookback=1h'),
    ),
  ).toEqual({
    service: 'a',
    operation: 'b',
    minDuration: '10ms',
    errors: true,
    limit: 50,
    lookback: '1h',
  });
  expect(readTraceSearch(new URLSearchParams('limit=7&lookback=ever'))).toMatchObject({
    service: '',
    limit: 20,
    lookback: '2d',
  });
});

test('the question to the hub carries every filter, times in microseconds', () => {
  const search = readTraceSearch(
    new URLSearchParams('service=a&operation=GET+/&minDuration=%2010ms&errors=1&lookback=15m'),
  );
  expect(Object.fromEntries(jaegerQuery(search, 1_000_000))).toEqual({
    service: 'a',
    limit: '20',
    start: '100000000',
    end: '1000000000',
    operation: 'GET /',
    minDuration: '10ms',
    tags: '{"error":"true"}',
  });
  expect([...jaegerQuery(readTraceSearch(new URLSearchParams('service=a')), 1e9).keys()]).toEqual([
    'service',
    'limit',
    'start',
    'end',
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
