import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aPublication, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

/** On SQLite, and on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL when there is one. */
describe.each(relationalDatabases)('on %s', (database) => {
  let hub: TestHub;

  beforeEach(async () => {
    hub = await startHubOn(database);
  });

  afterEach(() => hub.close());

  const empty = { headers: { 'content-type': 'application/json' } };

  describe('pacticipants', () => {
    test('are created, replaced, patched and deleted', async () => {
      const created = await ask(hub, 'POST /pacticipants', {
        json: { name: 'a/b', mainBranch: 'main' },
      });
      expect([created.status, created.headers.get('location')]).toEqual([
        201,
        `${hub.url}/pacticipants/a%2Fb`,
      ]);
      const replaced = await ask(hub, 'PUT /pacticipants/a%2Fb', {
        json: { name: 'ignored', repositoryUrl: 'u' },
      });
      expect(replaced.body).toMatchObject({ name: 'a/b', displayName: 'A/b', repositoryUrl: 'u' });
      expect(replaced.body.mainBranch).toBeUndefined();
      const type = { headers: { 'content-type': 'application/merge-patch+json' } };
      const patched = await ask(hub, 'PATCH /pacticipants/a%2Fb', {
        json: { displayName: 'B' },
        ...type,
      });
      expect(patched.body).toMatchObject({ displayName: 'B', repositoryUrl: 'u' });
      expect((await ask(hub, 'PATCH /pacticipants/new', { json: {} })).status).toBe(201);
      expect((await ask(hub, 'PUT /pacticipants/none', { json: {} })).status).toBe(404);
      expect((await ask(hub, 'DELETE /pacticipants/a%2Fb')).status).toBe(204);
      expect((await ask(hub, 'DELETE /pacticipants/a%2Fb')).status).toBe(404);
    });

    test('are listed in pages, searched and found by label', async () => {
      for (const name of ['b', 'A', 'c']) await ask(hub, 'POST /pacticipants', { json: { name } });
      await ask(hub, 'PUT /pacticipants/b/labels/x%2Fy', empty);
      const { body } = await ask(hub, 'GET /pacticipants?page=2&size=1');
      expect(body.page).toEqual({ number: 2, size: 1, totalElements: 3, totalPages: 3 });
      expect(body.pacticipants[0].name).toBe('b');
      expect(body._links.next.href).toBe(`${hub.url}/pacticipants?size=1&page=3`);
      expect(body._links.previous.href).toBe(`${hub.url}/pacticipants?size=1&page=1`);
      const found = await ask(hub, 'GET /pacticipants?q=C');
      expect(found.body._embedded.pacticipants).toHaveLength(1);
      const labelled = await ask(hub, 'GET /pacticipants/label/x%2Fy');
      expect(labelled.body._embedded.pacticipants[0]._embedded.labels[0].name).toBe('x/y');
      const paged = await ask(hub, 'GET /pacticipants/label/x%2Fy?size=1');
      expect(paged.body.page).toMatchObject({ size: 1, totalElements: 1 });
      expect((await ask(hub, 'GET /labels')).body._embedded.labels).toEqual([{ name: 'x/y' }]);
      expect((await ask(hub, 'PUT /pacticipants/b/labels/x%2Fy', empty)).status).toBe(200);
      expect((await ask(hub, 'GET /pacticipants/b/labels/x%2Fy')).body.name).toBe('x/y');
      expect((await ask(hub, 'DELETE /pacticipants/b/labels/x%2Fy')).status).toBe(204);
      expect((await ask(hub, 'DELETE /pacticipants/b/labels/x%2Fy')).status).toBe(404);
      expect((await ask(hub, 'GET /pacticipants/ghost/labels/x')).status).toBe(404);
    });

    test('a deleted one takes its pacts with it', async () => {
      await ask(hub, 'POST /contracts/publish', { json: aPublication() });
      await ask(hub, 'DELETE /pacticipants/web');
      expect((await ask(hub, 'GET /pacts/latest')).body.pacts).toEqual([]);
      expect((await ask(hub, 'GET /pacticipants/shop')).status).toBe(200);
    });
  });

  describe('what cannot be a pacticipant', () => {
    test.each<[unknown, Record<string, readonly string[]>]>([
      [{}, { name: ['is missing'] }],
      [{ name: ' ' }, { name: ['cannot be blank', 'cannot be blank'] }],
      [{ name: 1 }, { name: ['must be a string'] }],
      [
        { name: 'a\nb' },
        { name: ['cannot contain multiple lines', 'cannot contain multiple lines'] },
      ],
      [{ name: 'a', mainBranch: 'b c' }, { mainBranch: ['cannot contain spaces'] }],
      [{ name: 'a', displayName: '' }, { displayName: ['cannot be blank'] }],
      [{ name: 'a', repositoryUrl: 'a\nb' }, { repositoryUrl: ['cannot contain multiple lines'] }],
      [{ name: 'a', repositoryName: 1 }, { repositoryName: ['must be a string'] }],
    ])('%j is refused with every reason', async (json, errors) => {
      const { status, body } = await ask(hub, 'POST /pacticipants', { json });
      expect([status, body.errors]).toEqual([400, errors]);
    });

    test.each([
      ['"hello"', 'String'],
      ['[1]', 'Array'],
      ['1', 'Integer'],
      ['1.5', 'Float'],
      ['true', 'TrueClass'],
      ['false', 'FalseClass'],
      ['null', 'NilClass'],
    ])('the JSON %s is called %s', async (raw, name) => {
      const { status, body } = await ask(hub, 'POST /pacticipants', { raw });
      const error = `RuntimeError - Expected JSON Object in request body but found ${name}`;
      expect([status, body.error]).toEqual([400, error]);
    });
  });

  describe('versions, branches and tags', () => {
    const V = '/pacticipants/web/versions';
    const B = '/pacticipants/web/branches';

    test('PUT of a version clears what PATCH keeps', async () => {
      const first = await ask(hub, `PUT ${V}/1`, {
        json: { buildUrl: 'u', tags: [{ name: 'a' }] },
      });
      expect(first.status).toBe(201);
      const type = { headers: { 'content-type': 'application/merge-patch+json' } };
      const patched = await ask(hub, `PATCH ${V}/1`, { json: { tags: [{ name: 'b' }] }, ...type });
      expect(patched.body).toMatchObject({ buildUrl: 'u', _embedded: { tags: [{ name: 'b' }] } });
      const put = await ask(hub, `PUT ${V}/1`, { json: {} });
      expect([put.body.buildUrl, put.body._embedded.tags.length]).toEqual([undefined, 1]);
      expect(
        (await ask(hub, `PUT ${V}/1`, { json: { tags: 'x', buildUrl: 1 } })).body.errors,
      ).toEqual({
        buildUrl: ['must be a string'],
        tags: ['must be an array of objects with a name'],
      });
    });

    test('the branch head is what was added last, and falls back to the highest version', async () => {
      for (const [branch, version] of [
        ['main', '1'],
        ['main', '2'],
        ['main', '3'],
        ['x', '1'],
      ]) {
        expect((await ask(hub, `PUT ${B}/${branch}/versions/${version}`, empty)).status).toBe(201);
      }
      expect((await ask(hub, `PUT ${B}/main/versions/1`, empty)).status).toBe(200);
      const head = async () => (await ask(hub, `GET ${B}/main/latest-version`)).body.number;
      expect(await head()).toBe('3');
      expect((await ask(hub, `DELETE ${B}/main/versions/3`)).status).toBe(204);
      expect(await head()).toBe('2');
      expect((await ask(hub, `DELETE ${V}/2`)).status).toBe(204);
      expect(await head()).toBe('1');
      const versions = await ask(hub, `GET ${B}/main/versions`);
      expect(versions.body.page.totalElements).toBe(1);
      expect((await ask(hub, `DELETE ${B}/main`)).status).toBe(204);
      expect((await ask(hub, `GET ${B}/main/versions`)).status).toBe(404);
      expect((await ask(hub, `GET ${V}/1`)).status).toBe(200);
    });

    test('many branches go at once, the main branch and the excluded stay', async () => {
      for (const branch of ['main', 'a', 'b', 'c']) {
        await ask(hub, `PUT ${B}/${branch}/versions/1`, empty);
      }
      const { status, body } = await ask(hub, `DELETE ${B}?exclude[]=b`);
      expect(status).toBe(202);
      expect(body.notices[0].text).toBe(
        'Scheduled deletion of 2 branches for pacticipant web. Remaining branches are: main, b',
      );
      const left = await ask(hub, `GET ${B}`);
      expect(left.body._embedded.branches.map((each: { name: string }) => each.name)).toEqual([
        'b',
        'main',
      ]);
    });

    test('the first tag of a fresh version becomes its branch, the second does not', async () => {
      expect((await ask(hub, `PUT ${V}/1/tags/main`, empty)).status).toBe(201);
      expect((await ask(hub, `PUT ${V}/1/tags/other`, empty)).status).toBe(201);
      expect((await ask(hub, `PUT ${V}/1/tags/other`, empty)).status).toBe(200);
      const { body } = await ask(hub, `GET ${V}/1`);
      expect(body._embedded.branchVersions.map((each: { name: string }) => each.name)).toEqual([
        'main',
      ]);
      expect((await ask(hub, 'GET /pacticipants/web')).body.mainBranch).toBe('main');
      expect((await ask(hub, 'GET /pacticipants/web/latest-version/other')).body.number).toBe('1');
      expect(
        (await ask(hub, 'GET /pacticipants/web/tags/other/versions')).body._embedded.versions,
      ).toHaveLength(1);
      expect((await ask(hub, `DELETE ${V}/1/tags/other`)).status).toBe(204);
      expect((await ask(hub, `DELETE ${V}/1/tags/other`)).status).toBe(404);
      expect((await ask(hub, 'GET /pacticipants/web/tags/other/versions')).status).toBe(404);
    });

    test('a main branch that is set is never overwritten', async () => {
      await ask(hub, 'POST /pacticipants', { json: { name: 'web', mainBranch: 'trunk' } });
      await ask(hub, `PUT ${B}/main/versions/1`, empty);
      expect((await ask(hub, 'GET /pacticipants/web')).body.mainBranch).toBe('trunk');
    });
  });
});
