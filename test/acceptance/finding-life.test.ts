// Runs on SQLite and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL.
import {
  createInsightsClient,
  type FindingDetailResource,
  type FindingResource,
} from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  eventSpans,
  otlpBody,
  requestSpans,
  type Sender,
  type SentSpans,
} from './observed-traffic.ts';
import { createDatabase, type OwnDatabase, relationalDatabases } from './relational-databases.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';

const WAIT = { timeout: 15_000, interval: 100 };
const env = {
  ...withEnvironments,
  CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
  CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
};

interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, never>> & {
    readonly event?: { readonly kind: string };
    readonly finding?: FindingResource;
  };
}

/** Reads a stream as browsers do; `events` grows. */
class StreamReader {
  readonly events: StreamEvent[] = [];
  readonly #stop = new AbortController();
  /** `cut` when the connection broke before the answer's end. */
  ended: Promise<'end' | 'cut'> = Promise.resolve('end');

  async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const accept = 'text/event-stream';
    const { signal } = this.#stop;
    const response = await fetch(url, { headers: { accept, ...headers }, signal });
    this.ended = this.#read(response).then(
      () => 'end',
      () => 'cut',
    );
    return response;
  }

  close(): void {
    this.#stop.abort();
  }

  turns(): readonly string[] {
    return this.events.flatMap(({ data }) =>
      data.event === undefined ? [] : [`${data.event.kind} ${data.finding?.kind}`],
    );
  }

  async #read(response: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const pieces = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split(
        '\n\n',
      );
      rest = pieces.pop() ?? '';
      for (const piece of pieces) this.#take(piece);
    }
  }

  #take(piece: string): void {
    const field = (name: string) =>
      piece
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const event = field('event');
    if (event === undefined) return;
    this.events.push({ id: field('id'), event, data: JSON.parse(field('data') ?? '{}') });
  }
}

