import { expect, test } from 'vitest';
import { nextOf, readCronSchedule } from './cron-schedule.ts';

test.each([
  ['15 2 * * *', '2026-11-21T02:14:59Z', '2026-11-21T02:15:00.000Z'],
  ['15 2 * * *', '2026-11-21T02:15:00Z', '2026-11-22T02:15:00.000Z'],
  ['* * * * *', '2026-12-31T23:59:30Z', '2027-01-01T00:00:00.000Z'],
  ['*/20 6-8 * * *', '2026-11-21T06:41:00Z', '2026-11-21T07:00:00.000Z'],
  ['5/30 1,13 * * *', '2026-11-21T01:06:00Z', '2026-11-21T01:35:00.000Z'],
  ['0 0 * * 7', '2026-11-21T12:00:00Z', '2026-11-22T00:00:00.000Z'],
  ['0 0 1 * 1', '2026-11-24T00:00:00Z', '2026-11-30T00:00:00.000Z'],
  ['0 0 1 * 1', '2026-11-30T00:00:00Z', '2026-12-01T00:00:00.000Z'],
  ['0 4 31 */2 *', '2026-01-31T05:00:00Z', '2026-03-31T04:00:00.000Z'],
  ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
])('%s after %s is %s', (text, after, expected) => {
  const schedule = readCronSchedule(text);
  expect(schedule && nextOf(schedule, new Date(after))?.toISOString()).toBe(expected);
});

test('a day that no year has never comes', () => {
  const schedule = readCronSchedule('0 0 30 2 *');
  expect(schedule && nextOf(schedule, new Date('2026-01-01T00:00:00Z'))).toBeUndefined();
});

test.each(['', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *'])(
  '%j is no schedule',
  (text) => {
    expect(readCronSchedule(text)).toBeUndefined();
  },
);

test.each(['* * * * 8', '5-1 * * * *', '*/0 * * * *', 'a * * * *', '@daily', '1,,2 * * * *'])(
  '%j is no schedule either',
  (text) => {
    expect(readCronSchedule(text)).toBeUndefined();
  },
);
