import { describe, expect, test } from 'vitest';
import { isInForce, type Override, overrideDefects, overrideFor } from './override.ts';

const NOW = new Date('2026-10-01T12:00:00.000Z');

function anOverride(changes: Partial<Override> = {}): Override {
  return {
    id: 'all',
    pacticipant: 'orders',
    version: '1.2.3',
    environment: 'production',
    consumer: undefined,
    provider: undefined,
    reason: 'the web team knows',
    by: 'ada',
    createdAt: '2026-10-01T00:00:00.000Z',
    until: '2026-10-02T00:00:00.000Z',
    ...changes,
  };
}

const pair = {
  pacticipant: 'orders',
  version: '1.2.3',
  environment: 'production',
  consumer: 'web',
  provider: 'orders',
};

describe('which override excuses orders 1.2.3 from web in production', () => {
  test.each<[string, readonly Override[], string | undefined]>([
    ['none', [], undefined],
    ['one for the version and environment', [anOverride()], 'all'],
    ['one for the pair', [anOverride({ id: 'web', consumer: 'web' })], 'web'],
    ['the pair before all', [anOverride(), anOverride({ id: 'web', consumer: 'web' })], 'web'],
    ['one for the provider', [anOverride({ provider: 'orders' })], 'all'],
    ['one for another consumer', [anOverride({ consumer: 'app' })], undefined],
    ['one for another provider', [anOverride({ provider: 'stock' })], undefined],
    ['another version', [anOverride({ version: '1.2.4' })], undefined],
    ['another environment', [anOverride({ environment: 'test' })], undefined],
    ['another pacticipant', [anOverride({ pacticipant: 'web' })], undefined],
    ['one that ends now', [anOverride({ until: NOW.toISOString() })], undefined],
  ])('%s', (_caption, overrides, id) => {
    expect(overrideFor(pair, overrides, NOW)?.id).toBe(id);
  });

  test('it counts up to the moment it ends, and not from it', () => {
    const until = '2026-10-02T00:00:00.000Z';
    expect(isInForce({ until }, new Date('2026-10-01T23:59:59.999Z'))).toBe(true);
    expect(isInForce({ until }, new Date(until))).toBe(false);
  });
});

describe('what is wrong with an override', () => {
  const asked = {
    pacticipant: 'orders',
    consumer: undefined,
    provider: undefined,
    reason: 'why',
    until: new Date('2026-12-01'),
  };

  test.each<[string, Partial<typeof asked> | object, Readonly<Record<string, unknown>>]>([
    ['nothing', {}, {}],
    ['nothing, with the other side', { consumer: 'web' }, {}],
    ['no reason', { reason: ' ' }, { reason: ['must say why'] }],
    ['a novel', { reason: 'x'.repeat(1001) }, { reason: ['must have at most 1000 characters'] }],
    [
      'no time',
      { until: new Date(Number.NaN) },
      { until: ['must be a time, such as 2026-12-01 or 2026-12-01T12:00:00Z'] },
    ],
    ['the past', { until: NOW }, { until: ['must be in the future'] }],
    [
      'for ever',
      { until: new Date('2027-01-01') },
      { until: ['must be within 90 days: 2026-12-30T12:00:00.000Z at the latest'] },
    ],
    [
      'both sides',
      { consumer: 'web', provider: 'stock' },
      { consumer: ['name the other side of the pair only: the consumer or the provider'] },
    ],
    [
      'itself as consumer',
      { consumer: 'orders' },
      { consumer: ['must be the other side of the pair'] },
    ],
    [
      'itself as provider',
      { provider: 'orders' },
      { provider: ['must be the other side of the pair'] },
    ],
  ])('%s', (_caption, changes, defects) => {
    expect(overrideDefects({ ...asked, ...changes }, NOW)).toEqual(defects);
  });
});
