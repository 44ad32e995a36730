import { afterEach, describe, expect, test } from 'vitest';
import { aPact, ask } from './publishing.ts';
import {
  type RelationalDatabase,
  relationalDatabases,
  startHubOn,
} from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';
import { decidingAnswers, fillHub } from './transfer-scene.ts';

// The servers that CONCORDAT_TEST_DATABASE_URL names are part of this suite.
const hubs: TestHub[] = [];

afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
});

async function startHub(database: RelationalDatabase): Promise<TestHub> {
  const hub = await startHubOn(database);
  hubs.push(hub);
  return hub;
}

async function exported(hub: TestHub, secrets = true): Promise<string> {
  const answer = await fetch(`${hub.url}/transfer/export?secrets=${secrets}`);
  expect(answer.status).toBe(200);
  return answer.text();
}

const imported = (hub: TestHub, text: string, onConflict = 'fail') =>
  ask(hub, `POST /transfer/import?onConflict=${onConflict}`, {
    raw: text,
    headers: { 'content-type': 'application/x-ndjson', accept: 'application/json' },
  });

/** The lines, without the only part of an export that is another each time. */
const linesOf = (text: string) => text.replace(/"exportedAt":"[^"]*",/, '').split('\n');

describe.each(relationalDatabases)('out of %s', (from) => {
  test.each(relationalDatabases)('and into %s everything arrives as it was', async (into) => {
    const source = await startHub(from);
    await fillHub(source);
    const lines = await exported(source);
    expect(lines).toContain('"wip":false,"pending":true');
    const target = await startHub(into);
    const first = await imported(target, lines);
    expect(first.body).toMatchObject({ type: 'result' });
    expect(first.status).toBe(200);
    expect(linesOf(await exported(target))).toEqual(linesOf(lines));
    expect(await decidingAnswers(target)).toEqual(await decidingAnswers(source));

    const second = await imported(target, lines);
    const tallies = Object.values<Record<string, number>>(second.body.tallies);
    expect(tallies.map(({ created, updated, skipped }) => [created, updated, skipped])).toEqual(
      tallies.map(() => [0, 0, 0]),
    );
    expect(linesOf(await exported(target))).toEqual(linesOf(lines));
  });
});

test('into a hub with results of its own they come after those, once', async () => {
  const source = await startHub('SQLite');
  await fillHub(source);
  const target = await startHub(relationalDatabases.at(-1) ?? 'SQLite');
  const pact = aPact({ consumer: { name: 'other' } });
  const own = { json: pact };
  const { body } = await ask(target, 'PUT /pacts/provider/shop/consumer/other/version/1', own);
  const { pathname } = new URL(body._links['pb:publish-verification-results'].href);
  const results = { success: true, providerApplicationVersion: '5' };
  for (const _ of [1, 2, 3]) await ask(target, `POST ${pathname}`, { json: results });

  const lines = await exported(source);
  const first = await imported(target, lines);
  expect(first.body.tallies.verification).toMatchObject({ created: 4 });
  const merged = await exported(target);
  const numbers = [...merged.matchAll(/"providerVersion":"\d","number":(\d+)/g)];
  expect(numbers.map(([, number]) => Number(number))).toEqual([200, 201, 202, 203, 204, 205, 206]);
  const matrix = '/matrix?q[][pacticipant]=web&q[][pacticipant]=shop&latestby=cvpv';
  const rows = async (hub: TestHub) =>
    (await ask(hub, `GET ${matrix}`)).body.matrix.map(
      (row: { consumer: { version: { number: string } }; verificationResult: unknown }) => [
        row.consumer.version.number,
        Object(row.verificationResult).success,
      ],
    );
  expect(await rows(target)).toEqual(await rows(source));
  const again = await imported(target, lines);
  expect(again.body.tallies.verification).toMatchObject({ created: 0, unchanged: 4 });
  expect(linesOf(await exported(target))).toEqual(linesOf(merged));
  const next = await ask(target, `POST ${pathname}`, { json: results });
  expect(next.status).toBe(201);
});

test('tokens travel with the secrets, work at once, and are known again', async () => {
  const env = { CONCORDAT_TOKENS: 'admin=rules' };
  const source = await startHubOn('SQLite', env);
  const target = await startHubOn(relationalDatabases.at(-1) ?? 'SQLite', env);
  hubs.push(source, target);
  const headers = { authorization: 'Bearer rules', accept: '*/*' };
  const made = await ask(source, 'POST /tokens', {
    json: { description: 'ci', role: 'read', expiresAt: '2099-01-01T00:00:00Z' },
    headers,
  });
  const fetched = async (secrets: boolean) =>
    (await fetch(`${source.url}/transfer/export?secrets=${secrets}`, { headers })).text();
  expect(await fetched(false)).not.toContain('"token"');
  const lines = await fetched(true);
  expect(lines).not.toContain(made.body.secret);
  const bring = (text: string, policy = 'fail') =>
    ask(target, `POST /transfer/import?onConflict=${policy}`, { raw: text, headers });
  expect((await bring(lines)).body.tallies.token).toMatchObject({ created: 1 });
  const bearer = { authorization: `Bearer ${made.body.secret}` };
  expect((await ask(target, 'GET /pacticipants', { headers: bearer })).status).toBe(200);
  expect((await bring(lines)).body.tallies.token).toMatchObject({ unchanged: 1 });
  const other = lines.replace('"role":"read"', '"role":"admin"');
  const refused = await bring(other);
  expect(refused.body.conflicts).toEqual([{ line: 2, detail: "token 'ci' has another role" }]);
  expect((await ask(target, 'GET /tokens', { headers: bearer })).status).toBe(401);
  expect((await bring(other, 'overwrite')).body.tallies.token).toMatchObject({ updated: 1 });
  expect((await ask(target, 'GET /tokens', { headers: { ...headers, ...bearer } })).status).toBe(
    200,
  );
});

test.each(relationalDatabases)('on %s the side that was asked for stays', async (database) => {
  const source = await startHub(database);
  await fillHub(source);
  const lines = await exported(source);
  const changed = lines
    .replaceAll('"displayName":"UAT"', '"displayName":"Acceptance"')
    .replace('"description":"tell the build"', '"description":"tell nobody"')
    .replace('"buildUrl":"https://ci.example/2"', '"buildUrl":"https://ci.example/3"')
    .replace(/("version":"3","revision":1,"sha":")[0-9a-f]{40}/, `$1${shaOf(lines, 'feat/2')}`);
  const refused = await imported(source, changed);
  expect(refused.body.conflicts.map(({ detail }: { detail: string }) => detail).sort()).toEqual([
    "environment 'uat' has another display name",
    'web 3 has published another pact with shop',
    'web feat/2 has another build url',
    'webhook aaaabbbbccccdddd1111 has another description',
  ]);
  expect(linesOf(await exported(source))).toEqual(linesOf(lines));
  const { body } = await imported(source, changed, 'overwrite');
  expect(body.tallies.publication).toMatchObject({ updated: 1, created: 0 });
  const now = await exported(source);
  for (const part of ['"Acceptance"', '"tell nobody"', 'https://ci.example/3']) {
    expect(now).toContain(part);
  }
  expect(now).not.toContain('"UAT"');
});

/** Of the content that a version of `web` has published with `shop`. */
function shaOf(lines: string, version: string): string {
  const pattern = new RegExp(
    `"consumer":"web","provider":"shop","version":"${version}","revision":1,"sha":"(\\w+)"`,
  );
  return pattern.exec(lines)?.[1] ?? '';
}
