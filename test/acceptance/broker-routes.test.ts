import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPact, aPublication, ask } from './publishing.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';

const METHODS = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'] as const;
const PAIR = '/pacts/provider/shop/consumer/web';
const PROVIDER = '/pacts/provider/shop';
const WEB = '/pacticipants/web';

/**
 * Every route of the Pact Broker with its methods. `$sha`, `$result`, `$environment`, `$deployed`, `$released`, `$webhook`
 * and `$triggered` stand for what the hub was filled with.
 */
const routes: readonly (readonly [path: string, methods: string])[] = [
  ['/', 'GET'],
  ['/contracts/publish', 'POST'],
  ['/diagnostic/status/heartbeat', 'GET'],
  ['/diagnostic/status/dependencies', 'GET'],
  ['/metrics', 'GET'],
  ['/doc/webhooks?context=index', 'GET'],
  ['/hal-browser/browser.html', 'GET'],
  [`${PAIR}/version/1`, 'GET PUT DELETE PATCH'],
  [`${PAIR}/versions/1`, 'GET PUT DELETE PATCH'],
  ['/pact/provider/shop/consumer/web/version/1', 'GET PUT DELETE PATCH'],
  [`${PAIR}/pact-version/$sha`, 'GET'],
  [`${PAIR}/pact-version/$sha/metadata/Y3Y9MQ`, 'GET'],
  [`${PAIR}/pact-version/$sha/metadata/not-ours`, 'GET'],
  [`${PAIR}/pact-version/$sha/verification-results`, 'POST'],
  [`${PAIR}/pact-version/$sha/metadata/Y3Y9MQ/verification-results`, 'POST'],
  [`${PAIR}/pact-version/$sha/verification-results/latest`, 'GET DELETE'],
  [`${PAIR}/pact-version/$sha/verification-results/$result`, 'GET DELETE'],
  [`${PAIR}/pact-version/$sha/metadata/Y3Y9MQ/verification-results/$result`, 'GET DELETE'],
  [`${PAIR}/pact-version/$sha/verification-results/$result/triggered-webhooks`, 'GET'],
  [`${PAIR}/version/1/verification-results/latest`, 'GET'],
  [`${PAIR}/latest/verification-results/latest`, 'GET'],
  [`${PAIR}/latest/prod/verification-results/latest`, 'GET'],
  [`${PAIR}/latest`, 'GET'],
  [`${PAIR}/latest/prod`, 'GET'],
  [`${PAIR}/latest-untagged`, 'GET'],
  [`${PAIR}/branch/main/latest`, 'GET'],
  ['/pact/provider/shop/consumer/web/latest', 'GET'],
  [`${PAIR}/versions`, 'GET DELETE'],
  [`${PAIR}/tag/prod`, 'GET DELETE'],
  [`${PAIR}/branch`, 'GET'],
  [`${PAIR}/branch/latest`, 'GET'],
  [`${PAIR}/branch/versions`, 'GET'],
  [`${PAIR}/branch/main`, 'GET DELETE'],
  [`${PAIR}/branch/latest/versions`, 'GET'],
  [`${PAIR}/branch/main/latest/versions`, 'GET'],
  [`${PAIR}/version/2/previous-distinct`, 'GET'],
  [`${PAIR}/version/2/diff/previous-distinct`, 'GET'],
  [`${PAIR}/version/2/diff/version/1`, 'GET'],
  [`${PAIR}/pact-version/$sha/diff/pact-version/$sha`, 'GET'],
  [`${PAIR}/version/1/triggered-webhooks`, 'GET'],
  [`${PAIR}/webhooks`, 'GET POST'],
  [`${PAIR}/webhooks/status`, 'GET'],
  [`${PAIR}/latest/badge`, 'GET'],
  [`${PAIR}/latest/badge.svg`, 'GET'],
  [`${PAIR}/latest/prod/badge.svg`, 'GET'],
  [`${PAIR}/latest-untagged/badge.svg`, 'GET'],
  [`${PROVIDER}/for-verification`, 'GET POST'],
  [`${PROVIDER}/latest`, 'GET'],
  [`${PROVIDER}/latest/prod`, 'GET'],
  [PROVIDER, 'GET'],
  [`${PROVIDER}/tag/prod`, 'GET'],
  [`${PROVIDER}/branch`, 'GET'],
  [`${PROVIDER}/branch/latest`, 'GET'],
  [`${PROVIDER}/branch/main`, 'GET'],
  [`${PROVIDER}/branch/main/latest`, 'GET'],
  [`${PROVIDER}/provider-states`, 'GET'],
  [`${PROVIDER}/provider-states/branch/main`, 'GET'],
  [`${PROVIDER}/provider-states/environment/test`, 'GET'],
  ['/pacts/latest', 'GET'],
  ['/pacticipants', 'GET POST'],
  ['/pacticipants/label/front', 'GET'],
  [WEB, 'GET PUT PATCH DELETE'],
  [`${WEB}/labels/front`, 'GET PUT DELETE'],
  ['/labels', 'GET'],
  [`${WEB}/versions`, 'GET'],
  [`${WEB}/versions/1`, 'GET PUT PATCH DELETE'],
  [`${WEB}/latest-version`, 'GET'],
  [`${WEB}/latest-version/prod`, 'GET'],
  [`${WEB}/versions/1/tags/prod`, 'GET PUT DELETE'],
  [`${WEB}/tags/prod/versions`, 'GET'],
  [`${WEB}/branches`, 'GET DELETE'],
  [`${WEB}/branches/main`, 'GET DELETE'],
  [`${WEB}/branches/main/versions`, 'GET'],
  [`${WEB}/branches/main/latest-version`, 'GET'],
  [`${WEB}/branches/main/versions/1`, 'GET PUT DELETE'],
  [`${WEB}/environments/$environment/versions`, 'GET'],
  [`${WEB}/latest-version/prod/can-i-deploy/to/live`, 'GET'],
  [`${WEB}/latest-version/prod/can-i-deploy/to/live/badge.svg`, 'GET'],
  [`${WEB}/branches/main/latest-version/can-i-deploy/to-environment/test`, 'GET'],
  [`${WEB}/branches/main/latest-version/can-i-deploy/to-environment/test/badge`, 'GET'],
  [`${WEB}/main-branch/can-i-merge/badge`, 'GET'],
  ['/matrix?q[][pacticipant]=web&q[][version]=1', 'GET'],
  ['/can-i-deploy?pacticipant=web&version=1&environment=test', 'GET'],
  ['/matrix/provider/shop/consumer/web', 'GET'],
  ['/matrix/provider/shop/latest/live/consumer/web/latest/prod/badge.svg', 'GET'],
  ['/verification-results/consumer/web/version/1/latest', 'GET'],
  ['/environments', 'GET POST'],
  ['/environments/$environment', 'GET PUT DELETE'],
  ['/environments/$environment/deployed-versions/currently-deployed', 'GET'],
  ['/environments/$environment/released-versions/currently-supported', 'GET'],
  [`${WEB}/versions/1/deployed-versions/environment/$environment`, 'GET POST'],
  [`${WEB}/versions/1/released-versions/environment/$environment`, 'GET POST'],
  ['/deployed-versions/$deployed', 'GET PATCH'],
  ['/released-versions/$released', 'GET PATCH'],
  ['/webhooks', 'GET POST'],
  ['/webhooks/execute', 'POST'],
  ['/webhooks/$webhook', 'GET PUT DELETE'],
  ['/webhooks/$webhook/execute', 'POST'],
  ['/webhooks/provider/shop/consumer/web', 'GET POST'],
  ['/webhooks/provider/shop', 'GET POST'],
  ['/webhooks/consumer/web', 'GET POST'],
  ['/triggered-webhooks/$triggered/logs', 'GET'],
  ['/integrations', 'GET DELETE'],
  ['/integrations/provider/shop/consumer/web', 'DELETE'],
  ['/dashboard', 'GET'],
  ['/dashboard/provider/shop/consumer/web', 'GET'],
  ['/relationships', 'GET'],
  ['/groups/web', 'GET'],
];

