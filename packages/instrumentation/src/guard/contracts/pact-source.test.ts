import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Contract } from '@concordat/conformance';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { guardSettings } from '../guard-options.ts';
import type { HeldPact } from './held-pact.ts';
import { PactSource } from './pact-source.ts';

const contract: Contract = {
  ...{ interactions: [], defects: [], fieldsOf: () => [] },
  judgeHttp: () => ({ verdict: 'kept', profile: 'live', interaction: undefined, mismatches: [] }),
  judgeMessage: () => ({
    verdict: 'kept',
    profile: 'live',
    interaction: undefined,
    mismatches: [],
  }),
};
const listed = {
  ...{ consumer: 'web', provider: 'orders', sha: 'a1', consumerVersions: ['1', 7] },
  path: '/pacts/provider/orders/consumer/web/pact-version/a1',
};
const list = JSON.stringify({ pacts: [listed] });
const servers: Server[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface Asked {
  readonly url: string;
  readonly etag: string | undefined;
  readonly authorization: string | undefined;
}

/** A source that asks this hub. */
async function aSource(answer: RequestListener, options: object = {}) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { 'if-none-match': etag, authorization } = request.headers;
    asked.push({ url: request.url ?? '', etag, authorization });
    answer(request, response);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const settings = guardSettings(
    { hubUrl, environment: 'production', ...options },
    { sides: undefined, hubUrl: undefined, rate: undefined, authorization: undefined },
    { service: 'orders', version: '1.4.0', environment: undefined },
  );
  const held: (readonly HeldPact[])[] = [];
  const said: string[] = [];
  const compiled: string[] = [];
  const source = new PactSource(settings, {
    compile: (content) => {
      compiled.push(content);
      if (content.includes('bad')) throw new Error('no pact');
      return contract;
    },
    random: () => 0.5,
    say: (line) => said.push(line),
    onPacts: (pacts) => held.push(pacts),
  });
  return { source, asked, held, said, compiled, server };
}

const hub =
  (content = '{}'): RequestListener =>
  (request, response) => {
    if (request.url?.startsWith('/insights/') !== true) response.end(content);
    else if (request.headers['if-none-match'] === '"tag"') response.writeHead(304).end();
    else response.setHeader('etag', '"tag"').end(list);
  };

