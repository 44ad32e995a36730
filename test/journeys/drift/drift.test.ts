import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub, withEnvironments } from '../../acceptance/start-hub.ts';
import { cleanVariations } from './clean.ts';
import type { DriftCase } from './drift-case.ts';
import { eventDrift } from './event-drift.ts';
import { httpDrift } from './http-drift.ts';
import { concluded, type PlayedCase, playCase } from './play-drift.ts';
import { telemetryDrift } from './telemetry-drift.ts';
import { versionDrift } from './version-drift.ts';

const drifts = [...httpDrift, ...eventDrift, ...versionDrift, ...telemetryDrift];
const cases: readonly DriftCase[] = [...drifts, ...cleanVariations];
/** Longer than a failing answer waits for its retry and a half of a call for the other. */
const SETTLED_MS = 5000;

let hub: TestHub;
const played = new Map<string, PlayedCase>();

beforeAll(async () => {
  hub = await startTestHub({
    env: {
      ...withEnvironments,
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
    },
  });
  const running = cases.map((each, index) => ({ each, name: `d${index}` }));
  const results: PlayedCase[] = [];
  for (let at = 0; at < running.length; at += AT_ONCE) {
    const some = running.slice(at, at + AT_ONCE);
    results.push(...(await Promise.all(some.map(({ each, name }) => playCase(hub, name, each)))));
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  for (const [index, result] of results.entries()) {
    const done = await concluded(hub, `d${index}`, result);
    played.set(done.title, done);
  }
}, 240_000);
afterAll(async () => {
  await hub.close();
});

const AT_ONCE = 20;

function told(title: string) {
  const result = played.get(title);
  return {
    error: result?.error,
    missing: result?.missing,
    unexpected: result?.unexpected.map(({ kind, operation, sentence }) => ({
      ...{ kind, operation, sentence },
    })),
  };
}

const nothing = { error: undefined, missing: [], unexpected: [] };

describe('drift is told, and nothing else with it', () => {
  test.each(drifts)('$title', ({ title }) => {
    expect(told(title)).toEqual(nothing);
  });
});

describe('a clean variation is silent', () => {
  test.each(cleanVariations)('$title', ({ title }) => {
    expect(told(title)).toEqual(nothing);
  });
});

test('nothing is missed, nothing is accused wrongly, and every case is another', () => {
  const all = [...played.values()];
  const sum = (count: (one: PlayedCase) => number): number =>
    all.reduce((total, one) => total + count(one), 0);
  const expected = sum((one) => one.expected.length);
  const recalled = expected - sum((one) => one.missing.length);
  const found = sum((one) => one.found.length);
  const right = found - sum((one) => one.unexpected.length);
  const times = all
    .filter((one) => one.expected.length > 0)
    .map((one) => one.tookMs ?? Number.POSITIVE_INFINITY)
    .sort((left, right) => left - right);
  const seconds = (ms: number | undefined) => ((ms ?? 0) / 1000).toFixed(1);
  console.info(
    `drift: ${drifts.length} kinds, ${cleanVariations.length} clean variations; ` +
      `recall ${recalled}/${expected}, precision ${right}/${found}; ` +
      `readable after ${seconds(times[times.length >> 1])} s (median), ${seconds(times.at(-1))} s (slowest)`,
  );
  expect({ recalled, right }).toEqual({ recalled: expected, right: found });
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
});
