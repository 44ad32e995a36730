import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startHubProcess } from './hub-process.ts';
import { otlpBody, requestSpans } from './observed-traffic.ts';
import { spansHere } from './start-hub.ts';

const web = { name: 'web', version: '1', environment: 'production' };
const shop = { name: 'shop', version: '7', environment: 'production' };

async function ask<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

async function told(hub: string): Promise<unknown> {
  const { data } = await ask<{ data: unknown }>(`${hub}/api/dependencies`);
  const { edges } = await ask<{ edges: readonly { calls: number; latency: unknown }[] }>(
    `${hub}/insights/edges`,
  );
  const { services } = await ask<{ services: readonly { service: string; calls: number }[] }>(
    `${hub}/insights/services`,
  );
  return {
    dependencies: data,
    edges: edges.map(({ calls, latency }) => ({ calls, latency })),
    services: services.map(({ service, calls }) => ({ service, calls })),
  };
}

test('counts that were told before kill -9 are told after it, and not twice', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-monitor-crash-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const env = { ...spansHere, CONCORDAT_PAIRING_WINDOW_SECONDS: '1' };
  const first = await startHubProcess(dataDir, env);
  const calls = Array.from({ length: 20 }, () =>
    requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/7' }),
  );
  const sent = await fetch(`${first.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpBody(calls.flat()),
  });
  expect(sent.status).toBe(200);
  await vi.waitFor(
    async () =>
      expect(await told(first.url)).toMatchObject({
        dependencies: [{ parent: 'web', child: 'shop', callCount: 20 }],
        edges: [{ calls: 20, latency: { p50: 5 } }],
        services: [
          { service: 'shop', calls: 20 },
          { service: 'web', calls: 0 },
        ],
      }),
    20_000,
  );
  const before = await told(first.url);
  await first.kill();
  const second = await startHubProcess(dataDir, env);
  expect(await told(second.url)).toEqual(before);
}, 120_000);
