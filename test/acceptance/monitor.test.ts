// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  aSpan,
  eventSpans,
  otlpBody,
  randomId,
  requestSpans,
  type Sender,
  type SentSpans,
} from './observed-traffic.ts';
import { createDatabase, type OwnDatabase, relationalDatabases } from './relational-databases.ts';
import { spansHere, startTestHub, type TestHub } from './start-hub.ts';

const web: Sender = { name: 'web', version: '1', environment: 'production' };
const shop: Sender = { name: 'shop', version: '7', environment: 'production' };
const mail: Sender = { name: 'mail', version: '3', environment: 'production' };

interface Envelope {
  readonly data: unknown;
  readonly errors: readonly { readonly code: number; readonly msg: string }[] | null;
}

async function send(hub: TestHub, spans: readonly SentSpans[]): Promise<void> {
  const answer = await fetch(`${hub.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpBody(spans),
  });
  expect(answer.status).toBe(200);
}

async function ask<T>(hub: TestHub, path: string): Promise<T> {
  const answer = await fetch(`${hub.url}${path}`);
  return (await answer.json()) as T;
}

function request(status = 200): readonly SentSpans[] {
  return requestSpans({ consumer: web, provider: shop, request: 'GET /v1/orders/7', status });
}

describe.each(relationalDatabases)('what services do, on %s', (database) => {
  let own: OwnDatabase;
  let first: TestHub;
  let second: TestHub;

  beforeAll(async () => {
    own = await createDatabase(database);
    const flags = own.url === undefined ? {} : { databaseUrl: own.url };
    const env = { ...spansHere, CONCORDAT_PAIRING_WINDOW_SECONDS: '1' };
    first = await startTestHub({ env, flags });
    // A SQLite file has one hub; on PostgreSQL two hubs share what they count.
    second = own.url === undefined ? first : await startTestHub({ env, flags });
    await send(first, [...request(), ...request(500)]);
    await send(second, [...request(), ...request()]);
    await send(first, eventSpans({ consumer: mail, provider: shop, event: 'order.placed' }));
    const lonely = aSpan('client', {
      traceId: randomId(16),
      spanId: randomId(8),
      attributes: {
        'http.request.method': 'GET',
        'url.full': 'http://bank.example/rates',
        'server.address': 'bank.example',
      },
    });
    await send(first, [{ sender: shop, spans: [lonely] }]);
  });

  afterAll(async () => {
    await second.close();
    if (first !== second) await first.close();
    await own.drop();
  });

  async function dependencies(query = ''): Promise<unknown> {
    return (await ask<Envelope>(first, `/api/dependencies${query}`)).data;
  }

  describe('dependencies', () => {
    test('go from who called or sent to who answered or received, all hubs together', async () => {
      await vi.waitFor(
        async () =>
          expect(await dependencies()).toEqual([
            { parent: 'shop', child: 'mail', callCount: 1 },
            { parent: 'web', child: 'shop', callCount: 4 },
          ]),
        10_000,
      );
    });

    test('of one service are those on either side of it', async () => {
      await vi.waitFor(
        async () =>
          expect(await dependencies('?service=mail')).toEqual([
            { parent: 'shop', child: 'mail', callCount: 1 },
          ]),
        10_000,
      );
      expect(await dependencies('?service=nobody')).toEqual([]);
    });

    test('with peers that send no spans are told when they are asked for', async () => {
      await vi.waitFor(
        async () =>
          expect(await dependencies('?virtual=true')).toContainEqual({
            parent: 'shop',
            child: 'bank.example',
            callCount: 1,
          }),
        10_000,
      );
    });

    test('are those of the time that is asked for', async () => {
      const hourAgo = Date.now() - 3_600_000;
      expect(await dependencies(`?endTs=${hourAgo}&lookback=60000`)).toEqual([]);
    });

    test.each([
      ['endTs=soon', "unable to parse param 'endTs'"],
      ['lookback=1.5', "unable to parse param 'lookback'"],
      ['lookback=-1', "unable to parse param 'lookback'"],
    ])('%s is refused', async (query, words) => {
      const { data, errors } = await ask<Envelope>(first, `/api/dependencies?${query}`);
      expect(data).toBeNull();
      expect(errors?.[0]).toMatchObject({ code: 400, msg: expect.stringContaining(words) });
    });
  });
});
