import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Edge, Summary } from '@concordat/api';
import type { Finding } from '@concordat/domain';
import express from 'express';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { EventBacklog } from './event-backlog.ts';
import type { StoredFindingEvent } from './finding-event-store.ts';
import { FindingStream } from './finding-stream.ts';
import { StreamHints } from './stream-hints.ts';

function aFinding(id: string, more: Partial<Finding> = {}): Finding {
  return {
    ...{ id, kind: 'uncovered-call', consumer: 'web', provider: 'shop', environment: undefined },
    ...{ operation: 'GET /x', versions: { consumer: [], provider: [] }, firstSeen: '' },
    ...{ lastSeen: '', count: 1, exemplarTraceId: undefined, exemplarTraceIds: [] },
    ...{ statuses: [], mismatches: [], evidence: { window: 0, calls: 1, sampleRate: 1 } },
    sentence: '',
    life: {
      ...{ state: 'open', openedAt: '', resolvedAt: undefined, resolution: undefined },
      acknowledgement: undefined,
    },
    ...more,
  };
}

const nothing = {
  ...{ kinds: undefined, states: ['open', 'acknowledged', 'resolved'] as const },
  ...{ consumer: undefined, provider: undefined, environment: undefined },
  ...{ operation: undefined, since: undefined },
};

const servers: Server[] = [];
const sockets: Socket[] = [];
const streams: FindingStream[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const stream of streams.splice(0)) await stream.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface World {
  readonly events: StoredFindingEvent[];
  readonly port: number;
  readonly follow: (headers?: string) => Promise<{ said: string; readonly socket: Socket }>;
}