describe.each(relationalDatabases)('findings on %s', (kind) => {
  let database: OwnDatabase;
  let hub: TestHub;
  let other: TestHub | undefined;

  beforeAll(async () => {
    database = await createDatabase(kind);
    const flags = database.url === undefined ? {} : { databaseUrl: database.url };
    hub = await startTestHub({ env, flags });
    other = database.url === undefined ? undefined : await startTestHub({ env, flags });
  });
  afterAll(async () => {
    await other?.close();
    await hub.close();
    await database.drop();
  });

  const web = (name: string): Sender => ({ name: `${name} web`, version: 'c1' });
  const shop = (name: string): Sender => ({ name: `${name} shop`, version: 'p1' });

  async function ask(method: string, path: string, json?: unknown): Promise<Response> {
    return await fetch(`${hub.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json, */*' },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
  }

  async function publish(name: string, content: object, version = 'c1'): Promise<void> {
    const [consumer, provider] = [web(name).name, shop(name).name];
    const path = `/pacts/provider/${encodeURIComponent(provider)}/consumer/${encodeURIComponent(consumer)}/version/${version}`;
    const pact = { consumer: { name: consumer }, provider: { name: provider }, ...content };
    expect((await ask('PUT', path, pact)).status).toBeLessThan(300);
  }

  async function send(spans: readonly SentSpans[], to = hub): Promise<void> {
    const response = await fetch(`${to.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans),
    });
    expect(response.status).toBe(200);
  }

  const calls = (name: string, request: string, more = {}) =>
    requestSpans({ consumer: web(name), provider: shop(name), request, ...more });

  const sends = (name: string, event: string) =>
    eventSpans({ consumer: web(name), provider: shop(name), event });

  async function told(name: string, query = ''): Promise<readonly FindingResource[]> {
    const answer = await ask('GET', `/insights/findings?size=1000${query}`);
    expect(answer.status).toBe(200);
    const { findings } = (await answer.json()) as { findings: FindingResource[] };
    return findings.filter(({ provider }) => provider === shop(name).name);
  }

  async function one(name: string, query = ''): Promise<FindingResource> {
    return await vi.waitFor(async () => {
      const [found, ...more] = await told(name, query);
      expect(more).toEqual([]);
      if (found === undefined) throw new Error('not found yet');
      return found;
    }, WAIT);
  }

  const detail = (id: string): Promise<FindingDetailResource> =>
    createInsightsClient(hub.url, fetch).finding(id);

  const get = (path: string) => ({
    interactions: [
      { description: path, request: { method: 'GET', path }, response: { status: 200 } },
    ],
  });

  test('open, are acknowledged for a time, are resolved by a pact and open again', async () => {
    await publish('life', get('/v1/orders'));
    await send(calls('life', 'GET /v1/carts', { route: '/v1/carts' }));
    const { id, ...opened } = await one('life');
    expect(opened).toMatchObject({ state: 'open', resolvedAt: null, acknowledgement: null });

    const path = `/insights/findings/${id}/acknowledgement`;
    const until = '2999-01-01T00:00:00.000Z';
    const said = { by: 'ada', reason: 'a pact is on its way', until };
    const answer = await ask('PUT', path, said);
    expect(await answer.json()).toMatchObject({ id, state: 'acknowledged', acknowledgement: said });
    expect(await told('life')).toEqual([]);
    expect(await told('life', '&state=open,acknowledged')).toMatchObject([{ id }]);
    expect((await createInsightsClient(hub.url, fetch).summary()).findings).not.toHaveProperty(
      'uncovered-call',
    );
    expect((await ask('DELETE', path)).status).toBe(204);
    expect(await told('life')).toMatchObject([{ id, state: 'open' }]);

    await publish('life', get('/v1/carts'), 'c2');
    await vi.waitFor(async () => expect(await told('life')).toEqual([]), WAIT);
    const resolved = await one('life', '&state=resolved');
    expect(resolved).toMatchObject({ id, state: 'resolved', resolution: 'agrees' });

    await publish('life', get('/v1/orders'), 'c3');
    await send(calls('life', 'GET /v1/carts', { route: '/v1/carts' }));
    expect(await one('life')).toMatchObject({
      ...{ id, count: 2, openedAt: opened.openedAt, resolvedAt: null },
    });
    const { history, exemplarTraceIds } = await detail(id);
    expect(exemplarTraceIds).toHaveLength(2);
    expect(history.map((event) => [event.kind, event.by, event.note])).toEqual([
      ['opened', null, null],
      ['acknowledged', 'ada', 'a pact is on its way'],
      ['unacknowledged', 'somebody', null],
      ['resolved', null, 'agrees'],
      ['reopened', null, null],
    ]);
    const { entries } = (await (await ask('GET', '/audit?action=finding')).json()) as {
      entries: { action: string; pacticipants: string[] }[];
    };
    expect(entries.map(({ action }) => action)).toEqual([
      'finding.unacknowledge',
      'finding.acknowledge',
    ]);
    expect(entries[0]?.pacticipants).toEqual([web('life').name, shop('life').name]);
  });

  test.each([
    ['no reason', { by: 'ada' }, 400],
    ['nobody', { reason: 'known' }, 400],
    ['an empty reason', { by: 'ada', reason: ' ' }, 400],
    ['a time that is over', { by: 'ada', reason: 'known', until: '2020-01-01' }, 400],
    ['no time', { by: 'ada', reason: 'known', until: 'tomorrow' }, 400],
    ['more than is known', { by: 'ada', reason: 'known', forever: true }, 400],
    ['a finding that is none', { by: 'ada', reason: 'known' }, 404],
  ])('are not acknowledged with %s', async (...[, body, status]) => {
    const answer = await ask('PUT', '/insights/findings/none/acknowledgement', body);
    expect(answer.status).toBe(status);
    expect((await ask('GET', '/insights/findings/none')).status).toBe(404);
    expect((await ask('DELETE', '/insights/findings/none/acknowledgement')).status).toBe(404);
  });

  test.each(['kind=lost', 'state=shut', 'since=soon', 'colour=red'])(
    'are not asked for by %s',
    async (query) => {
      expect((await ask('GET', `/insights/findings?${query}`)).status).toBe(400);
    },
  );

  test('tell events that their sender does not declare, and declared ones that never come', async () => {
    const message = (routingKey: string) => ({
      ...{ type: 'Asynchronous/Messages', description: routingKey, metadata: { routingKey } },
      contents: { content: { id: '1' }, contentType: 'application/json', encoded: false },
    });
    await publish('events', {
      interactions: [message('order.placed'), message('order.lost')],
      metadata: { pactSpecification: { version: '4.0' } },
    });
    const declare = (...addresses: readonly string[]) => ({
      ...{ asyncapi: '3.0.0', info: { title: 'shop', version: '1' } },
      channels: Object.fromEntries(
        addresses.map((address, index) => [`c${index}`, { address, messages: {} }]),
      ),
      operations: Object.fromEntries(
        addresses.map((_, index) => [
          `o${index}`,
          { action: 'send', channel: { $ref: `#/channels/c${index}` } },
        ]),
      ),
    });
    const document = `/contracts/provider/${encodeURIComponent(shop('events').name)}/version/p1`;
    expect((await ask('PUT', document, declare('order.placed', 'order.paid'))).status).toBe(201);
    await send(Array.from({ length: 25 }, () => sends('events', 'order.placed')).flat());
    await send(sends('events', 'order.lost'));
    await vi.waitFor(async () => {
      expect(await told('events')).toMatchObject([
        { kind: 'undeclared-event', consumer: null, operation: 'send order.lost' },
        { kind: 'silent-event', consumer: null, operation: 'send order.paid', count: 0 },
      ]);
    }, WAIT);
    const later = document.replace(/p1$/, 'p2');
    expect((await ask('PUT', later, declare('order.placed', 'order.lost'))).status).toBe(201);
    await vi.waitFor(async () => expect(await told('events')).toEqual([]), WAIT);
    expect(await told('events', '&state=resolved')).toHaveLength(2);
  });

  test('are told to whoever follows, within seconds, and again from where he was', async () => {
    const name = `${kind} stream`;
    await publish(name, get('/v1/orders'));
    const query = `provider=${encodeURIComponent(shop(name).name)}`;
    const reader = new StreamReader();
    const response = await reader.open(`${hub.url}/insights/stream?${query}`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await vi.waitFor(() => expect(reader.events[0]?.event).toBe('ready'), WAIT);

    await send(calls(name, 'GET /v1/carts', { route: '/v1/carts' }), other ?? hub);
    await vi.waitFor(() => expect(reader.turns()).toEqual(['opened uncovered-call']), WAIT);
    const opened = reader.events.find(({ event }) => event === 'finding');
    const id = opened?.data.finding?.id ?? '';
    await ask('PUT', `/insights/findings/${id}/acknowledgement`, { by: 'ada', reason: 'known' });
    await vi.waitFor(() => expect(reader.turns()).toContain('acknowledged uncovered-call'), WAIT);
    await vi.waitFor(
      () => expect(reader.events.map(({ event }) => event)).toContain('summary'),
      WAIT,
    );
    reader.close();

    const again = new StreamReader();
    await again.open(`${hub.url}/insights/stream?${query}`, { 'last-event-id': opened?.id ?? '' });
    await vi.waitFor(() => expect(again.turns()).toEqual(['acknowledged uncovered-call']), WAIT);
    again.close();

    const lost = new StreamReader();
    await lost.open(`${hub.url}/insights/stream?lastEventId=999999`);
    await vi.waitFor(() => expect(lost.events[0]?.event).toBe('resync'), WAIT);
    lost.close();
  });

  test('are followed only by filters that there are', async () => {
    expect((await ask('GET', '/insights/stream?kind=lost')).status).toBe(400);
  });
});

test('a hub that closes ends its streams, and cuts none', async () => {
  const hub = await startTestHub({ env });
  const reader = new StreamReader();
  await reader.open(`${hub.url}/insights/stream`);
  await hub.close();
  expect(await reader.ended).toBe('end');
});
