import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnswerStore } from './answer-store.ts';
import { type BrokerAddress, BrokerReader } from './broker-reader.ts';
import { BrokerSource } from './broker-source.ts';
import { contentText, readContent, readPairs, readPublications } from './read-pacts.ts';
import { readEnvironments, readPacticipants } from './read-parties.ts';
import { readResults, resultRecord } from './read-results.ts';
import { readWebhooks } from './read-webhooks.ts';

/** What the broker of a test answers: a body, or a status with one; everything else is a 404. */
let answers: Record<string, unknown>;
let asked: { readonly url: string; readonly authorization: string | undefined }[];
let server: Server;
let folder: string;

beforeEach(async () => {
  answers = {};
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'concordat-odd-'));
  server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, authorization: headers.authorization });
    const answer = answers[decodeURIComponent(url)];
    if (typeof answer === 'number') response.writeHead(answer, { 'retry-after': '0' }).end('no');
    else if (answer === undefined) response.writeHead(404).end();
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function readerOf(address: Partial<BrokerAddress> = {}): BrokerReader {
  const signal = new AbortController().signal;
  return new BrokerReader(
    { baseUrl: baseUrl(), ...address },
    { concurrency: 2, signal, firstPause: 1 },
  );
}

function sourceOf(): BrokerSource {
  const store = new AnswerStore(folder);
  return new BrokerSource({ reader: readerOf(), answers: store, onRequest: () => undefined });
}

const pair = { consumer: 'web', provider: 'shop' };
const sha = 'a'.repeat(40);
const versions = '/pacts/provider/shop/consumer/web/versions';
const pact = (more: object = {}) => ({
  interactions: [],
  createdAt: 'x',
  _links: { 'pb:pact-version': { href: `/pacts/x/pact-version/${sha}` } },
  ...more,
});
const listed = {
  _embedded: { pacts: [{ _embedded: { consumerVersion: { number: '1' } }, createdAt: 'no time' }] },
};

describe('requests', () => {
  test.each<[string, Partial<BrokerAddress>, string | undefined]>([
    ['nothing', {}, undefined],
    ['a token', { token: 't' }, 'Bearer t'],
    ['a user', { username: 'u', password: 'p' }, 'Basic dTpw'],
  ])('with %s say who asks', async (_name, address, authorization) => {
    answers['/x'] = '{}';
    expect(await readerOf(address).find('/x')).toBe('{}');
    expect(asked).toEqual([{ url: '/x', authorization }]);
  });

  test('take a user from the address, and leave it out of what is shown', () => {
    const reader = readerOf({ baseUrl: 'https://u:p%40@broker.example/below/' });
    expect(reader.baseUrl).toBe('https://broker.example/below');
  });

  test.each(['broker', 'ftp://broker.example'])('%s is no address', (address) => {
    expect(() => readerOf({ baseUrl: address })).toThrow('is no address of a Pact Broker');
  });

  test.each([
    [401, 'of somebody who may read'],
    [403, 'of somebody who may read'],
    [418, '/x answered 418: no'],
    [503, 'answered 503, 7 times; try again later'],
  ])('that are answered %i end with what to do', async (status, words) => {
    answers['/x'] = status;
    await expect(readerOf().find('/x')).rejects.toThrow(words);
  });

  test('to nobody are tried again before they are given up', async () => {
    const reader = readerOf({ baseUrl: 'http://127.0.0.1:1' });
    await expect(reader.find('/x')).rejects.toThrow('cannot be reached');
    expect(reader.requests).toBe(7);
  });

  test('end at once when somebody interrupts', async () => {
    const interrupted = new AbortController();
    interrupted.abort(new Error('interrupted'));
    const options = { concurrency: 1, signal: interrupted.signal };
    const reader = new BrokerReader({ baseUrl: baseUrl() }, options);
    await expect(reader.find('/x')).rejects.toThrow('interrupted');
  });
});

describe('a broker without anything', () => {
  test('has no pairs, pacticipants, environments, webhooks, publications and results', async () => {
    const source = sourceOf();
    expect(await readPairs(source)).toEqual([]);
    expect(await readPacticipants(source)).toEqual([]);
    expect(await readEnvironments(source)).toEqual([]);
    expect(await readWebhooks(source)).toEqual([]);
    expect((await readPublications(source, pair)).publications).toEqual([]);
    expect(await readContent(source, { ...pair, sha })).toBe(false);
    await expect(contentText(source, { ...pair, sha })).rejects.toThrow('import again');
  });
});