/** Badges send the browser on. */
const FOUND = [200, 307];

describe('the routes of the Pact Broker', () => {
  let hub: TestHub;
  let known: Readonly<Record<string, string>>;

  beforeAll(async () => {
    hub = await startTestHub({ env: withEnvironments });
    known = await fill(hub);
  });
  afterAll(() => hub.close());

  const real = (path: string): string =>
    path.replace(/\$(\w+)/g, (_, name: string) => known[name] ?? `no ${name}`);
  const send = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = { accept: '*/*' },
  ): Promise<Response> => fetch(`${hub.url}${real(path)}`, { method, headers, redirect: 'manual' });

  test.each(routes)('%s answers %s', async (path, methods) => {
    const allowed = methods.split(' ');
    const named = [...allowed, 'OPTIONS'].join(', ');

    const options = await send('OPTIONS', path);
    expect([options.status, await options.text()]).toEqual([200, '']);
    expect(options.headers.get('access-control-allow-methods')).toBe(named);

    for (const method of [...METHODS, 'HEAD'].filter((other) => !allowed.includes(other))) {
      const refused = await send(method, path);
      expect([method, refused.status, refused.headers.get('allow')]).toEqual([method, 405, named]);
    }
  });

  test.each(routes.filter(([, methods]) => methods.includes('GET')))(
    '%s is found',
    async (path) => {
      expect(FOUND).toContain((await send('GET', path)).status);
    },
  );

  test.each([
    ['/integrations.json', 'application/hal+json;charset=utf-8'],
    ['/dashboard.json', 'application/hal+json;charset=utf-8'],
    ['/relationships.csv', 'text/csv;charset=utf-8'],
    ['/groups/web.csv', 'text/csv;charset=utf-8'],
  ])('%s is of the type that its suffix names', async (path, type) => {
    const { status, headers } = await send('GET', path);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
  });

  /** Without doing anything: a body of an odd type, or an answer nobody can give, is refused by who would do it. */
  test.each(
    routes.flatMap(([path, methods]) =>
      methods
        .split(' ')
        .filter((method) => method !== 'GET')
        .map((method) => [method, path] as const),
    ),
  )('%s %s is taken', async (method, path) => {
    const none = 'application/x-none';
    const { status } = await send(method, path, { accept: none, 'content-type': none });
    expect([406, 415]).toContain(status);
  });

  test('an error can be asked for, to see that it is reported', async () => {
    const failed = await ask(hub, 'GET /test/error');
    const { message, reference } = failed.body.error;
    expect(failed.status).toBe(500);
    expect(message).toBe(
      `An error has occurred. The details have been logged with the reference ${reference}`,
    );
    const problem = await ask(hub, 'GET /test/error', {
      headers: { accept: 'application/problem+json, application/hal+json' },
    });
    expect(problem.headers.get('content-type')).toBe('application/problem+json;charset=utf-8');
    expect(problem.body).toMatchObject({ title: 'Server error', status: 500 });
  });

  test('a version whose number ends like a file is that version', async () => {
    const { status } = await ask(hub, `PUT ${PAIR}/version/1.json`, { json: aPact() });
    expect(status).toBe(201);
    for (const path of [`${PAIR}/version/1.json`, `${WEB}/versions/1.json`]) {
      const { body } = await ask(hub, `GET ${path}`);
      expect(body._links.self.name).toContain('1.json');
    }
  });

  test.each(['/no/such/route', '/pacts/provider', '/pacticipants/web/nothing', '/Pacticipants'])(
    '%s is none',
    async (path) => {
      const { status, body } = await ask(hub, `GET ${path}`);
      expect([status, body]).toEqual([
        404,
        { error: 'The requested document was not found on this server.' },
      ]);
    },
  );
});

