import { expect, test } from 'vitest';
import { anEdge } from '../testing/samples.tsx';
import {
  formatAgo,
  formatCount,
  formatDuration,
  formatInstant,
  formatRate,
  formatShare,
  plural,
  shorten,
} from './format.ts';
import { serviceColour, serviceColours } from './service-colour.ts';
import { edgeRank, edgeWord, isProblem, stateReason, stateWords } from './states.ts';

test.each([
  [0, '0'],
  [1234, '1,234'],
  [1234.6, '1,235'],
  [12_345_678, '12.3M'],
])('%d is written %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [0, '0 µs'],
  [870, '870 µs'],
  [12_430, '12.4 ms'],
  [1_250_000, '1.25 s'],
  [125_000_000, '2 min 5 s'],
  [7_200_000_000, '2 h'],
  [7_500_000_000, '2 h 5 min'],
  [-3200, '-3.2 ms'],
])('%d microseconds are %s', (micros, text) => {
  expect(formatDuration(micros)).toBe(text);
});

test.each([
  [0, 10, '0 %'],
  [1, 10_000, '< 0.1 %'],
  [3, 1204, '0.25 %'],
  [1, 3, '33.3 %'],
  [5, 0, '–'],
])('%d of %d is %s', (part, total, text) => {
  expect(formatShare(part, total)).toBe(text);
});

test.each([
  [0, '0'],
  [12.43, '12.4 / s'],
  [0.5, '30 / min'],
  [0.001, '3.6 / h'],
])('%d calls a second are %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});

const now = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['2026-11-21T11:59:58Z', 'just now'],
  ['2026-11-21T11:59:20Z', '40 s ago'],
  ['2026-11-21T11:55:00Z', '5 min ago'],
  ['2026-11-20T13:00:00Z', '23 h ago'],
  ['2026-11-18T12:00:00Z', '3 d ago'],
  ['2026-11-21T12:05:00Z', 'in 5 min'],
  [null, 'never'],
  ['soon', 'never'],
])('%s was %s', (instant, text) => {
  expect(formatAgo(instant, now)).toBe(text);
});

test('an instant is written in local time, broken text is never', () => {
  expect(formatInstant('2026-11-21T12:00:00Z')).toMatch(/^2026-11-2[0-2] \d\d:00:00$/u);
  expect(formatInstant(null)).toBe('never');
});

test('one is singular, everything else plural', () => {
  expect([plural(1, 'span'), plural(0, 'span'), plural(2, 'reply', 'replies')]).toEqual([
    '1 span',
    '0 spans',
    '2 replies',
  ]);
});

test('a long name loses its middle and keeps its ends', () => {
  expect(shorten('gateway', 10)).toBe('gateway');
  expect(shorten('recommendation-engine-v2', 11)).toBe('recomm…e-v2');
});

test('a service has one colour of the token file', () => {
  expect(serviceColour('orders')).toBe(serviceColour('orders'));
  const colours = ['', 'orders', 'ü', 'x'.repeat(500)].map(serviceColour);
  expect(
    colours.every((colour) => Number.isInteger(colour) && colour >= 0 && colour < serviceColours),
  ).toBe(true);
});

test('every state has its own words, and worse ones come first', () => {
  expect(new Set(stateWords.map((word) => word.label)).size).toBe(stateWords.length);
  const rank = (changes: Parameters<typeof anEdge>[0]) => edgeRank(anEdge(changes));
  expect(rank({ state: 'verification-failed' })).toBeLessThan(rank({ state: 'kept' }));
  expect(rank({ state: 'drift', transport: 'rpc' })).toBeGreaterThan(rank({ state: 'kept' }));
  expect(edgeWord(anEdge({ state: 'drift' }))).toMatchObject({ label: 'Drift', problem: true });
});

test.each(['database', 'rpc'] as const)('calls over %s are counted, not judged', (transport) => {
  const edge = anEdge({ transport, state: 'uncontracted', provider: 'orders-db', calls: 3 });
  expect(edgeWord(edge).label).toBe('Not judged');
  expect(isProblem(edge)).toBe(false);
  expect(stateReason(edge)).toContain('3 calls of orders-db. Such calls are counted');
});

test.each([
  ['kept', {}, '3 of 3 promised interactions verified, 3 used'],
  ['verification-failed', { verified: 2 }, '1 of 3 promised interactions is not verified'],
  ['verification-failed', { verified: 0 }, '3 of 3 promised interactions are not verified'],
  ['drift', { findings: 1 }, '1 open finding: what web and shop do'],
  ['drift', { findings: 1, promised: 0, calls: 3 }, '1 open finding: 3 calls and no pact.'],
  ['drift', { transport: 'message' }, 'what shop sends and web receives'],
  ['uncontracted', { calls: 12, promised: 0 }, '12 calls and no pact'],
  ['unverified', { verified: 0 }, 'Run the verification of shop'],
  ['unused', { calls: 0 }, 'no traffic seen'],
] as const)('the reason of %s with %j is given with its figures', (state, changes, words) => {
  expect(stateReason(anEdge({ state, ...changes }))).toContain(words);
});
