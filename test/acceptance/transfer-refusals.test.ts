import { readdir } from 'node:fs/promises';
import { request as send } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import { startTestHub, type TestHub } from './start-hub.ts';
import { fillHub } from './transfer-scene.ts';

// The servers that CONCORDAT_TEST_DATABASE_URL names are part of this suite.
const at = '2026-01-02T03:04:05.678Z';
const dated = { createdAt: at, updatedAt: at };
const web = { type: 'pacticipant', name: 'web', labels: [], ...dated };
const shop = { ...web, name: 'shop' };
const version = { type: 'version', pacticipant: 'web', number: '1', tags: [], ...dated };
const pair = { consumer: 'web', provider: 'shop' };
const sha = 'a'.repeat(40);
const content = { type: 'pactContent', ...pair, sha, createdAt: at, content: '{}' };
const result = {
  ...{ type: 'verification', ...pair, sha, providerVersion: '1', number: 200 },
  ...{ success: true, wip: false, createdAt: at },
};
const environment = {
  ...{ type: 'environment', uuid: 'e1', name: 'e', displayName: 'E', production: false },
  ...{ preset: false, ...dated },
};
const deployed = {
  ...{ type: 'deployedVersion', uuid: 'd1', pacticipant: 'web', version: '1', environment: 'e' },
  ...{ applicationInstance: '', ...dated },
};

interface Headed {
  readonly counts?: Readonly<Record<string, number>>;
  readonly version?: number;
}

/** A file with these records; its header counts them unless it is told what to say. */
function fileOf(records: readonly object[], { counts, version: format = 1 }: Headed = {}): string {
  const counted: Record<string, number> = {};
  for (const { type } of records as readonly { readonly type: string }[]) {
    counted[type] = (counted[type] ?? 0) + 1;
  }
  const header = {
    ...{ type: 'header', format: 'concordat-export', version: format },
    ...{ exportedAt: at, secrets: false, counts: counts ?? counted },
  };
  return [header, ...records].map((record) => `${JSON.stringify(record)}\n`).join('');
}

const imported = (hub: TestHub, raw: string | Buffer, headers = {}): Promise<Answer> =>
  ask(hub, 'POST /transfer/import', {
    raw: typeof raw === 'string' ? raw : new Uint8Array(raw),
    headers: { 'content-type': 'application/x-ndjson', accept: 'application/json', ...headers },
  });

const contents = async (hub: TestHub) =>
  (await (await fetch(`${hub.url}/transfer/export`)).text()).split('\n').slice(1);

const gzip = { 'content-encoding': 'gzip' };