describe('the source of pacts', () => {
  test('reads what is in force once, and asks only whether it has changed', async () => {
    const { source, asked, held, said, compiled } = await aSource(hub(), { token: 't' });
    await source.refresh();
    await source.refresh();
    const authorization = 'Bearer t';
    const url = '/insights/guard/pacts?pacticipant=orders&environment=production&version=1.4.0';
    expect(asked).toEqual([
      { url, etag: undefined, authorization },
      { url: listed.path, etag: undefined, authorization },
      { url, etag: '"tag"', authorization },
    ]);
    const { path: _path, ...pact } = listed;
    expect(held).toEqual([
      [expect.objectContaining({ ...pact, consumerVersions: ['1'], contract })],
    ]);
    expect([compiled.length, said]).toEqual([1, []]);
  });

  test('keeps a content that stays in force, and lets go of one that does not', async () => {
    const answers = [
      list,
      JSON.stringify({ pacts: [listed, { ...listed, sha: 'b2', path: '/b2' }] }),
      '{"pacts":[]}',
    ];
    const { source, held, compiled } = await aSource((request, response) => {
      response.end(request.url?.startsWith('/insights/') ? answers.shift() : '{}');
    });
    for (let index = 0; index < 3; index += 1) await source.refresh();
    expect(held.map((pacts) => pacts.map(({ sha }) => sha))).toEqual([['a1'], ['a1', 'b2'], []]);
    expect(compiled).toHaveLength(2);
  });

  test.each<{ what: string; answer: RequestListener; says: RegExp }>([
    {
      what: 'an error',
      answer: (_, response) => response.writeHead(503).end(),
      says: /answers 503/,
    },
    { what: 'no JSON', answer: (_, response) => response.end('<html>'), says: /JSON/ },
    {
      what: 'no list',
      answer: (_, response) => response.end('{"pacts":7}'),
      says: /no list of pacts/,
    },
    {
      what: 'nothing of a pact',
      answer: (_, response) => response.end('{"pacts":[7]}'),
      says: /is no object/,
    },
    {
      what: 'a pact without its path',
      answer: (_, response) =>
        response.end('{"pacts":[{"consumer":"a","provider":"b","sha":"c"}]}'),
      says: /has no consumer, provider, sha or path/,
    },
    {
      what: 'a path to elsewhere',
      answer: (_, response) => response.end(list.replace('"/pacts', '"//evil/pacts')),
      says: /none of the hub/,
    },
    {
      what: 'too many pacts',
      answer: (_, response) => response.end(JSON.stringify({ pacts: Array(2_001).fill(listed) })),
      says: /more than 2000 pacts/,
    },
    {
      what: 'a body without end',
      answer: (_, response) => {
        response.write(Buffer.alloc(5_000_000, 32));
        response.end();
      },
      says: /longer than 4194304 bytes/,
    },
    {
      what: 'half a body',
      answer: (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{');
        setImmediate(() => response.destroy());
      },
      says: /gives no pacts/,
    },
    {
      what: 'a connection that breaks',
      answer: (_, response) => void response.destroy(),
      says: /gives no pacts/,
    },
  ])('keeps what it has and says it once when the hub answers $what', async ({ answer, says }) => {
    let isGood = true;
    const good = hub();
    const { source, held, said } = await aSource((request, response) =>
      (isGood ? good : answer)(request, response),
    );
    await source.refresh();
    isGood = false;
    await source.refresh();
    await source.refresh();
    expect(held).toHaveLength(1);
    expect(said).toEqual([expect.stringMatching(says)]);
  });

  test('gives up on a hub that does not answer', async () => {
    const { source, said, asked } = await aSource(() => undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const refreshed = source.refresh();
    await vi.waitFor(() => expect(asked).toHaveLength(1), 10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    await refreshed;
    expect(said).toEqual([expect.stringContaining('did not answer within 10000 ms')]);
  });

  test('judges by the other pacts when one cannot be judged by, and does not ask for it again', async () => {
    const both = JSON.stringify({ pacts: [listed, { ...listed, sha: 'b2', path: '/b2' }] });
    const { source, held, said, asked } = await aSource((request, response) => {
      response.end(
        request.url === '/b2' ? 'bad' : request.url?.startsWith('/insights/') ? both : '{}',
      );
    });
    await source.refresh();
    await source.refresh();
    expect(held.map((pacts) => pacts.map(({ sha }) => sha))).toEqual([['a1'], ['a1']]);
    expect(asked.filter(({ url }) => url === '/b2')).toHaveLength(1);
    expect(said).toEqual(['guard: /b2 cannot be judged by (no pact)']);
  });

  test('asks again for a content that could not be read', async () => {
    let isThere = false;
    const { source, held, said } = await aSource((request, response) => {
      if (request.url?.startsWith('/insights/')) hub()(request, response);
      else response.writeHead(isThere ? 200 : 404).end('{}');
    });
    await source.refresh();
    isThere = true;
    await source.refresh();
    expect(held.map((pacts) => pacts.length)).toEqual([0, 1]);
    expect(said).toEqual([expect.stringContaining('cannot be read (404)')]);
  });

  test('asks again by itself, less and less often while the hub is gone, until it is stopped', async () => {
    const { source, server } = await aSource(hub());
    server.close();
    await once(server, 'close');
    const pauses: (number | undefined)[] = [];
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
      callback: () => void,
      millis: number,
    ) => {
      if (millis !== 10_000) pauses.push(millis);
      if (millis !== 10_000 && pauses.length < 8) queueMicrotask(callback);
      return { unref: () => undefined } as never;
    }) as never);
    try {
      await source.start();
      await vi.waitFor(() => expect(pauses).toHaveLength(8), 10_000);
    } finally {
      vi.restoreAllMocks();
    }
    expect(pauses).toEqual(
      [60, 120, 240, 480, 600, 600, 600, 600].map((seconds) => seconds * 1_000),
    );
    source.stop();
  });

  test('once stopped it takes nothing more', async () => {
    const { source, held } = await aSource(hub());
    const started = source.start();
    source.stop();
    await started;
    expect(held).toEqual([]);
  });
});
