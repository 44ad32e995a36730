import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

let hub: TestHub;

beforeEach(async () => {
  hub = await startTestHub();
});

afterEach(() => hub.close());

test.each([
  ['/live', { status: 'ok' }],
  ['/health', { status: 'ok' }],
])('%s says that the process answers', async (path, expected) => {
  expect((await ask(hub, `GET ${path}`)).body).toEqual(expected);
});

test('/ready says that what the hub needs is there', async () => {
  const { status, body } = await ask(hub, 'GET /ready');
  expect([status, body.status]).toEqual([200, 'ok']);
  expect(body.dependencies).toEqual({ database: { ok: true }, spans: { ok: true } });
});

test('the broker’s own diagnostics answer', async () => {
  const heartbeat = await ask(hub, 'GET /diagnostic/status/heartbeat');
  expect(heartbeat.body).toEqual({
    ok: true,
    _links: { self: { href: `${hub.url}/diagnostic/status/heartbeat` } },
  });
  const dependencies = await ask(hub, 'GET /diagnostic/status/dependencies');
  expect([dependencies.status, dependencies.body.database]).toEqual([200, { ok: true }]);
});

test('the index has every relation of the broker and none that means PactFlow', async () => {
  const { body } = await ask(hub, 'GET /');
  const relations = Object.keys(body._links);
  expect(relations).toHaveLength(36);
  expect(relations.filter((relation) => relation.startsWith('pf:'))).toEqual([]);
  expect(body._links['pb:publish-contracts']).toMatchObject({
    href: `${hub.url}/contracts/publish`,
    templated: false,
  });
});

test('closing twice is closing once', async () => {
  await Promise.all([hub.close(), hub.close()]);
  await expect(fetch(hub.url)).rejects.toThrow();
});

test('a port in use is named, and nothing stays open', async () => {
  const port = String(hub.ports.main);
  await expect(startTestHub({ flags: { port } })).rejects.toThrow(
    `Cannot listen on 127.0.0.1:${port}`,
  );
});