describe.each(relationalDatabases)('an import on %s', (database) => {
  let hub: TestHub;
  let before: readonly string[];

  beforeAll(async () => {
    hub = await startHubOn(database);
    await fillHub(hub);
    before = await contents(hub);
  });

  afterAll(() => hub.close());

  test.each<[string, string | Buffer, RegExp, Record<string, string>?]>([
    ['an empty file', '', /^Line 1 is missing: the file is empty; nothing was imported\.$/],
    ['no JSON', 'hello\n', /^Line 1 is no JSON: /],
    ['no header', `${JSON.stringify(web)}\n`, /^Line 1 is no header of an export: /],
    ['a second header', fileOf([]) + fileOf([]), /^Line 2 is of an unknown type "header"/],
    [
      'a newer format',
      fileOf([], { version: 2 }),
      /^Line 1 is of format version 2; this hub reads/,
    ],
    [
      'an unknown type',
      fileOf([web, { type: 'wish' }]).replace('"wish":1', '"web":1'),
      /^Line [13]/,
    ],
    ['an unknown member', fileOf([{ ...web, colour: 1 }]), /^Line 2 is no pacticipant record: /],
    ['a missing member', fileOf([{ ...web, createdAt: undefined }]), /^Line 2 .*createdAt: /],
    [
      'a wrong time',
      fileOf([web, { ...shop, createdAt: '2026' }]),
      /^Line 3 .* must be a time like/,
    ],
    ['NUL in a name', fileOf([{ ...web, name: 'a\0' }]), /^Line 2 .*name: must not contain NUL/],
    [
      'content that is no JSON',
      fileOf([{ ...content, content: '{' }]),
      /content: must be the text of/,
    ],
    ['a torn last line', fileOf([web, shop]).slice(0, -20), /^Line 3 is no JSON: /],
    [
      'a line that is missing',
      fileOf([web], { counts: { pacticipant: 2 } }),
      /^Line 1 announces 2 records of type pacticipant, the file has 1: it was cut or changed/,
    ],
    [
      'a line too many',
      fileOf([web, shop], { counts: { pacticipant: 1 } }),
      /^Line 1 announces 1 records of type pacticipant, the file has 2/,
    ],
    [
      'a version before its pacticipant',
      fileOf([
        { ...version, pacticipant: 'new' },
        { ...web, name: 'new' },
      ]),
      /^Line 2 refers to the pacticipant 'new', which neither the hub nor a line before this version has/,
    ],
    [
      'a result without its content',
      fileOf([web, shop, version, { ...version, pacticipant: 'shop' }, result]),
      /^Line 6 refers to the content a{40} of the pact between 'web' and 'shop'/,
    ],
    [
      'results whose numbers do not grow',
      fileOf([result, result]),
      /^Line 3 has the result number 200; numbers must grow/,
    ],
    [
      'a deployment to nowhere',
      fileOf([web, version, deployed]),
      /^Line 4 refers to the environment 'e'/,
    ],
    [
      'a document that is not its sha',
      fileOf([
        {
          ...{ type: 'providerContractDocument', sha256: 'b'.repeat(64), base64: 'e30=' },
          ...{ specification: 'openapi', specificationVersion: '3.0.0', title: 't' },
          ...{ documentVersion: '1', operations: '[]', externalReferences: '[]' },
        },
      ]),
      /^Line 2 has content that is not that of its sha256 b{64}/,
    ],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x0a]), /^Line 1 is not UTF-8/],
    ['a text that is no gzip', fileOf([web]), /could not be read to its end: /, gzip],
    [
      'half a gzip',
      gzipSync(fileOf([web])).subarray(0, 60),
      /could not be read to its end: /,
      gzip,
    ],
  ])('with %s is refused and changes nothing', async (...[, file, words, headers = {}]) => {
    const refused = await imported(hub, file, headers);
    expect(refused.body?.detail ?? refused.text).toMatch(words);
    expect(refused.status).toBe(400);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await contents(hub)).toEqual(before);
    expect((await readdir(hub.dataDir)).filter((name) => name.startsWith('import-'))).toEqual([]);
  });

  test('that is refused after some was written undoes it, and says so in a last line', async () => {
    const stranger = { ...web, name: 'stranger' };
    const orphan = { ...version, pacticipant: 'nobody' };
    const versions = Array.from({ length: 1_500 }, (_, index) => ({
      ...version,
      pacticipant: 'stranger',
      number: String(index),
    }));
    const answer = await fetch(`${hub.url}/transfer/import`, {
      method: 'POST',
      headers: { accept: 'application/x-ndjson' },
      body: fileOf([stranger, ...versions, orphan]),
    });
    expect(answer.status).toBe(200);
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'progress', records: 1_502 });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      type: 'problem',
      status: 400,
      line: 1_503,
    });
    expect(await contents(hub)).toEqual(before);
  });

  test('with one record twice takes it once, and refuses two that disagree', async () => {
    const fresh = await startHubOn(database);
    const twice = [web, shop, version, version, { ...version, number: '2' }];
    const taken = await imported(fresh, fileOf(twice));
    expect(taken.body.tallies.version).toMatchObject({ created: 2, unchanged: 1 });
    const other = { ...version, number: '3', buildUrl: 'https://a.example' };
    const torn = await imported(fresh, fileOf([web, other, { ...other, buildUrl: 'https://b' }]));
    expect(torn.status).toBe(409);
    expect(torn.body).toMatchObject({
      conflictCount: 1,
      conflicts: [{ line: 4, detail: 'web 3 has another build url' }],
    });
    expect(await contents(fresh)).toHaveLength(5);
    await fresh.close();
  });

  test('knows a preset environment, a deployment that has ended and one that is in the way', async () => {
    const fresh = await startHubOn(database, { CONCORDAT_SEED_EXAMPLE_DATA: 'true' });
    const test1 = { ...environment, name: 'test', uuid: 'mine' };
    const here = { ...deployed, environment: 'test' };
    const parts = [web, version, { ...version, number: '2' }, test1];
    const tallyOf = async (onConflict: string, ...records: object[]) => {
      const path = `POST /transfer/import?onConflict=${onConflict}`;
      const raw = fileOf([...parts, ...records]);
      const { body } = await ask(fresh, path, { raw, headers: { accept: 'application/json' } });
      return body.tallies?.deployedVersion ?? body.conflicts;
    };
    expect(await tallyOf('fail', here)).toMatchObject({ created: 1 });
    const environments = await ask(fresh, 'GET /environments');
    expect(environments.body._embedded.environments).toMatchObject([
      { name: 'test', uuid: 'mine' },
      { name: 'production' },
    ]);
    const rival = { ...here, uuid: 'd2', version: '2' };
    const detail = "another version of 'web' is deployed in 'test'";
    expect(await tallyOf('fail', rival)).toEqual([{ line: 6, detail }]);
    expect(await tallyOf('skip', rival)).toMatchObject({ skipped: 1 });
    expect(await tallyOf('overwrite', rival)).toMatchObject({ updated: 1 });
    const ended = { ...rival, undeployedAt: '2026-02-02T00:00:00.000Z' };
    expect(await tallyOf('fail', ended)).toMatchObject({ updated: 1 });
    expect(await tallyOf('fail', rival)).toMatchObject({ unchanged: 1 });
    const current = await ask(fresh, 'GET /environments/mine/deployed-versions/currently-deployed');
    expect(current.body._embedded.deployedVersions).toEqual([]);
    await fresh.close();
  });
});

