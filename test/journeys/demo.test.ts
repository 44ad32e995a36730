import { beforeAll, expect, test } from 'vitest';
import { buildOnce, concordat, processesWith } from './concordat.ts';

beforeAll(() => buildOnce(), 120_000);

test('the demo verifies, deploys and calls the shop, finds exactly what was planted, and leaves nothing behind', async () => {
  const mark = `CONCORDAT_JOURNEY=${process.pid}-demo`;
  const [name = '', value] = mark.split('=');
  const ended = await concordat(['demo', '--once', '--json'], { env: { [name]: value } });
  expect(ended.stderr).not.toContain('✕ An ');
  expect(ended.code).toBe(0);
  const last = ended.stdout.trimEnd().split('\n').at(-1) ?? '';
  const { findings, canIDeploy, ...counts } = JSON.parse(last);
  expect(counts).toMatchObject({ services: 7, interactions: counts.verified });
  expect(counts.used).toBe(counts.interactions - 1);
  const told = findings.map(({ kind, consumer, provider }: Record<string, string>) => [
    kind,
    consumer,
    provider,
  ]);
  expect(told.sort()).toEqual([
    ['not-seen', 'gateway', 'orders'],
    ['uncovered-call', 'storefront', 'gateway'],
    ['unpromised-status', 'orders', 'payments'],
    ['unrecorded-version', null, 'notifications'],
  ]);
  expect(Object.keys(canIDeploy)).toHaveLength(7);
  expect(new Set(Object.values(canIDeploy))).toEqual(new Set([true]));
  expect(await processesWith(mark)).toEqual([]);
}, 120_000);
