import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPact, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

interface Links {
  readonly consumer: { readonly name: string };
  readonly provider: { readonly name: string };
}

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;
  const publish = (consumer: string, provider: string, version = '1') =>
    ask(
      hub,
      `PUT /pacts/provider/${encodeURIComponent(provider)}/consumer/${consumer}/version/${version}`,
      { json: aPact({ consumer: { name: consumer }, provider: { name: provider } }) },
    );
  const pairs = async (query = ''): Promise<readonly string[]> => {
    const { body } = await ask(hub, `GET /integrations${query}`);
    return body._embedded.integrations.map(
      ({ consumer, provider }: Links) => `${consumer.name} ${provider.name}`,
    );
  };
  const text = async (path: string, accept: string): Promise<readonly string[]> =>
    (await ask(hub, `GET ${path}`, { headers: { accept } })).text.split('\n');

  /** web and app use shop, shop uses bank and "big store"; robot uses mill. */
  beforeAll(async () => {
    hub = await startHubOn(database);
    for (const [consumer, provider] of [
      ['web', 'shop'],
      ['app', 'shop'],
      ['shop', 'bank'],
      ['shop', 'big store'],
      ['robot', 'mill'],
    ] as const) {
      await publish(consumer, provider);
    }
  });

  afterAll(() => hub.close());

  test.each([
    ['', ['robot mill', 'shop big store', 'shop bank', 'app shop', 'web shop']],
    ['?q=WEB', ['web shop']],
    ['?q=b', ['robot mill', 'shop big store', 'shop bank', 'web shop']],
    ['?q=nothing', []],
    ['?page=2&size=2', ['shop bank', 'app shop']],
    ['?q=shop&page=2&size=3', ['web shop']],
  ])('the list with %j', async (query, expected) => {
    expect(await pairs(query)).toEqual(expected);
  });

  test('a page tells its place, and a page that is none is refused', async () => {
    const { body } = await ask(hub, 'GET /integrations?pageNumber=1&pageSize=2');
    expect(body.page).toEqual({ number: 1, size: 2, totalElements: 5, totalPages: 3 });
    expect(body._links.next.href).toBe(`${hub.url}/integrations?size=2&page=2`);
    const refused = await ask(hub, 'GET /integrations?pageNumber=0');
    expect([refused.status, refused.body]).toEqual([
      400,
      { errors: { pageNumber: ['must be greater than or equal to 1'] } },
    ]);
  });

  test('who names no type gets a graph, with names quoted that are no plain word', async () => {
    expect((await text('/integrations', '*/*')).slice(1, 4)).toEqual([
      '  robot -> mill',
      '  shop -> "big store"',
      '  shop -> bank',
    ]);
    expect((await ask(hub, 'GET /integrations.json')).body._embedded.integrations).toHaveLength(5);
  });

  test.each([
    ['/relationships', ['app', 'shop', 'robot', 'mill', 'bank', 'big store', 'web']],
    ['/relationships.csv', ['app', 'shop', 'robot', 'mill', 'bank', 'big store', 'web']],
    ['/groups/bank', ['app', 'shop', 'bank', 'big store', 'web']],
    ['/groups/robot.csv', ['robot', 'mill']],
    ['/groups/bank?maxPacticipants=2', ['shop', 'bank']],
    ['/groups/bank?maxPacticipants=1', []],
  ])('%s has a line for each of %j', async (path, expected) => {
    const lines = await text(path, 'text/csv');
    expect(
      lines
        .slice(0, -1)
        .map((line) => line.split(',')[1])
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  test('a line of the CSV points at the lines of its providers', async () => {
    const lines = (await text('/relationships', 'text/csv')).map((line) => line.split(','));
    const shop = lines.find(([, name]) => name === 'shop') ?? [];
    const ids = ['bank', 'big store'].map((name) => lines.find((line) => line[1] === name)?.[0]);
    expect(shop.slice(2)).toEqual(['1', '1', '0', '2', ...ids]);
  });

  test.each([
    ['GET /groups/ghost', 404, "No pacticipant with name 'ghost' found"],
    [
      'DELETE /integrations/provider/ghost/consumer/web',
      404,
      "No provider with name 'ghost' found",
    ],
    [
      'DELETE /integrations/provider/shop/consumer/ghost',
      404,
      "No consumer with name 'ghost' found",
    ],
  ])('%s is %i', async (target, status, error) => {
    const answer = await ask(hub, target, { headers: { accept: '*/*' } });
    expect([answer.status, answer.body]).toEqual([status, { error }]);
  });

  test.each([
    ['GET /integrations/provider/shop/consumer/web', 405],
    ['DELETE /integrations/provider/shop/consumer/web', 406],
    ['GET /groups/bank?maxPacticipants=0', 406],
  ])('%s with the usual Accept is %i', async (target, status) => {
    expect((await ask(hub, target)).status).toBe(status);
  });

  test.each(['0', '-1', 'x'])('a group of at most %s pacticipants is refused', async (limit) => {
    const target = `GET /groups/bank?maxPacticipants=${limit}`;
    const { status, body } = await ask(hub, target, { headers: { accept: 'text/csv' } });
    expect([status, Object.keys(body.errors)]).toEqual([400, ['maxPacticipants']]);
  });

  describe('taking integrations away', () => {
    const remove = (path: string) =>
      ask(hub, `DELETE /integrations${path}`, { headers: { accept: '*/*' } });
    const status = async (path: string) => (await ask(hub, `GET ${path}`)).status;

    test('takes its pacts, and who is left without any trace, but nothing that is recorded', async () => {
      const environment = await ask(hub, 'POST /environments', {
        json: { name: 'elsewhere', displayName: 'Elsewhere', production: false },
      });
      const path = `/pacticipants/web/versions/1/deployed-versions/environment/${environment.body.uuid}`;
      await ask(hub, `POST ${path}`, { json: {} });
      expect((await remove('/provider/mill/consumer/robot')).status).toBe(204);
      expect((await remove('/provider/shop/consumer/web')).status).toBe(204);
      expect(
        await Promise.all(['robot', 'mill'].map((name) => status(`/pacticipants/${name}`))),
      ).toEqual([404, 404]);
      expect(await status('/pacts/provider/shop/consumer/web/latest')).toBe(404);
      expect(await status('/pacts/provider/shop/consumer/app/latest')).toBe(200);
      expect(await status('/pacticipants/web/versions/1')).toBe(200);
      expect((await remove('/provider/mill/consumer/robot')).status).toBe(404);
    });

    test('takes its webhooks; a side that another webhook names stays', async () => {
      await publish('robot', 'mill');
      const add = (parties: object) =>
        ask(hub, 'POST /webhooks', {
          json: {
            ...parties,
            events: [{ name: 'contract_content_changed' }],
            request: { method: 'POST', url: 'https://hooks.example.org/' },
          },
        });
      const mill = { provider: { name: 'mill' } };
      const own = await add({ ...mill, consumer: { name: 'robot' } });
      const others = await add(mill);
      expect((await remove('/provider/mill/consumer/robot')).status).toBe(204);
      const pathOf = ({ headers }: typeof own) => new URL(headers.get('location') ?? '').pathname;
      expect([await status(pathOf(own)), await status(pathOf(others))]).toEqual([404, 200]);
      expect(await status('/pacticipants/robot')).toBe(404);
      expect(await status('/pacticipants/mill')).toBe(200);
    });

    test('all of them', async () => {
      expect((await ask(hub, 'DELETE /integrations')).status).toBe(204);
      expect(await pairs()).toEqual([]);
      expect((await ask(hub, 'GET /pacts/latest')).body.pacts).toEqual([]);
      expect(await status('/pacticipants/shop')).toBe(404);
      expect(await status('/pacticipants/web')).toBe(200);
    });
  });
});
