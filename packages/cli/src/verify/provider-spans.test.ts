import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HubClient } from '../hub-client/hub-client.ts';
import { fetchSpans, fetchTracedIds } from './provider-spans.ts';

const traceID = '0af7651916cd43dd8448eb211c80319c';
const other = 'b'.repeat(32);
const wait = { timeoutMs: 50, signal: new AbortController().signal };

let server: Server;
afterEach(() => server.close());

/** A hub that answers every question like this, and remembers the paths. */
async function hubAnswering(status: number, data: unknown) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status).end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { hub: new HubClient({ baseUrl: `http://127.0.0.1:${port}` }), asked };
}

const tag = (key: string, value: unknown) => ({ key, value });
const exception = [
  tag('event', 'exception'),
  tag('exception.type', 'TypeError'),
  tag('exception.message', 'no coin'),
];
const retry = [tag('event', 'retry'), tag('attempt', 2)];

function aSpan(spanID: string, more: object = {}) {
  return {
    ...{ spanID, operationName: spanID, startTime: 1000, duration: 2500, processID: 'p1' },
    ...{ tags: [], logs: [], references: [] },
    ...more,
  };
}

async function treeOf(...spans: readonly object[]) {
  const processes = { p1: { serviceName: 'shop' } };
  const { hub } = await hubAnswering(200, [{ traceID, spans, processes }]);
  return await fetchSpans(hub, traceID, { ...wait, timeoutMs: 1000 });
}

describe('the spans of a trace', () => {
  test('are a tree that says what was answered, what failed, and exceptions before other events', async () => {
    const tags = [
      tag('span.kind', 'server'),
      tag('http.response.status_code', 500),
      tag('error', true),
    ];
    const logs = [{ fields: retry }, { fields: exception }, {}];
    const child = { references: [{ refType: 'CHILD_OF', spanID: 'a' }], startTime: 2000 };
    expect(await treeOf(aSpan('b', child), aSpan('a', { tags, logs }))).toEqual([
      {
        ...{ depth: 0, service: 'shop', name: 'a', kind: 'server', start: 0, duration: 2.5 },
        ...{ status: '500', error: 'error' },
        events: ['exception TypeError: no coin', 'retry attempt=2'],
      },
      {
        ...{ depth: 1, service: 'shop', name: 'b', kind: 'internal', start: 1, duration: 2.5 },
        ...{ status: undefined, error: undefined, events: [] },
      },
    ]);
  });

  test('tell the first of many events, and of the old names too', async () => {
    const [span] = await treeOf(
      aSpan('a', {
        tags: [tag('http.status_code', 404)],
        logs: Array.from({ length: 7 }, () => ({ fields: retry })),
      }),
    );
    expect(span?.events).toHaveLength(6);
    expect(span?.events.at(-1)).toBe('… 2 more');
    expect(span?.status).toBe('404');
  });
});

describe('the traces that the hub has', () => {
  test('are asked for fifty at a time, and the missing ones again until the time is up', async () => {
    const { hub, asked } = await hubAnswering(200, [{ traceID }, { traceID: 'b'.repeat(16) }]);
    const ids = [traceID, ...Array.from({ length: 60 }, (_, at) => `${at}`.padStart(32, '0'))];
    expect([...(await fetchTracedIds(hub, ids, wait))]).toEqual([
      traceID,
      `${'0'.repeat(16)}${'b'.repeat(16)}`,
    ]);
    expect(asked[0]?.match(/traceID=/g)).toHaveLength(50);
    expect(asked[1]?.match(/traceID=/g)).toHaveLength(11);
    expect(asked.slice(2).join()).not.toContain(traceID);
  });

  test('are none where the hub keeps no traces, and that takes no waiting', async () => {
    const { hub, asked } = await hubAnswering(404, null);
    expect([...(await fetchTracedIds(hub, [traceID, other], wait))]).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  test('are none where it answers nothing', async () => {
    const { hub } = await hubAnswering(200, null);
    expect([...(await fetchTracedIds(hub, [traceID], wait))]).toEqual([]);
    expect([...(await fetchTracedIds(hub, [], wait))]).toEqual([]);
  });
});
