import { describe, expect, test } from 'vitest';
import { createInsightsClient, InsightsError } from './insights-client.ts';

const page = { number: 1, size: 10, totalElements: 0, totalPages: 0 };

function hubAnswering(status: number, body: string) {
  const urls: string[] = [];
  const client = createInsightsClient('http://hub.example/', async (url) => {
    urls.push(url);
    return { status, text: async () => body };
  });
  return { client, urls };
}

describe('the insights client', () => {
  test('asks for edges with the parameters that were given and no others', async () => {
    const { client, urls } = hubAnswering(200, JSON.stringify({ edges: [], page }));
    await client.edges({ environment: 'pre prod', page: 2 });
    await client.edges();
    expect(urls).toEqual([
      'http://hub.example/insights/edges?environment=pre%20prod&page=2',
      'http://hub.example/insights/edges',
    ]);
  });

  test('asks for findings and returns them checked', async () => {
    const { client, urls } = hubAnswering(200, JSON.stringify({ findings: [], page }));
    expect(await client.findings({ kind: 'not-seen' })).toEqual({ findings: [], page });
    expect(urls).toEqual(['http://hub.example/insights/findings?kind=not-seen']);
    expect(await client.findings()).toEqual({ findings: [], page });
  });

  test('asks for the pacts a guard judges by', async () => {
    const { client, urls } = hubAnswering(200, JSON.stringify({ pacts: [] }));
    await client.guardPacts({ pacticipant: 'the shop', environment: 'production' });
    expect(urls).toEqual([
      'http://hub.example/insights/guard/pacts?pacticipant=the%20shop&environment=production',
    ]);
  });

  test('asks for overrides and removals with what was given', async () => {
    const { client, urls } = hubAnswering(200, JSON.stringify({ overrides: [], page }));
    expect(await client.overrides()).toEqual({ overrides: [], page });
    await client.overrides({ pacticipant: 'shop' });
    const field = '/items/*/sku';
    await expect(client.canIRemove({ provider: 'shop', event: 'a b', field })).rejects.toThrow(
      'unknown shape',
    );
    expect(urls).toEqual([
      'http://hub.example/insights/overrides',
      'http://hub.example/insights/overrides?pacticipant=shop',
      'http://hub.example/insights/can-i-remove?provider=shop&event=a%20b&field=%2Fitems%2F*%2Fsku',
    ]);
  });

  test('escapes the names of an edge', async () => {
    const { client, urls } = hubAnswering(404, '{"title":"Not found","detail":"No such edge."}');
    const refused = client.edge('a/b', 'c d');
    await expect(refused).rejects.toThrow('answered 404: No such edge.');
    await expect(refused).rejects.toMatchObject({ name: 'InsightsError', status: 404 });
    expect(urls).toEqual(['http://hub.example/insights/edges/a%2Fb/c%20d']);
  });

  test.each([
    {
      caption: 'a refusal with a title only',
      status: 400,
      body: '{"title":"Bad request"}',
      words: 'answered 400: Bad request',
    },
    {
      caption: 'a refusal that is no JSON',
      status: 502,
      body: '<h1>Bad gateway</h1>',
      words: 'answered 502: <h1>Bad gateway</h1>',
    },
    {
      caption: 'a refusal without words',
      status: 503,
      body: '',
      words: 'answered 503: no reason given',
    },
    { caption: 'JSON null as a refusal', status: 500, body: 'null', words: 'answered 500: null' },
    {
      caption: 'a page that is no JSON',
      status: 200,
      body: '<html>',
      words: 'did not answer JSON',
    },
    {
      caption: 'JSON of another shape',
      status: 200,
      body: '{"services":"7"}',
      words: 'unknown shape',
    },
  ])('reports $caption', async ({ status, body, words }) => {
    const { client } = hubAnswering(status, body);
    const summary = client.summary();
    await expect(summary).rejects.toThrow(words);
    await expect(summary).rejects.toBeInstanceOf(InsightsError);
  });
});
