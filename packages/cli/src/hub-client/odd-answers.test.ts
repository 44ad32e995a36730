import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askCanIDeploy } from '../can-i-deploy/can-i-deploy.ts';
import { ensureEnvironment, recordDeployment } from '../record/record.ts';
import { fetchPacts } from '../verify/fetch-pacts.ts';
import { fetchSpans } from '../verify/provider-spans.ts';
import { HubClient } from './hub-client.ts';

/** What a server that is not quite a hub answers, by method and path. */
const answers = new Map<string, { readonly status?: number; readonly body: unknown }>();
let server: Server;
let hub: HubClient;

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    const answer = answers.get(`${request.method} ${path}`) ?? { status: 404, body: {} };
    response.statusCode = answer.status ?? 200;
    response.end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  hub = new HubClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(() => {
  server.close();
});
beforeEach(() => answers.clear());

const question = {
  provider: 'shop',
  branch: undefined,
  tags: ['dev'],
  selectors: [],
  pending: false,
  wipSince: '2026-01-01',
};
const list = 'POST /pacts/provider/shop/for-verification';
const self = (name?: string): unknown => ({
  _embedded: { pacts: [{ _links: { self: { href: '/one', name } } }] },
});

describe('pacts to verify', () => {
  test('a hub that does not know the provider, or has nothing, means none', async () => {
    expect(await fetchPacts(hub, question)).toEqual([]);
    answers.set(list, { body: {} });
    expect(await fetchPacts(hub, question)).toEqual([]);
  });

  test.each([
    {
      caption: 'a pact that is gone',
      pact: { status: 500, body: { title: 'Broken' } },
      words: 'Pact 1: the hub answered 500: Broken',
    },
    {
      caption: 'a pact that takes no results',
      pact: { body: {} },
      words: 'Pact 1: the hub does not say where',
    },
  ])('$caption is an error with its name', async ({ pact, words }) => {
    answers.set(list, { body: self('Pact 1') });
    answers.set('GET /one', pact);
    await expect(fetchPacts(hub, question)).rejects.toThrow(words);
  });

  test('a pact without names is still verified', async () => {
    answers.set(list, { body: self() });
    const href = 'http://elsewhere/results';
    answers.set('GET /one', { body: { _links: { 'pb:publish-verification-results': { href } } } });
    expect(await fetchPacts(hub, question)).toMatchObject([
      { name: '/one', consumer: 'unknown', pending: false, resultsUrl: href },
    ]);
  });
});

describe('can-i-deploy', () => {
  const target = { kind: 'tag', name: 'prod' } as const;
  const ask = () => askCanIDeploy(hub, { pacticipant: 'web', version: '1', target });

  test('an answer without a summary is no answer', async () => {
    answers.set('GET /can-i-deploy', { body: {} });
    await expect(ask()).rejects.toThrow('the answer has no summary');
  });

  test('an empty summary is a cannot-tell', async () => {
    answers.set('GET /can-i-deploy', { body: { summary: {} } });
    expect(await ask()).toEqual({
      deployable: null,
      reason: '',
      unknown: 0,
      notices: [],
      reasons: [],
    });
  });
});

describe('recording', () => {
  const recorded = { pacticipant: 'web', version: '1', environment: 'production' };
  const version = 'GET /pacticipants/web/versions/1';
  const link = { name: 'production', href: '/record' };

  test.each([
    {
      caption: 'a version that cannot be read',
      answer: { status: 500, body: { title: 'Broken' } },
      words: 'web: the hub answered 500',
    },
    {
      caption: 'a version that cannot be recorded',
      answer: { body: {} },
      words: 'cannot be recorded there',
    },
    {
      caption: 'a refusal',
      answer: { body: { _links: { 'pb:record-deployment': [link] } } },
      words: 'web 1: the hub answered 404',
    },
  ])('$caption is an error', async ({ answer, words }) => {
    answers.set(version, answer);
    await expect(recordDeployment(hub, recorded)).rejects.toThrow(words);
  });

  test('one of several instances is named', async () => {
    answers.set(version, { body: { _links: { 'pb:record-deployment': [link] } } });
    answers.set('POST /record', { status: 201, body: {} });
    await recordDeployment(hub, { ...recorded, applicationInstance: 'blue' });
  });

  test('an environment that cannot be created is an error, and one that is there is left alone', async () => {
    answers.set('GET /environments', { body: {} });
    await expect(ensureEnvironment(hub, 'staging')).rejects.toThrow('staging was not created');
    answers.set('POST /environments', { status: 201, body: {} });
    await ensureEnvironment(hub, 'staging');
    answers.set('GET /environments', {
      body: { _embedded: { environments: [{ name: 'staging' }] } },
    });
    answers.delete('POST /environments');
    await ensureEnvironment(hub, 'staging');
  });
});

describe('spans of a failed interaction', () => {
  const wait = { timeoutMs: 0, signal: new AbortController().signal };
  const span = {
    spanID: 'a',
    operationName: 'GET /',
    startTime: 1000,
    duration: 2000,
    processID: 'p1',
  };

  test('none are an empty list, not a failure', async () => {
    expect(await fetchSpans(hub, 'abc', wait)).toEqual([]);
    answers.set('GET /api/traces/abc', { body: {} });
    expect(await fetchSpans(hub, 'abc', wait)).toEqual([]);
  });

  test('children stand below their parents in the order of time, and what points nowhere is a root', async () => {
    const child = (parent: string) => [{ refType: 'CHILD_OF', spanID: parent }];
    const spans = [
      {
        ...span,
        spanID: 'c',
        startTime: 1900,
        references: child('a'),
        tags: [{ key: 'error', value: true }],
      },
      {
        ...span,
        spanID: 'b',
        startTime: 1500,
        references: child('a'),
        tags: [{ key: 'span.kind', value: 'client' }],
      },
      { ...span, references: child('gone') },
      { ...span, spanID: 'd', startTime: 3000, processID: 'p9', references: child('d') },
    ];
    answers.set('GET /api/traces/abc', {
      body: { data: [{ spans, processes: { p1: { serviceName: 'shop' } } }] },
    });
    const lines = await fetchSpans(hub, 'abc', { ...wait, timeoutMs: 5000 });
    expect(
      lines.map(({ depth, service, kind, start, error }) => [depth, service, kind, start, error]),
    ).toEqual([
      [0, 'shop', 'internal', 0, undefined],
      [1, 'shop', 'client', 0.5, undefined],
      [1, 'shop', 'internal', 0.9, 'error'],
      [0, '', 'internal', 2, undefined],
    ]);
  });
});
