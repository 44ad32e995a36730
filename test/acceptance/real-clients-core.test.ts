import pact, { type VerifierOptions } from '@pact-foundation/pact-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from './hub-proxy.ts';
import { type RecordingProvider, startProvider } from './pact-verifier/recording-provider.ts';
import { publishSelectable, selectorCases } from './pact-verifier/selector-cases.ts';
import { aContract, anInteraction, aPact, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const THING = '{"id":1,"price":1.0}';

/** What `web` expects: a thing with this body, and that there is no other. */
function expecting(body: string, status = 200): string {
  const interactions = [
    anInteraction({ response: 'BODY' }),
    anInteraction({
      description: 'get another thing',
      request: { method: 'GET', path: '/things/2' },
      response: { status },
    }),
  ];
  const response = `{"status":200,"headers":{"Content-Type":"application/json"},"body":${body}}`;
  return JSON.stringify(aPact({ interactions })).replace('"BODY"', response);
}

/** Publishes a version of `web` on a branch. */
async function publish(hub: TestHub, [number, branch]: readonly string[], content: string) {
  const json = {
    pacticipantName: 'web',
    pacticipantVersionNumber: number,
    branch,
    contracts: [aContract({}, content)],
  };
  expect((await ask(hub, 'POST /contracts/publish', { json })).status).toBe(200);
}

const latestResult =
  'GET /pacts/provider/shop/consumer/web/version/VERSION/verification-results/latest';

async function resultOf(hub: TestHub, version: string) {
  return (await ask(hub, latestResult.replace('VERSION', version))).body;
}

let provider: RecordingProvider;

/** Verifies `shop` against the hub; nothing is published unless the options say so. */
function verify(hub: TestHub, options: Partial<VerifierOptions>): Promise<string> {
  return pact.default.verifyPacts({
    provider: 'shop',
    providerBaseUrl: provider.url,
    providerVersion: '10',
    logLevel: 'error',
    ...('pactUrls' in options ? {} : { pactBrokerUrl: hub.url }),
    ...options,
  });
}

beforeAll(async () => {
  provider = await startProvider({ '/things/1': THING });
});

afterAll(() => provider.close());

describe('the verifier of pact-core is given the pacts that a selector means', () => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startTestHub();
    await publishSelectable(hub);
  });

  afterAll(() => hub.close());

  test.each(selectorCases)('$title', async ({ options, verifies }) => {
    provider.asked();
    await verify(hub, options);
    expect(provider.asked()).toEqual(verifies);
  });

  test('below a path of another server', async () => {
    const proxy = await startProxy(hub, '/team/pacts');
    provider.asked();
    await verify(hub, {
      consumerVersionSelectors: [{ mainBranch: true }],
      pactBrokerUrl: proxy.url,
      providerVersion: 'by proxy',
      providerVersionBranch: 'main',
      publishVerificationResult: true,
    });
    expect(provider.asked()).toEqual(['/app/1', '/web/2']);
    expect(proxy.seen.filter(({ status }) => status >= 400)).toEqual([]);
    const version = await ask(hub, 'GET /pacticipants/shop/versions/by%20proxy');
    expect(version.body._embedded.branchVersions).toMatchObject([{ name: 'main' }]);
  });

  test('an environment that does not exist is no reason to pass', async () => {
    const consumerVersionSelectors = [{ environment: 'mars' }];
    await expect(verify(hub, { consumerVersionSelectors })).rejects.toThrow();
  });

  test('nothing found fails, unless that is allowed', async () => {
    const consumerVersionSelectors = [{ branch: 'none' }];
    await expect(verify(hub, { consumerVersionSelectors })).rejects.toThrow();
    await verify(hub, { consumerVersionSelectors, failIfNoPactsFound: false });
  });
});

