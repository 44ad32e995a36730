import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub, withEnvironments } from '../acceptance/start-hub.ts';
import { concordatInside } from './concordat.ts';
import { anEvent, orders } from './drift/promises.ts';
import { Scene } from './drift/scene.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let hub: TestHub;
let scene: Scene;
let folder = '';

beforeAll(async () => {
  hub = await startTestHub({
    env: { ...withEnvironments, CONCORDAT_PAIRING_WINDOW_SECONDS: '1' },
  });
  scene = new Scene(hub, "The shop's");
  // Inside the project, so that the draft finds pact-js as a consumer's repository does.
  const cache = join(root, 'node_modules/.cache/concordat');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, 'draft-'));
  await scene.publish(orders);
  await scene.record(scene.consumer.name, 'c1');
  await scene.record(scene.provider.name, 'p1');
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true });
});

function draft(...args: readonly string[]) {
  const names = ['--consumer', scene.consumer.name, '--provider', scene.provider.name];
  return concordatInside(
    ['new', 'pact', ...names, '--from-traffic', '--broker-base-url', hub.url, ...args],
    { cwd: folder },
  );
}

test('nothing is drafted where every call is promised', async () => {
  await scene.send(scene.sees('GET /v1/orders/7'));
  const ended = await draft('--json');
  expect(ended).toMatchObject({ code: 0, stdout: '{"file":null,"interactions":[]}\n' });
});

test('a pair that nobody knows is said', async () => {
  const names = ['--consumer', 'nobody', '--provider', 'nothing', '--from-traffic'];
  const ended = await concordatInside(['new', 'pact', ...names, '--broker-base-url', hub.url]);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain("between consumer 'nobody' and provider 'nothing'");
});

test('what was observed and is not promised becomes a test that runs, and its pact settles the findings', async () => {
  await scene.send([
    ...scene.sees('GET /v1/carts/6f9619ff-8b86-4d01-b42d-00cf4fc964ff?page=2&of=secret', {
      route: '/v1/carts/:id',
    }),
    ...scene.sees('POST /v1/orders', { status: 402, route: '/v1/orders' }),
    ...scene.receives('order.lost'),
  ]);
  const expected = ['GET /v1/carts/{id} 200', 'POST /v1/orders 402', 'send order.lost'];
  await vi.waitFor(async () => {
    const { stdout } = await draft('--json', '--force');
    const { interactions } = JSON.parse(stdout);
    const told = interactions.map(
      ({ operation, status }: { operation: string; status?: number }) =>
        status === undefined ? operation : `${operation} ${status}`,
    );
    expect(told).toEqual(expected);
  }, 10_000);
  expect((await draft()).stderr).toContain('exists; name another file');
  expect((await draft('--force')).stdout).toContain('drafts what was observed');

  const file = 'The-shop-s-web-The-shop-s-shop.pact.test.ts';
  const source = await readFile(join(folder, file), 'utf8');
  expect(source).not.toContain('secret');
  expect(source.match(/observed, not promised: /g)?.length).toBeGreaterThanOrEqual(6);
  await writeFile(join(folder, 'vitest.config.mjs'), 'export default {};\n');
  const run = ['vitest', 'run', '--root', folder, '--config', join(folder, 'vitest.config.mjs')];
  const { stdout } = await promisify(execFile)('npx', run, {
    cwd: folder,
    env: { ...plainEnvironment(), PACT_DO_NOT_TRACK: 'true', NO_COLOR: '1' },
  });
  expect(stdout).toContain('3 passed');

  const pact = await readFile(
    join(folder, 'pacts', `${scene.consumer.name}-${scene.provider.name}.json`),
    'utf8',
  );
  const { interactions } = JSON.parse(pact) as { interactions: readonly object[] };
  const promised = (orders as { readonly interactions: readonly object[] }).interactions;
  await scene.publish(
    { ...orders, interactions: [...promised, ...interactions, anEvent('order.lost')] },
    { version: 'c2' },
  );
  await scene.record(scene.consumer.name, 'c2');
  expect((await draft('--json')).stdout).toBe('{"file":null,"interactions":[]}\n');
}, 90_000);

/** The test's own runner must not tell the other how to run. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_)/.test(name));
  return Object.fromEntries(kept);
}
