import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transferRecordSchema } from '@concordat/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AnswerStore } from './answer-store.ts';
import { BrokerReader } from './broker-reader.ts';
import { BrokerSource } from './broker-source.ts';
import { contentText, readPublications } from './read-pacts.ts';
import { readEnvironments, readPacticipants } from './read-parties.ts';
import { readDeployedVersions, readReleasedVersions } from './read-places.ts';
import { readResults, resultRecord } from './read-results.ts';
import { readVersions } from './read-versions.ts';
import { readWebhooks } from './read-webhooks.ts';

interface Exchange {
  readonly n: number;
  readonly request: { readonly method: string; readonly path: string };
  readonly response: { readonly status: number; readonly body: unknown };
}

const file = new URL('../../../../test/cases/broker-exchanges/exchanges.json', import.meta.url);
const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Exchange[] };

/** Which recorded answer stands for which question; what is written answers as what is read does. */
const ANSWERS: readonly (readonly [RegExp, number])[] = [
  [/^\/pacticipants\?page=1/, 69],
  [/^\/pacticipants\/Storefront\/versions\?page=1/, 197],
  [/^\/pacticipants\/Storefront\/versions\?page=2/, 198],
  [/^\/pacticipants\/Storefront\/versions\/1\.0\.0$/, 200],
  [/^\/pacticipants\/Storefront\/versions\/1\.0\.0\/tags\/prod$/, 225],
  [/^\/pacticipants\/Storefront\/branches\?page=1/, 234],
  [/^\/pacticipants\/Storefront\/branches\/main\/versions\//, 246],
  [/^\/environments$/, 271],
  [/^\/pacts\/provider\/HashProv\/consumer\/HashCons\/versions$/, 193],
  [/^\/pacts\/provider\/Orders\/consumer\/Web\/versions$/, 339],
  [/^\/pacts\/provider\/Orders\/consumer\/Web\/version\/w1$/, 285],
  [/^\/pacts\/provider\/Orders\/consumer\/Web\/version\/w2$/, 286],
  [/^\/matrix\?q%5B%5D%5Bpacticipant%5D=Web/, 546],
  [/verification-results\/201$/, 291],
  [/^\/deployed-versions\/.*6$/, 349],
  [/^\/released-versions\//, 383],
  [/^\/webhooks$/, 648],
  [/^\/webhooks\/webhook-1000000002$/, 630],
];

let server: Server;
let folder: string;
let source: BrokerSource;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'concordat-recorded-'));
  server = createServer((request, response) => {
    const text = answerTo(request.url ?? '');
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = { baseUrl: `http://127.0.0.1:${port}` };
  const reader = new BrokerReader(address, {
    concurrency: 3,
    signal: new AbortController().signal,
  });
  const answers = new AnswerStore(folder);
  source = new BrokerSource({ reader, answers, onRequest: () => undefined });
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function answerTo(url: string): string | undefined {
  const found = ANSWERS.find(([pattern]) => pattern.test(decodeURI(url)) || pattern.test(url));
  const pact = /^\/pacts\/provider\/HashProv\/consumer\/HashCons\/version\/(\d+)$/.exec(url);
  const exchange = exchanges.find(({ n, request }) =>
    pact === null ? n === found?.[1] : request.method === 'PUT' && request.path === url,
  );
  return exchange && unnormalised(JSON.stringify(exchange.response.body));
}

/** The recording has names in place of times and ids; these are such as a broker gives. */
function unnormalised(text: string): string {
  return text
    .replaceAll('<ts>', '2026-01-02T03:04:05+00:00')
    .replaceAll(/<sha-(\d+)>/g, (_, n: string) => n.padStart(40, 'a'))
    .replaceAll(/<uuid-(\d+)>/g, (_, n: string) => `00000000-0000-0000-0000-${n.padStart(12, '0')}`)
    .replaceAll(/<webhook-(\d+)>/g, (_, n: string) => `webhook-1${n.padStart(9, '0')}`)
    .replaceAll(/<vnum-(\d+)>/g, (_, n: string) => String(200 + Number(n)))
    .replaceAll('/metadata/<md>', '/metadata/cvn');
}

function valid<T>(records: readonly T[]): readonly T[] {
  for (const record of records) transferRecordSchema.parse(record);
  return records;
}

const dated = { createdAt: '2026-01-02T03:04:05.000Z', updatedAt: '2026-01-02T03:04:05.000Z' };

test('pacticipants are read from a list that is not paged', async () => {
  const pacticipants = valid(await readPacticipants(source));
  expect(pacticipants.length).toBeGreaterThan(3);
  expect(pacticipants).toContainEqual({
    type: 'pacticipant',
    name: 'Storefront',
    displayName: 'The Storefront',
    repositoryName: 'storefront',
    repositoryNamespace: 'shop',
    repositoryUrl: 'https://git.example.org/storefront',
    mainBranch: 'main',
    labels: [],
    ...dated,
  });
  expect(pacticipants.map(({ name }) => name)).toContain('team a/svc one');
});

test('environments keep their uuids and contacts', async () => {
  const environments = valid(await readEnvironments(source));
  expect(environments.map(({ name, production }) => [name, production])).toEqual(
    expect.arrayContaining([
      ['test', false],
      ['production', true],
    ]),
  );
  expect(environments.some(({ contacts }) => contacts !== undefined)).toBe(true);
});

test('versions come oldest first from all pages, with what each of them says', async () => {
  const { versions, branches, branchVersions } = await readVersions(source, 'Storefront');
  valid([...versions, ...branches, ...branchVersions]);
  expect(versions.map(({ number }) => number).slice(-2)).toEqual(['1.5.0', '1.5.1']);
  expect(branchVersions).toContainEqual({
    ...{ type: 'branchVersion', pacticipant: 'Storefront', branch: 'main', version: '1.5.1' },
    ...{ head: true, autoCreated: false, ...dated },
  });
  expect(branches.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['main', 'feat/reviews']),
  );
});

test('publications know their content by its sha, and each content is kept once, without loss', async () => {
  const pair = { consumer: 'HashCons', provider: 'HashProv' };
  const { publications } = await readPublications(source, pair);
  valid(publications);
  expect(publications.map(({ version }) => version)).toEqual(
    Array.from({ length: publications.length }, (_, index) => String(index + 1)),
  );
  const shas = new Set(publications.map(({ sha }) => sha));
  expect(shas.size).toBeGreaterThan(3);
  expect(shas.size).toBeLessThan(publications.length);
  for (const sha of shas) {
    const content = JSON.parse(await contentText(source, { ...pair, sha }));
    expect(content).toMatchObject({ consumer: { name: 'HashCons' } });
    expect(content).not.toHaveProperty('_links');
    expect(content).not.toHaveProperty('createdAt');
  }
});

test('results are found through the matrix and read one by one; what is gone is counted', async () => {
  const pacts = await readPublications(source, { consumer: 'Web', provider: 'Orders' });
  const before = source.vanished;
  const places = await readResults(source, pacts);
  expect(places.map(({ number, providerVersion }) => [number, providerVersion])).toEqual([
    [201, 'o1'],
  ]);
  expect(source.vanished).toBeGreaterThan(before);
  const records = await Promise.all(places.map((place) => resultRecord(source, place)));
  expect(valid(records)).toEqual([
    {
      ...{ type: 'verification', consumer: 'Web', provider: 'Orders', providerVersion: 'o1' },
      ...{ sha: '32'.padStart(40, 'a'), number: 201, success: true, wip: false },
      buildUrl: 'http://ci/o1',
      verifiedBy: '{"implementation":"Ruby","version":"1.2.3"}',
      testResults: expect.stringContaining('"testCount":1'),
      createdAt: dated.createdAt,
    },
  ]);
});

test('what has ended says when', async () => {
  const uuid = '00000000-0000-0000-0000-000000000006';
  const deployed = valid(await readDeployedVersions(source, [uuid, uuid]));
  expect(deployed).toMatchObject([
    { uuid, applicationInstance: '', undeployedAt: dated.createdAt, pacticipant: 'Orders' },
  ]);
  const released = valid(await readReleasedVersions(source, ['r']));
  expect(released).toMatchObject([{ supportEndedAt: dated.createdAt, pacticipant: 'Mobile' }]);
});

test('webhooks say which secrets they hide, and one that is gone is left out', async () => {
  const webhooks = valid(await readWebhooks(source));
  expect(webhooks).toHaveLength(1);
  expect(webhooks[0]).toMatchObject({
    uuid: 'webhook-1000000002',
    description: 'all events',
    provider: 'Orders',
    method: 'POST',
  });
});