/** What the `$…` of the table stand for. */
async function fill(hub: TestHub): Promise<Readonly<Record<string, string>>> {
  const post = async (path: string, json: unknown) => {
    const answer = await ask(hub, `POST ${path}`, { json });
    expect(answer.status).toBeLessThan(300);
    return answer;
  };
  await post('/pacticipants', { name: 'web' });
  await post('/pacticipants', { name: 'shop' });
  const webhook = await post('/webhooks/provider/shop/consumer/web', {
    events: [{ name: 'contract_published' }],
    request: { method: 'POST', url: 'https://hooks.invalid/' },
  });
  await post('/contracts/publish', aPublication({ tags: ['prod'] }));
  const pact = (await ask(hub, `GET ${PAIR}/version/1`)).body._links['pb:pact-version'];
  const passed = { success: true, providerApplicationVersion: '7' };
  const result = await post(`${PAIR}/pact-version/${pact.name}/verification-results`, passed);
  await ask(hub, 'PUT /pacticipants/shop/versions/7/tags/live', { json: {} });
  await ask(hub, `PUT ${WEB}/labels/front`, { json: {} });
  const changed = aPact({ interactions: [] });
  const { body } = await ask(hub, `PUT ${PAIR}/version/2`, { json: changed });
  const { name: sha } = body._links['pb:pact-version'];
  await post(`${PAIR}/pact-version/${sha}/verification-results`, passed);
  const environments = (await ask(hub, 'GET /environments')).body._embedded.environments;
  const environment = environments.find(({ name }: { name: string }) => name === 'test').uuid;
  const placed = (kind: string) =>
    post(`${WEB}/versions/1/${kind}-versions/environment/${environment}`, {});
  const triggered = (await ask(hub, `GET ${PAIR}/version/1/triggered-webhooks`)).body;
  const logs: string = triggered._embedded.triggeredWebhooks[0]._links['pb:logs'].href;
  return {
    sha: pact.name,
    result: result.headers.get('location')?.split('/').at(-1) ?? '',
    environment,
    deployed: (await placed('deployed')).body.uuid,
    released: (await placed('released')).body.uuid,
    webhook: webhook.headers.get('location')?.split('/').at(-1) ?? '',
    triggered: logs.split('/').at(-2) ?? '',
  };
}
