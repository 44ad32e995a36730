import { aContract, anInteraction, aPact, aPublication, ask } from './publishing.ts';
import type { TestHub } from './start-hub.ts';

const json = {
  'content-type': 'application/json',
  accept: 'application/hal+json, application/json',
};

/** Publishes, verifies, deploys and arranges so that a hub has some of everything that an export holds. */
export async function fillHub(hub: TestHub): Promise<void> {
  const send = async (target: string, body?: unknown): Promise<Record<string, never>> => {
    const answer = await ask(hub, target, { json: body, headers: json });
    if (answer.status >= 400) throw new Error(`${target}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const named = { displayName: 'The Web', repositoryUrl: 'https://git.example/web' };
  await send('POST /pacticipants', { name: 'web', mainBranch: 'main', ...named });
  await send('PUT /pacticipants/web/labels/team%2Fa', {});
  await publishAll(send);
  await verifyAll(hub, send);
  await deployAll(hub, send);
  await send('PUT /webhooks/aaaabbbbccccdddd1111', {
    description: 'tell the build',
    provider: { name: 'shop' },
    events: [{ name: 'contract_content_changed' }],
    request: {
      method: 'POST',
      url: 'https://ci.example/build?x=1',
      headers: { Authorization: 'Bearer s3cret', 'X-Kind': 'pact' },
      body: { a: 1 },
      username: 'ci',
      password: 'hidden',
    },
  });
  await send('PUT /contracts/provider/shop/version/7?branch=main', {
    openapi: '3.0.3',
    info: { title: 'shop', version: '1' },
    paths: { '/things': { get: { responses: { 200: { description: 'fine' } } } } },
  });
}

type Send = (target: string, body?: unknown) => Promise<Record<string, never>>;

async function publishAll(send: Send): Promise<void> {
  // Numbers and key order that a JSON round trip would lose.
  const lossless = `{"consumer":{"name":"web"},"provider":{"name":"shop"},"interactions":[{"response":{"status":200,"body":{"big":12345678901234567890,"one":1.0}},"description":"é ☃","request":{"path":"/x","method":"GET"}}],"metadata":{"pactSpecification":{"version":"3.0.0"}}}`;
  const stock = JSON.stringify(
    aPact({ provider: { name: 'stock' }, interactions: [anInteraction({ description: 's' })] }),
  );
  await send('POST /contracts/publish', aPublication({ tags: ['dev'] }));
  await send(
    'POST /contracts/publish',
    aPublication({
      pacticipantVersionNumber: 'feat/2',
      branch: 'feat/x',
      buildUrl: 'https://ci.example/2',
      contracts: [aContract({}, lossless), aContract({ providerName: 'stock' }, stock)],
    }),
  );
  await send('POST /contracts/publish', aPublication({ pacticipantVersionNumber: '3' }));
  await send('POST /contracts/publish', aPublication({ pacticipantVersionNumber: '3' }));
  await send('PUT /pacticipants/web/branches/main/versions/1', {});
  await send('PUT /pacticipants/web/versions/3/tags/prod', {});
}

async function verifyAll(hub: TestHub, send: Send): Promise<void> {
  const pact = '/pacts/provider/shop/consumer/web/version';
  for (const [version, provider, success] of [
    ['1', '5', true],
    ['1', '7', false],
    ['1', '7', true],
    ['feat%2F2', '7', false],
  ] as const) {
    const { body } = await ask(hub, `GET ${pact}/${version}`);
    const href = new URL(body._links['pb:publish-verification-results'].href);
    const [interaction] = body.interactions;
    // The run of a branch has the pact as pending.
    const run = version === '1' ? '' : `/metadata/${Buffer.from('p=true').toString('base64url')}`;
    await send(
      `POST ${href.pathname.replace('/verification-results', `${run}/verification-results`)}`,
      {
        success,
        providerApplicationVersion: provider,
        buildUrl: `https://ci.example/shop/${provider}`,
        verifiedBy: { implementation: 'Pact-Rust', version: '1.2.3' },
        testResults: [{ interactionId: interaction._id, success }],
      },
    );
  }
  await send('PUT /pacticipants/shop/branches/main/versions/5', {});
  await send('PUT /pacticipants/shop/branches/main/versions/7', {});
}

async function deployAll(hub: TestHub, send: Send): Promise<void> {
  const contacts = [{ name: 'ops', details: { email: 'ops@example.org' } }];
  await send('POST /environments', {
    name: 'uat',
    displayName: 'UAT',
    production: false,
    contacts,
  });
  await send('POST /environments', { name: 'production', production: true });
  const list = await ask(hub, 'GET /environments');
  const uuids = new Map<string, string>(
    list.body._embedded.environments.map(({ name, uuid }: { name: string; uuid: string }) => [
      name,
      uuid,
    ]),
  );
  const place = (version: string, kind: string, environment: string) =>
    `POST /pacticipants/${version}/${kind}-versions/environment/${uuids.get(environment)}`;
  await send(place('shop/versions/5', 'deployed', 'production'));
  await send(place('shop/versions/7', 'deployed', 'production'));
  await send(place('shop/versions/7', 'deployed', 'uat'), { applicationInstance: 'blue' });
  await send(place('web/versions/1', 'deployed', 'production'));
  await send(place('web/versions/3', 'released', 'uat'));
}

/** The answers that people and builds decide by; equal where the contracts are. */
export async function decidingAnswers(hub: TestHub): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const question of questions) {
    const { status, text } = await ask(hub, `GET ${question}`);
    answers.push([question, status, text.replaceAll(hub.url, 'http://hub')]);
  }
  return answers;
}

const questions = [
  '/pacticipants',
  '/pacts/latest',
  '/pacts/provider/shop/latest',
  '/pacts/provider/shop/consumer/web/versions',
  '/pacts/provider/shop/consumer/web/version/feat%2F2',
  '/pacts/provider/shop/consumer/web/branch/main/latest',
  '/pacts/provider/shop/consumer/web/latest/prod',
  '/pacticipants/web/versions',
  '/pacticipants/web/versions/1',
  '/pacticipants/shop/versions/7',
  '/pacticipants/web/branches',
  '/pacticipants/web/branches/main/latest-version',
  '/pacticipants/web/latest-version',
  '/environments',
  '/integrations',
  '/webhooks/aaaabbbbccccdddd1111',
  '/contracts/provider/shop/version/7',
  '/verification-results/consumer/web/version/1/latest',
  '/matrix?q[][pacticipant]=web&q[][pacticipant]=shop',
  '/matrix?q[][pacticipant]=web&q[][pacticipant]=shop&latestby=cvpv',
  '/can-i-deploy?pacticipant=web&version=1&environment=production',
  '/can-i-deploy?pacticipant=web&version=feat%2F2&environment=production',
  '/can-i-deploy?pacticipant=web&version=3&environment=uat',
  '/can-i-deploy?pacticipant=shop&version=7&environment=production',
  '/can-i-deploy?pacticipant=shop&version=5&environment=uat',
  '/can-i-deploy?pacticipant=web&version=3&to=prod',
  '/pacts/provider/shop/for-verification',
];
