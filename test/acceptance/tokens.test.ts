import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Answer, aPublication, ask } from './publishing.ts';
import {
  createDatabase,
  type RelationalDatabase,
  relationalDatabases,
  startHubOn,
} from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

// The servers that CONCORDAT_TEST_DATABASE_URL names are part of this suite.
const env = { CONCORDAT_TOKENS: 'admin=rules publish=builds' };
const hubs: TestHub[] = [];

afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
});

async function startHub(database: RelationalDatabase): Promise<TestHub> {
  const hub = await startHubOn(database, env);
  hubs.push(hub);
  return hub;
}

const bearer = (token: string) => ({
  authorization: `Bearer ${token}`,
  accept: 'application/hal+json, application/json',
});

const asAdmin = (hub: TestHub, target: string, json?: unknown): Promise<Answer> =>
  ask(hub, target, { json, headers: bearer('rules') });

const create = (hub: TestHub, changes: object = {}) =>
  asAdmin(hub, 'POST /tokens', { description: 'nightly build', role: 'publish', ...changes });

const statusWith = async (hub: TestHub, token: string, target = 'GET /pacticipants') =>
  (await ask(hub, target, { headers: bearer(token) })).status;

describe.each(relationalDatabases)('on %s', (database) => {
  test('a token is made, works, is used, and is revoked', async () => {
    const hub = await startHub(database);
    const created = await create(hub);
    expect(created.status).toBe(201);
    const { uuid, secret, fingerprint } = created.body;
    expect(created.headers.get('location')).toBe(`${hub.url}/tokens/${uuid}`);
    expect(secret).toMatch(/^concordat_[\w-]{43}$/);

    const publishing = await ask(hub, 'POST /contracts/publish', {
      json: aPublication(),
      headers: bearer(secret),
    });
    expect(publishing.status).toBe(200);
    expect(await statusWith(hub, secret, 'DELETE /pacticipants/web')).toBe(401);
    expect(await statusWith(hub, secret, 'GET /tokens')).toBe(401);

    const list = await asAdmin(hub, 'GET /tokens');
    expect(list.text).not.toContain(secret);
    expect(list.body.tokens).toEqual([
      {
        uuid,
        description: 'nightly build',
        role: 'publish',
        fingerprint,
        createdAt: expect.stringMatching(/Z$/),
        expiresAt: null,
        lastUsedAt: null,
      },
    ]);
    await vi.waitFor(
      async () => {
        const { body } = await asAdmin(hub, `GET /tokens/${uuid}`);
        expect(body.lastUsedAt).toMatch(/Z$/);
      },
      { timeout: 10_000 },
    );

    expect((await asAdmin(hub, `DELETE /tokens/${uuid}`)).status).toBe(204);
    expect(await statusWith(hub, secret)).toBe(401);
    expect((await asAdmin(hub, `DELETE /tokens/${uuid}`)).status).toBe(404);
    expect((await asAdmin(hub, `GET /tokens/${uuid}`)).status).toBe(404);
  });

  test('a token may get another role, time and secret', async () => {
    const hub = await startHub(database);
    const { uuid, secret } = (await create(hub)).body;
    const other = `chosen-${randomUUID()}`;
    const path = `PATCH /tokens/${uuid}`;
    const changed = await asAdmin(hub, path, { role: 'admin', secret: other });
    expect(changed.body).toMatchObject({ uuid, role: 'admin', description: 'nightly build' });
    expect(changed.body.secret).toBeUndefined();
    expect(await statusWith(hub, secret)).toBe(401);
    expect(await statusWith(hub, other, 'GET /tokens')).toBe(200);
    const soon = new Date(Date.now() + 400).toISOString();
    expect((await asAdmin(hub, path, { expiresAt: soon })).body.expiresAt).toBe(soon);
    await vi.waitFor(async () => expect(await statusWith(hub, other)).toBe(401), 10_000);
    expect((await asAdmin(hub, path, { expiresAt: null })).body.expiresAt).toBeNull();
    expect(await statusWith(hub, other)).toBe(200);
  });

  test('what cannot be a token is refused, and nothing is kept', async () => {
    const hub = await startHub(database);
    const secret = `chosen-${randomUUID()}`;
    const first = await create(hub, { secret });
    expect(first.body.secret).toBe(secret);
    for (const [changes, status, words] of [
      [{ description: ' ' }, 400, 'description'],
      [{ role: 'owner' }, 400, 'role'],
      [{ expiresAt: '2020-01-01T00:00:00Z' }, 400, 'must be in the future'],
      [{ expiresAt: 'soon' }, 400, 'expiresAt'],
      [{ secret: 'short' }, 400, 'secret'],
      [{ colour: 'red' }, 400, 'colour'],
      [{}, 409, "A token described as 'nightly build' exists"],
      [{ description: 'other', secret }, 409, "The token 'nightly build' has the same secret"],
    ] as const) {
      const refused = await create(hub, changes);
      expect(refused.text).toContain(words);
      expect(refused.status).toBe(status);
      expect(refused.text).not.toContain(secret);
    }
    expect((await asAdmin(hub, 'GET /tokens')).body.tokens).toHaveLength(1);
    expect((await asAdmin(hub, 'PATCH /tokens/none', { role: 'read' })).status).toBe(404);
  });
});

test.skipIf(!relationalDatabases.includes('PostgreSQL'))(
  'a second hub on the database knows within seconds what the first has made and revoked',
  async () => {
    const { url, drop } = await createDatabase('PostgreSQL');
    const flags = url === undefined ? {} : { databaseUrl: url };
    const first = await startTestHub({ env, flags });
    const second = await startTestHub({ env, flags });
    const { uuid, secret } = (await create(first)).body;
    const within = { timeout: 10_000 };
    await vi.waitFor(async () => expect(await statusWith(second, secret)).toBe(200), within);
    await asAdmin(first, `DELETE /tokens/${uuid}`);
    await vi.waitFor(async () => expect(await statusWith(second, secret)).toBe(401), within);
    await Promise.all([first.close(), second.close()]);
    await drop();
  },
);

test('an open hub makes no tokens, because anybody could', async () => {
  const hub = await startTestHub();
  hubs.push(hub);
  const refused = await ask(hub, 'POST /tokens', {
    json: { description: 'mine', role: 'admin' },
    headers: bearer('none'),
  });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('BASIC_AUTH_USERNAME');
});
