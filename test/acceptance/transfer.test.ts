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
