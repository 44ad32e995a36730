import { InsightsError } from '@concordat/api';
import { expect, test } from 'vitest';
import { readInteractionSearch } from '../interactions/interaction-search.ts';
import { aDeployment, aRemoval, aSuggestion, aUsage } from '../testing/deployment-samples.ts';
import { aService, aServiceDetail } from '../testing/monitor-samples.ts';
import { aDescribed, aDetail, aFinding, aHit, anEdge, aSummary } from '../testing/samples.tsx';
import { readTraceSearch } from '../traces/trace-search.ts';
import { createHubClient } from './hub-client.ts';
import { explainProblem, explainRefusal } from './problem.ts';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
}

function clientOf(answers: Readonly<Record<string, Answer>>) {
  const asked: string[] = [];
  const client = createHubClient({
    hub: 'http://hub/',
    fetch: (url) => {
      asked.push(url);
      const answer = answers[url.split('?')[0] ?? ''] ?? answers[url];
      if (answer === undefined) return Promise.reject(new TypeError('fetch failed'));
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      return Promise.resolve({ status: answer.status ?? 200, text: () => Promise.resolve(text) });
    },
  });
  return { client, asked };
}

const page = (number: number, totalPages: number) => ({
  number,
  size: 1000,
  totalElements: totalPages,
  totalPages,
});

test('lists are read to their last page, in one environment or in all', async () => {
  const asked: string[] = [];
  const client = createHubClient({
    hub: 'http://hub/',
    fetch: (url) => {
      asked.push(url);
      const number = Number(new URL(url).searchParams.get('page'));
      const body = { edges: [anEdge({ consumer: `c${number}` })], page: page(number, 3) };
      return Promise.resolve({ status: 200, text: () => Promise.resolve(JSON.stringify(body)) });
    },
  });
  const edges = await client.edges('staging');
  expect(edges.map((edge) => edge.consumer)).toEqual(['c1', 'c2', 'c3']);
  expect(asked[0]).toBe('http://hub/insights/edges?environment=staging&page=1&size=1000');
  await client.edgesSince('', '2026-11-21T12:00:00Z');
  expect(asked[3]).toBe(
    'http://hub/insights/edges?since=2026-11-21T12%3A00%3A00Z&page=1&size=1000',
  );
  await client.edges('');
  expect(asked[6]).toBe('http://hub/insights/edges?page=1&size=1000');
});

test('summary, an edge and findings are read from the insights', async () => {
  const { client } = clientOf({
    'http://hub/insights/summary': { body: aSummary },
    'http://hub/insights/edges/a%2Fb/c': { body: aDetail() },
    'http://hub/insights/findings': { body: { findings: [aFinding()], page: page(1, 1) } },
  });
  expect((await client.summary()).services).toBe(7);
  expect((await client.edge('a/b', 'c')).provider).toBe('shop');
  expect((await client.findings('', 'open')).map(({ id }) => id)).toEqual(['f1']);
});

test('interactions are searched a page at a time, and read with their content', async () => {
  const { client, asked } = clientOf({
    'http://hub/insights/interactions': {
      body: { interactions: [aHit()], page: page(2, 2), complete: true },
    },
    'http://hub/insights/pacts/a%2Fb/maps/c1': {
      body: { consumer: 'a/b', provider: 'maps', sha: 'c1', interactions: [aDescribed()] },
    },
  });
  const search = readInteractionSearch(
    new URLSearchParams('q= sku &past=1&page=2&kind=http&provider=maps'),
  );
  expect((await client.interactions(search)).interactions).toEqual([aHit()]);
  expect(asked[0]).toBe(
    'http://hub/insights/interactions?q=sku&provider=maps&kind=http&scope=all&page=2&size=50',
  );
  const content = { consumer: 'a/b', provider: 'maps', sha: 'c1' };
  expect((await client.pact(content)).interactions).toEqual([aDescribed()]);
});

