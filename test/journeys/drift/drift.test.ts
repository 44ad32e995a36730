import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { observeRequest, senders, startTracedService } from '../../acceptance/otel-services.ts';
import { startTestHub, type TestHub, withEnvironments } from '../../acceptance/start-hub.ts';
import { cleanVariations } from './clean.ts';
import type { DriftCase } from './drift-case.ts';
import { eventDrift } from './event-drift.ts';
import { FindingWatch } from './finding-watch.ts';
import { httpDrift } from './http-drift.ts';
import { concluded, ofScene, type PlayedCase, playCase } from './play-drift.ts';
import { orders } from './promises.ts';
import { Scene } from './scene.ts';
import { telemetryDrift } from './telemetry-drift.ts';
import { versionDrift } from './version-drift.ts';

const drifts = [...httpDrift, ...eventDrift, ...versionDrift, ...telemetryDrift];
const cases: readonly DriftCase[] = [...drifts, ...cleanVariations];
/** Longer than a failing answer waits for its retry and a half of a call for the other. */
const SETTLED_MS = 5000;

let hub: TestHub;
let watch: FindingWatch;
const played = new Map<string, PlayedCase>();

beforeAll(async () => {
  hub = await startTestHub({
    env: {
      ...withEnvironments,
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
    },
  });
  watch = new FindingWatch(hub);
  const running = cases.map((each, index) => ({ each, name: `d${index}` }));
  const results: PlayedCase[] = [];
  for (let at = 0; at < running.length; at += AT_ONCE) {
    const some = running.slice(at, at + AT_ONCE);
    results.push(
      ...(await Promise.all(some.map(({ each, name }) => playCase({ hub, watch }, name, each)))),
    );
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  await watch.stop();
  const found = await watch.read();
  for (const [index, result] of results.entries()) {
    played.set(result.title, concluded(found, `d${index}`, result));
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

test.each(['otlp', 'jaeger'] as const)('the real %s exporter tells a new route', async (kind) => {
  const scene = new Scene(hub, `sent by ${kind}`);
  await scene.publish(orders);
  const web = startTracedService(scene.consumer.name, senders[kind](hub), 'c1');
  const shop = startTracedService(scene.provider.name, senders[kind](hub), 'p1');
  const request = { method: 'PATCH', path: '/v1/orders/7', status: 200 };
  const traceId = observeRequest(web, shop, request);
  await Promise.all([web.flush(), shop.flush()]);
  const found = await vi.waitFor(async () => {
    const uncovered = ofScene(await watch.read(), scene.name).filter(
      (finding) => finding.kind === 'uncovered-call',
    );
    expect(uncovered).toHaveLength(1);
    return uncovered;
  }, 10_000);
  expect(found).toMatchObject([{ operation: 'PATCH /v1/orders/{id}', exemplarTraceId: traceId }]);
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
