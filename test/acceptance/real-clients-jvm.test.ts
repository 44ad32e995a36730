import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ExactAnswer, type ExactRequest, send } from './exact-request.ts';
import { anInteraction, aPact } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const READS = {
  'Content-Type': 'application/json',
  Accept: 'application/hal+json, application/json',
};
/** Results, branches and tags are sent without an Accept header. */
const WRITES = { 'Content-Type': 'application/json' };

/** Does what pact-jvm does: no credentials until they are asked for, then with every request. */
class JvmClient {
  readonly #hub: TestHub;
  readonly challenges: ExactAnswer[] = [];
  #credentials: Readonly<Record<string, string>> = {};

  constructor(hub: TestHub) {
    this.#hub = hub;
  }

  async send(request: ExactRequest): Promise<ExactAnswer> {
    const answer = await send(this.#hub, this.#withCredentials(request));
    if (answer.status !== 401 || this.challenges.length > 0) return answer;
    this.challenges.push(answer);
    this.#credentials = { Authorization: `Basic ${btoa('writer:w:p')}` };
    return send(this.#hub, this.#withCredentials(request));
  }

  async get(path: string): Promise<ExactAnswer['body']> {
    const answer = await this.send({ method: 'GET', path, headers: READS });
    expect(answer.status, answer.text).toBe(200);
    return answer.body;
  }

  /** Follows a link of a resource, its variables filled in. */
  follow(
    resource: ExactAnswer['body'],
    [method, rel]: readonly [string, string],
    options: {
      readonly variables?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<ExactAnswer> {
    const { variables = {}, json = {}, headers = WRITES } = options;
    const template: string = resource._links[rel].href;
    const href = template.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(variables[name] ?? ''),
    );
    const path = href.slice(new URL(href).origin.length);
    const body = method === 'GET' ? {} : { body: JSON.stringify(json) };
    return this.send({ method, path, headers, ...body });
  }

  #withCredentials(request: ExactRequest): ExactRequest {
    return { ...request, headers: { ...request.headers, ...this.#credentials } };
  }
}

/** The body of `pactPublish`: always tags, never `onConflict`. */
function publication(number: string, changes: object = {}): object {
  const content = JSON.stringify(
    aPact({ interactions: [anInteraction({ description: `of ${number}` })] }),
  );
  return {
    pacticipantName: 'web',
    pacticipantVersionNumber: number,
    tags: [],
    contracts: [
      {
        consumerName: 'web',
        providerName: 'shop',
        specification: 'pact',
        contentType: 'application/json',
        content: btoa(content),
      },
    ],
    ...changes,
  };
}

describe('what pact-jvm sends is understood', () => {
  let hub: TestHub;
  let jvm: JvmClient;

  beforeAll(async () => {
    hub = await startTestHub({
      env: {
        PACT_BROKER_BASIC_AUTH_USERNAME: 'writer',
        PACT_BROKER_BASIC_AUTH_PASSWORD: 'w:p',
      },
    });
    const publishes = new JvmClient(hub);
    const index = await publishes.get('/');
    const json = publication('1', { branch: 'main', tags: ['prod'], buildUrl: 'http://ci/1' });
    await publishes.follow(index, ['POST', 'pb:publish-contracts'], { json, headers: READS });
  });

  afterAll(() => hub.close());

  beforeEach(() => {
    jvm = new JvmClient(hub);
  });

  async function selected(json: object): Promise<ExactAnswer> {
    const index = await jvm.get('/');
    return jvm.follow(index, ['POST', 'pb:provider-pacts-for-verification'], {
      variables: { provider: 'shop' },
      json,
      headers: READS,
    });
  }

  test('the first request of a run is asked for a password', async () => {
    await jvm.get('/');
    const [challenge] = jvm.challenges;
    expect(challenge?.status).toBe(401);
    expect(challenge?.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  test('publishing prints notices, and the same again is no conflict', async () => {
    const index = await jvm.get('/');
    for (const verb of ['published', 'republished']) {
      const answer = await jvm.follow(index, ['POST', 'pb:publish-contracts'], {
        json: publication('2'),
        headers: READS,
      });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.notices).toContainEqual({
        type: 'success',
        text: expect.stringContaining(`Pact successfully ${verb} for web version 2`),
      });
    }
  });

  test('a verification: pacts selected, read, and their results sent without Accept', async () => {
    const list = await selected({
      consumerVersionSelectors: [{ branch: 'main' }],
      includePendingStatus: true,
      providerVersionTags: ['dev'],
      providerVersionBranch: 'feat/y',
    });
    const [{ _links, verificationProperties }] = list.body._embedded.pacts;
    expect(_links.self.name).toBe('Pact between web (1) and shop');
    expect(verificationProperties).toMatchObject({ pending: true });
    expect(verificationProperties.notices[0]).toEqual({
      when: 'before_verification',
      text: expect.any(String),
    });
    const pact = await jvm.get(new URL(_links.self.href).pathname);
    const provider = await jvm.get(new URL(pact._links['pb:provider'].href).pathname);
    const branch = await jvm.follow(provider, ['PUT', 'pb:branch-version'], {
      variables: { branch: 'feat/y', version: '1.0+b' },
    });
    const tag = await jvm.follow(provider, ['PUT', 'pb:version-tag'], {
      variables: { tag: 'dev', version: '1.0+b' },
    });
    const [{ _id }] = pact.interactions;
    const result = await jvm.follow(pact, ['POST', 'pb:publish-verification-results'], {
      json: {
        success: false,
        providerApplicationVersion: '1.0+b',
        verifiedBy: { implementation: 'Pact-JVM', version: '4.6.17' },
        testResults: [
          {
            interactionId: _id,
            success: false,
            mismatches: [{ attribute: 'status', description: 'expected 200 but was 500' }],
          },
        ],
      },
    });
    expect([branch.status, tag.status, result.status]).toEqual([201, 201, 201]);
    expect(result.headers['content-type']).toBe('application/hal+json;charset=utf-8');
    expect(result.body).toMatchObject({
      success: false,
      providerApplicationVersion: '1.0+b',
      testResults: [{ interactionId: _id, success: false }],
    });
  });

  test('without a way to select, the latest pacts of a provider are read from links', async () => {
    const index = await jvm.get('/');
    for (const [rel, tag] of [
      ['pb:latest-provider-pacts', ''],
      ['pb:latest-provider-pacts-with-tag', 'prod'],
    ] as const) {
      const variables = { provider: 'shop', tag };
      const { body } = await jvm.follow(index, ['GET', rel], { variables, headers: READS });
      const [{ href, name }] = body._links['pb:pacts'];
      expect(name).toBe('web');
      expect((await jvm.get(new URL(href).pathname)).consumer.name).toBe('web');
    }
  });

  test('a matching branch without the branch of the provider is refused with the reason', async () => {
    const answer = await selected({
      consumerVersionSelectors: [{ matchingBranch: true }],
      includePendingStatus: false,
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body.errors)).toContain('providerVersionBranch');
  });

  test.each([
    ['to a tag', '/matrix?q[][pacticipant]=web&latestby=cvp&q[][version]=1&latest=true&tag=live'],
    ['to an environment', '/matrix?q[][pacticipant]=web&latestby=cvp&q[][version]=1&environment=e'],
    [
      'encoded',
      '/matrix?q%5B%5D%5Bpacticipant%5D=web&latestby=cvp&q%5B%5D%5Bversion%5D=1&tag=live&latest=true',
    ],
  ])('can-i-deploy with latestby amid the selectors, %s', async (_title, path) => {
    await jvm.send({ method: 'POST', path: '/environments', headers: READS, body: ENVIRONMENT });
    const sent = { method: 'PUT', path: LIVE, headers: WRITES, body: '{}' };
    await jvm.send(sent);
    const { summary, matrix } = await jvm.get(path);
    expect(summary).toMatchObject({ deployable: null, unknown: 1, reason: expect.any(String) });
    expect(matrix[0].consumer.version.number).toBe('1');
    expect(matrix[0].verificationResult).toBeNull();
  });

  test('a tag is put to the link of the index', async () => {
    const answer = await jvm.follow(await jvm.get('/'), ['PUT', 'pb:pacticipant-version-tag'], {
      variables: { pacticipant: 'web', version: '1', tag: 'rel/1' },
    });
    expect(answer.status).toBe(201);
    const version = await jvm.get('/pacticipants/web/versions/1');
    const names = version._embedded.tags.map(({ name }: { readonly name: string }) => name);
    expect(names).toContain('rel/1');
  });
});

const ENVIRONMENT = '{"name":"e","production":false}';
const LIVE = '/pacticipants/shop/versions/1/tags/live';

test('the older Ruby verifier sends branches and tags without a body, and results of its own shape', async () => {
  const hub = await startTestHub();
  const hal = { Accept: 'application/hal+json' };
  const empty = { 'Content-Type': 'application/json', 'Content-Length': '0' };
  const body = JSON.stringify(publication('1', { branch: 'main' }));
  await send(hub, { method: 'POST', path: '/contracts/publish', headers: READS, body });
  const list = await send(hub, {
    method: 'POST',
    path: '/pacts/provider/shop/for-verification',
    headers: { ...hal, 'Content-Type': 'application/json' },
    body: '{"consumerVersionSelectors":[],"includePendingStatus":false}',
  });
  const [{ _links }] = list.body._embedded.pacts;
  const { pathname } = new URL(_links.self.href);
  const pact = await send(hub, { method: 'GET', path: pathname, headers: hal });
  for (const path of ['branches/main/versions/5', 'versions/5/tags/dev']) {
    const put = { method: 'PUT', path: `/pacticipants/shop/${path}`, headers: empty };
    expect((await send(hub, put)).status).toBe(201);
  }
  const testResults = {
    tests: [{ testDescription: 'it works', status: 'passed' }],
    summary: { testCount: 1, failureCount: 0 },
    metadata: { warning: 'These results are experimental.' },
  };
  const result = await send(hub, {
    method: 'POST',
    path: new URL(pact.body._links['pb:publish-verification-results'].href).pathname,
    headers: { Accept: 'application/hal+json, */*', 'Content-Type': 'application/json' },
    body: JSON.stringify({ success: true, providerApplicationVersion: '5', testResults }),
  });
  expect(result.status).toBe(201);
  expect(result.body).toMatchObject({ success: true, testResults });
  await hub.close();
});
