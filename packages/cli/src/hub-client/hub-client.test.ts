import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HubClient, jsonOf, refusalOf } from './hub-client.ts';

let server: Server;
let baseUrl = '';
const seen: {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, authorization: headers.authorization });
    response.statusCode = url.includes('secret') ? 401 : 200;
    response.end(url.includes('html') ? '<html>' : '{"services":1}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

describe('the hub client', () => {
  test.each([
    { caption: 'a token', address: { token: 't', username: 'u' }, authorization: 'Bearer t' },
    { caption: 'a user', address: { username: 'u', password: 'p' }, authorization: 'Basic dTpw' },
    {
      caption: 'a user without a password',
      address: { username: 'u' },
      authorization: 'Basic dTo=',
    },
    { caption: 'nobody', address: {}, authorization: undefined },
  ])('asks as $caption', async ({ address, authorization }) => {
    await new HubClient({ baseUrl: `${baseUrl}/broker/`, ...address }).get('/pacts');
    expect(seen.at(-1)).toEqual({ method: 'GET', url: '/broker/pacts', authorization });
  });

  test('links of an answer keep path and query and move to its own address', () => {
    const hub = new HubClient({ baseUrl: 'https://hub.example/broker' });
    expect(hub.resolve('http://inside:9292/pacts/x%20y?q=1')).toBe(
      'https://hub.example/broker/pacts/x%20y?q=1',
    );
    expect(hub.resolve('http://inside:9292/broker/pacts')).toBe('https://hub.example/broker/pacts');
  });

  test('insights are asked with the same credentials', async () => {
    const hub = new HubClient({ baseUrl, token: 't' });
    await expect(hub.insights.summary()).rejects.toThrow('unknown shape');
    expect(seen.at(-1)).toEqual({
      method: 'GET',
      url: '/insights/summary',
      authorization: 'Bearer t',
    });
  });

  test.each(['ftp://hub', 'hub:9292', ''])("'%s' is no address of a hub", (wrong) => {
    expect(() => new HubClient({ baseUrl: wrong })).toThrow('no address of a hub');
  });

  test('refused credentials and a hub that is not there are told with what to do', async () => {
    await expect(new HubClient({ baseUrl }).get('/secret')).rejects.toThrow('PACT_BROKER_TOKEN');
    const nobody = new HubClient({ baseUrl: 'http://127.0.0.1:9' });
    await expect(nobody.put('/x', {})).rejects.toThrow('http://127.0.0.1:9/x cannot be reached: ');
  });

  test('an answer that is no JSON comes from no hub', async () => {
    const answer = await new HubClient({ baseUrl }).get('/html');
    expect(() => jsonOf(answer, 'The index')).toThrow('The index: the answer is no JSON');
    expect(jsonOf(await new HubClient({ baseUrl }).post('/x', {}), 'x')).toEqual({ services: 1 });
  });
});

describe('a refusal', () => {
  test.each([
    {
      caption: 'a problem',
      text: '{"title":"Bad","detail":"No such thing."}',
      words: 'No such thing.',
    },
    {
      caption: 'a problem with places',
      text: '{"title":"Bad","errors":[{"pointer":"/info","message":"is missing"},{"text":"twice"}]}',
      words: 'Bad\n/info: is missing\ntwice',
    },
    {
      caption: 'the broker’s errors',
      text: '{"errors":{"contracts":["is missing","is wrong"]}}',
      words: 'contracts: is missing\ncontracts: is wrong',
    },
    { caption: 'the broker’s error', text: '{"error":"Cannot change"}', words: 'Cannot change' },
    {
      caption: 'notices',
      text: '{"notices":[{"type":"error","text":"Not so."}]}',
      words: 'Not so.',
    },
    { caption: 'JSON null', text: 'null', words: 'null' },
    { caption: 'words of a proxy', text: '<h1>Bad gateway</h1>', words: '<h1>Bad gateway</h1>' },
    { caption: 'nothing', text: '', words: 'no reason given' },
  ])('is told in the words of $caption', ({ text, words }) => {
    expect(refusalOf({ status: 400, text, headers: new Headers() })).toBe(
      `the hub answered 400: ${words}`,
    );
  });
});