test('a line of a hundred megabytes is refused without reading it into memory', async () => {
  const hub = await startTestHub();
  const chunk = Buffer.alloc(1_048_576, 'a');
  const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const request = send(
      `${hub.url}/transfer/import`,
      { method: 'POST', headers: { accept: 'application/json' } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject);
    let sent = 0;
    const more = (): void => {
      while (sent < 100) {
        sent += 1;
        if (!request.write(chunk)) {
          request.once('drain', more);
          return;
        }
      }
      request.end();
    };
    more();
  });
  expect(answer.text).toContain('Line 1 is longer than 67108864 bytes');
  expect(answer.status).toBe(400);
  expect((await ask(hub, 'GET /pacticipants')).status).toBe(200);
  await hub.close();
});

test('only an admin exports and imports, and unknown parameters are refused', async () => {
  const hub = await startTestHub({
    env: { CONCORDAT_TOKENS: 'read=r publish=p admin=a', CONCORDAT_ALLOW_PUBLIC_READ: 'true' },
  });
  const status = async (target: string, token: string) =>
    (
      await ask(hub, target, {
        raw: fileOf([]),
        headers: { authorization: `Bearer ${token}`, accept: '*/*' },
      })
    ).status;
  for (const token of ['r', 'p']) {
    expect(await status('POST /transfer/import', token)).toBe(401);
  }
  const read = await fetch(`${hub.url}/transfer/export`);
  expect(read.status).toBe(401);
  expect(await status('POST /transfer/import', 'a')).toBe(200);
  expect(await status('POST /transfer/import?onConflict=guess', 'a')).toBe(400);
  expect(await status('POST /transfer/import?force=true', 'a')).toBe(400);
  const wrong = await fetch(`${hub.url}/transfer/export?secrets=maybe`, {
    headers: { authorization: 'Bearer a' },
  });
  expect(wrong.status).toBe(400);
  const encoded = await imported(hub, 'x', { authorization: 'Bearer a', 'content-encoding': 'br' });
  expect(encoded.status).toBe(415);
  await hub.close();
});