describe('the verifier of pact-core publishes what it saw', () => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startTestHub();
    await publish(hub, ['1', 'main'], expecting(THING));
  });

  afterAll(() => hub.close());

  const main = { consumerVersionSelectors: [{ mainBranch: true }] };

  test('a success, with branch, tags and build; the price 1.0 kept what it is', async () => {
    await verify(hub, {
      ...main,
      providerVersion: 'rel/10',
      providerVersionBranch: 'feat/y z',
      providerVersionTags: ['dev', 'a/b'],
      buildUrl: 'http://ci.example/10',
      publishVerificationResult: true,
    });
    const { body } = await ask(hub, 'GET /pacticipants/shop/versions/rel%2F10');
    const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
    expect(names(body._embedded.branchVersions)).toEqual(['feat/y z']);
    expect(names(body._embedded.tags).sort()).toEqual(['a/b', 'dev']);
    expect(await resultOf(hub, '1')).toMatchObject({
      success: true,
      providerApplicationVersion: 'rel/10',
      buildUrl: 'http://ci.example/10',
      verifiedBy: { implementation: 'Pact-Rust', client_implementation: 'pact-core' },
    });
  });

  test('a failure, with each interaction and what was wrong with it', async () => {
    await publish(hub, ['2', 'feat/x'], expecting('{"id":1,"price":1}'));
    const run = verify(hub, {
      consumerVersionSelectors: [{ branch: 'feat/x' }],
      providerVersion: '11',
      providerVersionBranch: 'main',
      publishVerificationResult: true,
    });
    await expect(run).rejects.toThrow();
    const { success, testResults } = await resultOf(hub, '2');
    expect(success).toBe(false);
    const contract = await ask(hub, 'GET /pacts/provider/shop/consumer/web/version/2');
    const ids = contract.body.interactions.map(({ _id }: { readonly _id: string }) => _id);
    expect(ids).toEqual(expect.arrayContaining(testResults.map(idOf)));
    const [failed, kept] = testResults.toSorted(byDescription);
    expect(failed).toMatchObject({
      interactionDescription: 'get a thing',
      success: false,
      mismatches: [
        {
          attribute: 'body',
          identifier: '$.price',
          description: 'Expected 1.0 (Decimal) to be equal to 1 (Integer)',
        },
      ],
    });
    expect(kept).toMatchObject({ interactionDescription: 'get another thing', success: true });
  });

  test('pending: a failure does not fail the build, until it has worked once on the branch', async () => {
    const broken = expecting('{"id":2}', 404);
    await publish(hub, ['3', 'feat/pending'], broken);
    const options = {
      consumerVersionSelectors: [{ branch: 'feat/pending' }],
      enablePending: true,
      providerVersion: '12',
      providerVersionBranch: 'main',
      publishVerificationResult: true,
    };
    await verify(hub, options);
    expect(await resultOf(hub, '3')).toMatchObject({ success: false });
    await expect(verify(hub, { ...options, enablePending: false })).rejects.toThrow();

    const sent = await ask(hub, 'GET /pacts/provider/shop/consumer/web/version/3');
    const { href } = sent.body._links['pb:publish-verification-results'];
    const json = { success: true, providerApplicationVersion: '12' };
    await ask(hub, `POST ${new URL(href).pathname}`, { json });
    await expect(verify(hub, options)).rejects.toThrow();
  });

  test('work in progress since a date comes beside what was asked for', async () => {
    const other = expecting(THING).replaceAll('/things/2', '/things/wip');
    await publish(hub, ['4', 'feat/wip'], other);
    provider.asked();
    await verify(hub, {
      ...main,
      enablePending: true,
      includeWipPactsSince: '2020-01-01',
      providerVersionBranch: 'main',
    });
    expect(provider.asked()).toContain('/things/wip');
    await verify(hub, { ...main, enablePending: true, providerVersionBranch: 'main' });
    expect(provider.asked()).not.toContain('/things/wip');
  });

  test.each([
    ['of a version', 'version/1'],
    ['of a branch', 'branch/main/latest'],
    ['of the newest', 'latest'],
  ])('a pact URL %s is enough', async (title, path) => {
    const number = `url of ${title}`;
    const run = verify(hub, {
      pactUrls: [`${hub.url}/pacts/provider/shop/consumer/web/${path}`],
      providerVersion: number,
      providerVersionBranch: 'main',
      publishVerificationResult: true,
    });
    await run;
    const version = await ask(hub, `GET /pacticipants/shop/versions/${encodeURIComponent(number)}`);
    expect(version.body._embedded.branchVersions).toMatchObject([{ name: 'main' }]);
  });
});

describe('the verifier of pact-core shows who it is', () => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startTestHub({
      env: {
        PACT_BROKER_BASIC_AUTH_USERNAME: 'writer',
        PACT_BROKER_BASIC_AUTH_PASSWORD: 'w:p',
        CONCORDAT_TOKENS: 'read=looks publish=builds',
      },
    });
    const json = {
      pacticipantName: 'web',
      pacticipantVersionNumber: '1',
      branch: 'main',
      contracts: [aContract({}, expecting(THING))],
    };
    const headers = { authorization: 'Bearer builds' };
    expect((await ask(hub, 'POST /contracts/publish', { json, headers })).status).toBe(200);
  });

  afterAll(() => hub.close());

  const publishing = {
    consumerVersionSelectors: [{ mainBranch: true }],
    providerVersionBranch: 'main',
    publishVerificationResult: true,
  };

  test.each([
    ['a password', { pactBrokerUsername: 'writer', pactBrokerPassword: 'w:p' }],
    ['a token for publishing', { pactBrokerToken: 'builds' }],
    [
      'a token for reading, to look only',
      { pactBrokerToken: 'looks', publishVerificationResult: false },
    ],
  ])('%s', async (_title, options) => {
    await verify(hub, { ...publishing, ...options });
  });

  test.each([
    ['nothing', {}],
    ['a wrong token', { pactBrokerToken: 'no' }],
  ])('%s is refused', async (_title, options) => {
    await expect(verify(hub, { ...publishing, ...options })).rejects.toThrow();
  });

  test('a token for reading publishes nothing', async () => {
    const providerVersion = 'by reader';
    const token = { pactBrokerToken: 'looks' };
    await verify(hub, { ...publishing, ...token, providerVersion });
    const headers = { authorization: 'Bearer looks' };
    const version = await ask(hub, 'GET /pacticipants/shop/versions/by%20reader', { headers });
    expect(version.status).toBe(404);
  });
});

function idOf({ interactionId }: { readonly interactionId: string }): string {
  return interactionId;
}

function byDescription(
  one: { readonly interactionDescription: string },
  other: { readonly interactionDescription: string },
): number {
  return one.interactionDescription.localeCompare(other.interactionDescription);
}