test('services, operations and traces are read from the Jaeger query API', async () => {
  const { client, asked } = clientOf({
    'http://hub/api/services': { body: { data: ['b', 'a'] } },
    'http://hub/api/services/a%2Fb/operations': { body: { data: ['GET /'] } },
    'http://hub/api/traces': { body: { data: [{ traceID: 'aa', spans: [] }] } },
    'http://hub/api/traces/aa': { body: { data: [{ traceID: 'aa', spans: [] }] } },
  });
  expect(await client.services()).toEqual(['a', 'b']);
  expect(await client.operations('a/b')).toEqual(['GET /']);
  const found = await client.traces(readTraceSearch(new URLSearchParams('service=a')), 1000);
  expect(found.map(({ traceId }) => traceId)).toEqual(['aa']);
  expect((await client.trace('aa', 'recorded')).traceId).toBe('aa');
  expect(asked[2]).toContain('service=a');
  expect((await client.trace('aa', 'aligned')).clocks).toBe('aligned');
  expect(asked.slice(-2)).toEqual([
    'http://hub/api/traces/aa?raw=true',
    'http://hub/api/traces/aa?raw=false',
  ]);
});

test('services are monitored to their last page, and one of them by its operations', async () => {
  const services = [aService()];
  const window = { since: '2026-11-21T11:00:00Z', until: '2026-11-21T12:00:00Z' };
  const { client, asked } = clientOf({
    'http://hub/insights/services': { body: { ...window, services, page: page(1, 1) } },
    'http://hub/insights/services/a%2Fb': { body: aServiceDetail({ service: 'a/b' }) },
  });
  const since = '2026-11-21T11:00:00.000Z';
  expect(await client.monitored({ since })).toEqual(services);
  expect((await client.monitor('a/b', { since, environment: 'production' })).service).toBe('a/b');
  expect(asked).toEqual([
    'http://hub/insights/services?since=2026-11-21T11%3A00%3A00.000Z&page=1&size=1000',
    'http://hub/insights/services/a%2Fb?since=2026-11-21T11%3A00%3A00.000Z&environment=production',
  ]);
});

test.each<[string, Answer, number, string]>([
  [
    'a refusal with reasons',
    { status: 404, body: { errors: [{ msg: 'trace not found' }] } },
    404,
    'trace not found',
  ],
  ['a refusal without reasons', { status: 502, body: 'Bad gateway' }, 502, 'answered 502'],
  ['an answer that is no JSON', { body: '<html>' }, 200, 'did not answer JSON'],
  ['an empty answer', { body: { data: [] } }, 404, 'No trace aa'],
])('%s is an error with its status', async (...[, answer, status, words]) => {
  const { client } = clientOf({ 'http://hub/api/traces/aa': answer });
  const error = await client.trace('aa', 'recorded').then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InsightsError);
  expect(error).toMatchObject({ status, message: expect.stringContaining(words) });
});

test.each([
  [new TypeError('fetch failed'), 'The hub does not answer'],
  [new InsightsError('no', { status: 401 }), 'The hub refused to show this'],
  [new InsightsError('no', { status: 403 }), 'The hub refused to show this'],
  [new InsightsError('no', { status: 404 }), 'The hub does not know this'],
  [new InsightsError('limit is no number', { status: 400 }), 'The hub refused the question'],
  [new InsightsError('no', { status: 503 }), 'The hub failed'],
  [new InsightsError('shape', { status: 200 }), 'The hub answered something this page cannot read'],
])('%s is explained with something to do', (error, title) => {
  const problem = explainProblem(error);
  expect(problem.title).toBe(title);
  expect(problem.advice).not.toBe('');
});

function hubThatChanges(status: number, body: unknown) {
  const sent: unknown[] = [];
  const client = createHubClient({
    hub: 'http://hub/',
    fetch: async (url, { method, body: content }) => {
      sent.push([method, url, ...(content === undefined ? [] : [JSON.parse(content)])]);
      return { status, text: async () => (typeof body === 'string' ? body : JSON.stringify(body)) };
    },
    openStream: (url) => {
      sent.push(url);
      return { readyState: 1, addEventListener: () => undefined, close: () => undefined };
    },
  });
  return { client, sent };
}