/** A stream over events in memory, that may be written for it at any time. */
async function aWorld(
  options: { readonly heartbeatMs?: number; readonly followers?: number; size?: number } = {},
): Promise<World> {
  const events: StoredFindingEvent[] = [];
  const padding = 'x'.repeat(options.size ?? 0);
  const stream = new FindingStream({
    events: {
      after: async (id, limit) => events.filter((event) => event.id > id).slice(0, limit),
      latest: async (limit) => events.slice(-limit),
    },
    findings: async () =>
      [...new Set(events.map(({ findingId }) => findingId))].map((id) =>
        aFinding(id, { sentence: padding }),
      ),
    hints: { changes: async () => [] } as unknown as StreamHints,
    onError: (error) => {
      throw error;
    },
    options: {
      ...{ pollMs: 10, backlog: 10, heartbeatMs: options.heartbeatMs ?? 60_000 },
      followers: options.followers ?? 5,
    },
  });
  streams.push(stream);
  const app = express();
  app.use((request, response) => {
    stream.follow(request, response, nothing).catch((error: Error) => {
      response.status(503).end(error.message);
    });
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const follow = async (headers = '') => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    const follower = { said: '', socket };
    socket.on('data', (piece) => {
      follower.said += piece.toString();
    });
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`);
    await vi.waitFor(() => expect(follower.said).toContain('\r\n\r\n'), 10_000);
    return follower;
  };
  return { events, port, follow };
}

function anEvent(id: number): StoredFindingEvent {
  return { id, findingId: `f${id}`, kind: 'opened', at: 0, by: undefined, note: undefined };
}

const idsIn = (said: string) =>
  [...said.matchAll(/id: (\d+)\nevent: finding/g)].map(([, id]) => Number(id));

describe('who follows findings', () => {
  test('is told what comes, each once, also what was committed late', async () => {
    const { events, follow } = await aWorld();
    events.push(anEvent(1), anEvent(2));
    const follower = await follow();
    await vi.waitFor(() => expect(follower.said).toContain('id: 2\nevent: ready'), 10_000);
    events.push(anEvent(4));
    await vi.waitFor(() => expect(idsIn(follower.said)).toEqual([4]), 10_000);
    events.splice(2, 0, anEvent(3));
    await vi.waitFor(() => expect(idsIn(follower.said)).toEqual([4, 3]), 10_000);
    expect(follower.said).toContain('retry: 3000');
  });

  test.each([
    ['3', [4, 5], false],
    ['0', [1, 2, 3, 4, 5], false],
    ['5', [], false],
    ['99', [], true],
    ['nonsense', [1, 2, 3, 4, 5], false],
  ])('goes on after event %s', async (...[id, expected, isLost]) => {
    const { events, follow } = await aWorld();
    events.push(...[1, 2, 3, 4, 5].map(anEvent));
    const follower = await follow(`Last-Event-ID: ${id}\r\n`);
    await vi.waitFor(() => expect(follower.said).toMatch(/event: (ready|resync)/), 10_000);
    await vi.waitFor(() => expect(idsIn(follower.said)).toEqual(expected), 10_000);
    expect(follower.said.includes('event: resync')).toBe(isLost);
  });

  test('reads everything anew when the backlog does not reach back so far', async () => {
    const { events, follow } = await aWorld();
    events.push(...Array.from({ length: 30 }, (_, index) => anEvent(index + 1)));
    const far = await follow('Last-Event-ID: 19\r\n');
    await vi.waitFor(() => expect(far.said).toContain('id: 30\nevent: resync'), 10_000);
    const near = await follow('Last-Event-ID: 20\r\n');
    await vi.waitFor(() => expect(idsIn(near.said)).toHaveLength(10), 10_000);
  });

  test('and reads too slowly costs no memory and is sent to read anew', async () => {
    const { events, follow } = await aWorld({ size: 400_000 });
    const slow = await follow();
    const quick = await follow();
    slow.socket.pause();
    for (let id = 1; id <= 30; id += 1) {
      events.push(anEvent(id));
      await vi.waitFor(() => expect(idsIn(quick.said)).toHaveLength(id), 10_000);
    }
    slow.socket.resume();
    await vi.waitFor(() => expect(slow.said).toContain('event: resync'), 10_000);
    expect(idsIn(slow.said).length).toBeLessThan(30);
    events.push(anEvent(31));
    await vi.waitFor(() => expect(idsIn(slow.said).at(-1)).toBe(31), 10_000);
  });

  test('hears that the hub is still there', async () => {
    const { follow } = await aWorld({ heartbeatMs: 1 });
    const follower = await follow();
    await vi.waitFor(() => expect(follower.said).toContain(': still here'), 10_000);
  });

  test('is one of a bounded number', async () => {
    const { follow } = await aWorld({ followers: 1 });
    await follow();
    expect((await follow()).said).toContain('503');
  });

  test('nobody, nothing is asked for; the next starts anew', async () => {
    const { events, follow } = await aWorld();
    const first = await follow();
    first.socket.destroy();
    events.push(anEvent(1));
    await vi.waitFor(async () => {
      const again = await follow();
      expect(again.said).toContain('id: 1\nevent: ready');
    }, 10_000);
  });
});

describe('the backlog', () => {
  const entry = (id: number) => ({ id, text: '', finding: aFinding(`f${id}`) });

  test('started anew has nothing of before', () => {
    const backlog = new EventBacklog(3);
    backlog.start([entry(1), entry(2)], true);
    expect(backlog.at(0)).toMatchObject({ id: 1 });
    backlog.start([entry(8), entry(9)], false);
    expect([backlog.at(0), backlog.at(backlog.end)]).toEqual(['lost', undefined]);
    expect([backlog.has(2), backlog.has(9), backlog.lastId]).toEqual([false, true, 9]);
    expect([backlog.after(6), backlog.after(7), backlog.after(9)]).toEqual([
      ...['lost', backlog.end - 2, backlog.end],
    ]);
  });
});

describe('hints', () => {
  const summary = { services: 1, edges: 1, calls: 1, findings: {} } as unknown as Summary;
  const edge = { consumer: 'web', provider: 'shop', transport: 'http', state: 'kept', calls: 1 };

  test('tell what changed, to whom it is about', async () => {
    let calls = 1;
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => time);
    const hints = new StreamHints({
      summary: async () => ({ ...summary, calls }),
      edges: async () =>
        [
          { ...edge, calls },
          { ...edge, provider: 'mail' },
        ] as unknown as Edge[],
    });
    expect((await hints.changes()).map(({ text }) => text)).toEqual([
      'event: summary\ndata: {"services":1,"edges":1,"calls":1,"findings":{}}\n\n',
    ]);
    calls = 2;
    expect(await hints.changes()).toEqual([]);
    time = 10_000;
    const [total, changed, ...more] = await hints.changes();
    expect(more).toEqual([]);
    expect([total?.text, changed?.text]).toEqual([
      expect.stringContaining('"calls":2'),
      expect.stringMatching(/^event: edge\ndata: \{"consumer":"web","provider":"shop".*"calls":2/),
    ]);
    expect(total?.isFor({ ...nothing, provider: 'mail' })).toBe(true);
    expect(
      [nothing, { ...nothing, provider: 'mail' }, { ...nothing, consumer: 'app' }].map((filter) =>
        changed?.isFor(filter),
      ),
    ).toEqual([true, false, false]);
    time = 20_000;
    expect(await hints.changes()).toEqual([]);
  });
});
