import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startHubProcess } from './hub-process.ts';
import { ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import {
  addWebhook,
  publishVersion,
  type Reachable,
  startTarget,
  type Triggered,
  targetAllowed,
  triggeredBy,
} from './webhook-target.ts';

async function start(
  env: Readonly<Record<string, string>>,
  flags: { readonly dataDir?: string } = {},
): Promise<TestHub> {
  const hub = await startTestHub({ env: { ...targetAllowed, ...env }, flags });
  onTestFinished(() => hub.close());
  return hub;
}

/** A webhook for everything that is published, and a publication. */
async function trigger(hub: Reachable, url: string): Promise<void> {
  expect((await addWebhook(hub, { url })).status).toBe(201);
  await publishVersion(hub, '1');
}

async function triggered(hub: Reachable): Promise<Triggered | undefined> {
  return (await triggeredBy(hub, '1'))[0];
}

test('a target that fails is called again until the schedule is used up, and every try is in the log', async () => {
  const target = await startTarget({ '/': (response) => void response.writeHead(500).end('boom') });
  const hub = await start({ PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '0 0' });
  await trigger(hub, target.url);
  const failed = await vi.waitFor(
    async () => {
      const found = await triggered(hub);
      expect(found?.status).toBe('failure');
      return found as Triggered;
    },
    { timeout: 10_000 },
  );
  expect(failed).toMatchObject({ attemptsMade: 3, attemptsRemaining: 0 });
  expect(target.calls).toHaveLength(3);
  const logs = await (await fetch(failed._links['pb:logs'].href)).text();
  expect(logs.match(/Webhook execution failed/g)).toHaveLength(3);
  const { body } = await ask(hub, 'GET /pacts/provider/shop/consumer/web/webhooks/status');
  expect(body.summary).toEqual({ successful: 0, failed: 1 });
  expect(body._links['pb:error-logs']).toHaveLength(1);
});

test('a redirect is an answer, and where it points to is not called', async () => {
  const target = await startTarget({
    '/': (response) => void response.writeHead(302, { Location: '/elsewhere' }).end(),
  });
  const hub = await start({});
  const request = { method: 'POST', url: target.url };
  const { body } = await ask(hub, 'POST /webhooks/execute', { json: { request } });
  expect(body).toMatchObject({ success: false, response: { status: 302 } });
  expect(target.calls.map(({ url }) => url)).toEqual(['/']);
});

test('a private address is refused when the webhook is described and when its name leads there', async () => {
  const hub = await start({ PACT_BROKER_WEBHOOK_HOST_WHITELIST: '' });
  const target = await startTarget();
  const described = await ask(hub, 'POST /webhooks', {
    json: { request: { method: 'POST', url: target.url } },
  });
  expect(described.body.errors['request.url'][0]).toContain('private address');
  const url = target.url.replace('127.0.0.1', 'localhost');
  const tried = await ask(hub, 'POST /webhooks/execute', {
    json: { request: { method: 'POST', url } },
  });
  expect(tried.body.success).toBe(false);
  expect(tried.body).not.toHaveProperty('response');
  expect(tried.body.message).toContain('not shown');
  expect(target.calls).toEqual([]);
});

test('a hub that closes gives a call that hangs back, and the next one makes it', async () => {
  let isHanging = true;
  const target = await startTarget({
    '/': (response) => {
      if (!isHanging) response.end('{}');
    },
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-webhooks-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const first = await start({}, { dataDir });
  await trigger(first, target.url);
  await vi.waitUntil(() => target.calls.length === 1, { timeout: 5000 });
  expect((await ask(first, 'GET /webhooks')).status).toBe(200);
  await first.close();
  isHanging = false;
  const second = await start({}, { dataDir });
  await vi.waitFor(async () => expect((await triggered(second))?.status).toBe('success'), {
    timeout: 5000,
  });
  expect(await triggered(second)).toMatchObject({ attemptsMade: 1 });
}, 20_000);

test('what was acknowledged before kill -9 is still delivered', async () => {
  const target = await startTarget({
    '/': (response) => void response.writeHead(target.calls.length > 1 ? 200 : 500).end('{}'),
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'concordat-webhooks-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const env = { ...targetAllowed, PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '2 1' };
  const { url, kill } = await startHubProcess(dataDir, env);
  await trigger({ url }, target.url);
  await vi.waitFor(async () => expect((await triggered({ url }))?.status).toBe('retrying'), {
    timeout: 5000,
  });
  await kill();
  const hub = await start(env, { dataDir });
  await vi.waitFor(async () => expect((await triggered(hub))?.status).toBe('success'), {
    timeout: 10_000,
  });
  expect(await triggered(hub)).toMatchObject({ attemptsMade: 2, attemptsRemaining: 0 });
}, 30_000);

test('a webhook that is deleted is not tried again', async () => {
  const target = await startTarget({ '/': (response) => void response.writeHead(500).end() });
  const hub = await start({ PACT_BROKER_WEBHOOK_RETRY_SCHEDULE: '600' });
  await trigger(hub, target.url);
  await vi.waitFor(async () => expect((await triggered(hub))?.status).toBe('retrying'), {
    timeout: 5000,
  });
  const { body } = await ask(hub, 'GET /webhooks');
  await ask(hub, `DELETE ${new URL(body._links['pb:webhooks'][0].href).pathname}`);
  expect(await triggered(hub)).toMatchObject({ status: 'failure', name: 'deleted webhook' });
});