test('what the reader does is sent to the hub', async () => {
  const answer = { environment: 'production', dryRun: true, recorded: [], skipped: [] };
  const { client, sent } = hubThatChanges(200, answer);
  const request = { environment: 'production', dryRun: true };
  expect(await client.recordRunning(request)).toEqual(answer);
  await client.acknowledge('a/b', { reason: 'known' });
  await client.unacknowledge('a/b');
  await client.addAlias({ service: 'Shop', pacticipant: 'shop' });
  client.stream();
  expect(sent).toEqual([
    ['POST', 'http://hub/insights/deployments/record', request],
    ['PUT', 'http://hub/insights/findings/a%2Fb/acknowledgement', { reason: 'known' }],
    ['DELETE', 'http://hub/insights/findings/a%2Fb/acknowledgement'],
    ['POST', 'http://hub/insights/aliases', { service: 'Shop', pacticipant: 'shop' }],
    'http://hub/insights/stream',
  ]);
});

test.each<[string, number, unknown, string]>([
  ['a problem with its detail', 409, { title: 'Conflict', detail: 'taken' }, 'taken'],
  ['a problem with its title', 404, { title: 'Not found' }, 'Not found'],
  [
    'each member that is wrong',
    400,
    { title: 'Validation errors', errors: [{ detail: 'is missing', pointer: '/by' }, {}] },
    'by is missing; ',
  ],
  ['a problem with other errors', 400, { title: 'Bad', errors: { by: 1 } }, 'Bad'],
  ['the words of a proxy', 502, 'Bad gateway', 'Bad gateway'],
  ['its status where there is nothing else', 503, '', 'status 503'],
])('a refusal is told as %s', async (...[, status, body, words]) => {
  const { client } = hubThatChanges(status, body);
  await expect(client.unacknowledge('x')).rejects.toMatchObject({ status, message: words });
});

test.each([
  [new InsightsError('Log in.', { status: 403 }), 'You may not do this. Log in.'],
  [new InsightsError('Taken.', { status: 409 }), 'The hub refused: Taken.'],
  [new InsightsError('Oh.', { status: 500 }), 'The hub failed: Oh.'],
  [new TypeError('fetch failed'), 'The hub does not answer. Try again in a while.'],
])('%s is explained to who asked for it', (error, words) => {
  expect(explainRefusal(error)).toBe(words);
});

test('deployments, suggestions, usage and removals are asked of the insights', async () => {
  const { client, asked } = clientOf({
    'http://hub/insights/deployments': {
      body: { window: 900, deployments: [aDeployment()], page: page(1, 1) },
    },
    'http://hub/insights/aliases/suggestions': {
      body: { suggestions: [aSuggestion()], page: page(1, 1) },
    },
    'http://hub/insights/usage': { body: { operations: [aUsage()], page: page(1, 1) } },
    'http://hub/insights/can-i-remove': { body: aRemoval() },
    'http://hub/insights/findings/f1': { body: { ...aFinding(), history: [] } },
  });
  expect(await client.deployments('staging')).toEqual([aDeployment()]);
  expect(await client.aliasSuggestions()).toEqual([aSuggestion()]);
  expect(await client.usage('web', 'shop')).toEqual([aUsage()]);
  expect(await client.canIRemove({ provider: 'shop', operation: 'GET /x' })).toEqual(aRemoval());
  expect((await client.finding('f1')).history).toEqual([]);
  expect(client.stream()).toBeUndefined();
  expect(asked[0]).toBe('http://hub/insights/deployments?environment=staging&page=1&size=1000');
  expect(asked[2]).toBe('http://hub/insights/usage?consumer=web&provider=shop&page=1&size=1000');
});