describe('a publication', () => {
  test('without a time of its own is as old as can be, and its content is read once', async () => {
    answers[versions] = listed;
    answers['/pacts/provider/shop/consumer/web/version/1'] = pact();
    const source = sourceOf();
    const { publications } = await readPublications(source, pair);
    expect(publications).toMatchObject([{ sha, createdAt: '1970-01-01T00:00:00.000Z' }]);
    expect(await contentText(source, { ...pair, sha })).toBe('{"interactions":[]}');
    expect(await readContent(source, { ...pair, sha })).toBe(true);
    await readPublications(source, pair);
    expect(asked.filter(({ url }) => url.endsWith('/version/1'))).toHaveLength(1);
  });

  test('that has gone meanwhile is counted and left out', async () => {
    answers[versions] = listed;
    const source = sourceOf();
    expect((await readPublications(source, pair)).publications).toEqual([]);
    expect(source.vanished).toBe(1);
  });

  test.each<[string, unknown, string]>([
    ['has no link to its content', { interactions: [] }, 'has no link pb:pact-version'],
    [
      'has a link to something else',
      pact({ _links: { 'pb:pact-version': { href: '/x' } } }),
      'too old',
    ],
    ['has an odd link', pact({ _links: { 'pb:pact-version': { href: 7 } } }), 'too old'],
    ['is no JSON', '<html>', 'is no JSON object'],
    ['is no object', '[1]', 'is no JSON object'],
  ])('whose pact %s is refused in words', async (_name, answer, words) => {
    answers[versions] = listed;
    answers['/pacts/provider/shop/consumer/web/version/1'] = answer;
    await expect(readPublications(sourceOf(), pair)).rejects.toThrow(words);
  });

  test('of a consumer without a name is refused', async () => {
    answers['/pacts/latest'] = { pacts: [{ _embedded: { consumer: {} } }] };
    await expect(readPairs(sourceOf())).rejects.toThrow("The broker's consumer has no name");
  });
});

describe('a result', () => {
  const pacts = {
    ...pair,
    publications: [
      { type: 'publication' as const, ...pair, version: '1', sha, revision: 1, createdAt: '' },
    ],
  };
  const href = `/pacts/provider/shop/consumer/web/pact-version/${sha}/verification-results/7`;
  const matrix = '/matrix?q[][pacticipant]=web&q[][version]=1&q[][pacticipant]=shop&limit=1000';
  const rows = (link: string) => ({
    matrix: [{ verificationResult: { _links: { self: { href: link } } } }, {}],
  });
  const place = { ...pair, sha, number: 7, providerVersion: '3' };

  test('with as little as a broker may say is a failure without details', async () => {
    answers[matrix] = rows(href);
    answers[href] = { providerApplicationVersion: '3' };
    answers[`/pacts/provider/shop/consumer/web/pact-version/${sha}`] = pact();
    const source = sourceOf();
    expect(await readResults(source, pacts)).toEqual([place]);
    expect(await resultRecord(source, place)).toEqual({
      ...{ type: 'verification', ...place, success: false, wip: false },
      createdAt: '1970-01-01T00:00:00.000Z',
    });
  });

  test('keeps who verified, with and without a client', async () => {
    const source = sourceOf();
    for (const [verifiedBy, kept] of [
      [
        { implementation: 'Pact-Rust', version: '1' },
        '{"implementation":"Pact-Rust","version":"1"}',
      ],
      [
        { implementation: 'Ruby', client_implementation: 'pact-js' },
        '{"implementation":"Ruby","clientLanguage":{"name":"pact-js"}}',
      ],
    ] as const) {
      const result = { success: true, verifiedBy, buildUrl: 'https://ci', testResults: [1.5] };
      await source.answers.keep(href, JSON.stringify(result));
      const record = await resultRecord(source, place);
      expect(record).toMatchObject({ success: true, buildUrl: 'https://ci', testResults: '[1.5]' });
      expect(record.verifiedBy).toBe(kept);
    }
  });

  test.each([
    ['that is gone', rows(href)],
    ['that a link does not name', rows('/elsewhere/7')],
    ['of a matrix that is gone', undefined],
  ])('%s is left out', async (_name, answer) => {
    answers[matrix] = answer;
    expect(await readResults(sourceOf(), pacts)).toEqual([]);
  });

  test('that is no longer in the folder is asked for again by importing again', async () => {
    await expect(resultRecord(sourceOf(), place)).rejects.toThrow('import again');
  });
});

test('a webhook keeps what is there, and names the secrets that a broker hides', async () => {
  const link = (uuid: string) => ({ href: `${baseUrl()}/webhooks/${uuid}` });
  answers['/webhooks'] = { _links: { 'pb:webhooks': [link('w1'), link('w2'), {}] } };
  answers['/webhooks/w1'] = {
    consumer: { label: 'core' },
    consumerVersionBranches: ['main', 7],
    enabled: false,
    events: [{ name: 'contract_published' }],
    request: {
      ...{ method: 'post', url: 'https://ci.example', password: '**********' },
      ...{ signingSecret: '**********', headers: { Authorization: '**********', 'X-A': 'b' } },
    },
  };
  const source = sourceOf();
  expect(await readWebhooks(source)).toMatchObject([
    {
      ...{ uuid: 'w1', consumerLabel: 'core', consumerBranches: ['main'], enabled: false },
      ...{ method: 'POST', headers: { 'x-a': 'b' } },
      redacted: ['password', 'signingSecret', 'headers.authorization'],
    },
  ]);
  expect(source.vanished).toBe(1);
});

test('environments and labels with as little as a broker may say are read', async () => {
  answers['/environments'] = {
    _embedded: { environments: [{ uuid: 'u', name: 'uat', contacts: [] }] },
  };
  answers['/pacticipants?page=1&size=100'] = {
    page: { totalPages: 2 },
    _embedded: { pacticipants: [{ name: 'web', _embedded: { labels: [{ name: 'core' }] } }] },
  };
  const source = sourceOf();
  expect(await readEnvironments(source)).toMatchObject([
    { name: 'uat', displayName: 'uat', production: false, contacts: '[]' },
  ]);
  expect(await readPacticipants(source)).toMatchObject([
    { name: 'web', labels: [{ name: 'core', createdAt: '1970-01-01T00:00:00.000Z' }] },
  ]);
});
