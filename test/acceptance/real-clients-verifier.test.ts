import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RecordingProvider, startProvider } from './pact-verifier/recording-provider.ts';
import { publishSelectable, selectorCases } from './pact-verifier/selector-cases.ts';
import { type Answer, aContract, anInteraction, aPact, ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

/** What the provider answers under `/things/1`; a price of 1.0 is not the same promise as 1. */
const THING = '{"id":1,"price":1.0}';

function promising(body: string): string {
  const pact = JSON.stringify(aPact({ interactions: [anInteraction({ response: 'BODY' })] }));
  const response = `{"status":200,"headers":{"Content-Type":"application/json"},"body":${body}}`;
  return pact.replace('"BODY"', response);
}

describe('the official verifier works unchanged', () => {
  let hub: TestHub;
  let provider: RecordingProvider;

  beforeAll(async () => {
    hub = await startTestHub();
    provider = await startProvider({ '/things/1': THING });
    await publish('1', { branch: 'main' }, promising(THING));
  });

  afterAll(async () => {
    provider.close();
    await hub.close();
  });

  async function publish(number: string, where: object, content: string): Promise<void> {
    const body = {
      pacticipantName: 'web',
      pacticipantVersionNumber: number,
      contracts: [aContract({}, content)],
      ...where,
    };
    expect((await ask(hub, 'POST /contracts/publish', { json: body })).status).toBe(200);
  }

  function verify(options: Partial<VerifierOptions>): Promise<string> {
    return new Verifier({
      provider: 'shop',
      providerBaseUrl: provider.url,
      logLevel: 'error',
      publishVerificationResult: true,
      ...('pactUrls' in options ? {} : { pactBrokerUrl: hub.url }),
      ...options,
    } as VerifierOptions).verifyProvider();
  }

  function selected(json: object): Promise<Answer> {
    return ask(hub, 'POST /pacts/provider/shop/for-verification', { json });
  }

  test('a run with a branch publishes its results, and can-i-deploy knows them', async () => {
    await verify({
      providerVersion: '10',
      providerVersionBranch: 'main',
      consumerVersionSelectors: [{ mainBranch: true }, { deployedOrReleased: true }],
    });
    const version = await ask(hub, 'GET /pacticipants/shop/versions/10');
    expect(version.body._embedded.branchVersions[0].name).toBe('main');
    const result = await ask(
      hub,
      'GET /pacts/provider/shop/consumer/web/latest/verification-results/latest',
    );
    expect(result.body).toMatchObject({
      success: true,
      providerApplicationVersion: '10',
      verifiedBy: { implementation: 'Pact-Rust', client_implementation: 'pact-core' },
      testResults: [{ success: true, interactionId: expect.any(String) }],
    });
    const matrix = await ask(hub, 'GET /matrix?q[][pacticipant]=web&q[][version]=1&latestby=cvpv');
    expect(matrix.body.summary).toMatchObject({ deployable: true, success: 1 });
  });

  test('a broken promise fails the run; while pending it does not', async () => {
    await publish('2', { branch: 'feat/price' }, promising('{"id":1,"price":1}'));
    const strict = {
      providerVersion: '11',
      providerVersionBranch: 'main',
      enablePending: false,
      consumerVersionSelectors: [{ branch: 'feat/price' }],
    };
    await expect(verify(strict)).rejects.toThrow(/fail/i);
    await verify({ ...strict, enablePending: true });
    const { body } = await selected({
      providerVersionBranch: 'main',
      consumerVersionSelectors: [{ branch: 'feat/price' }],
    });
    expect(body._embedded.pacts[0].verificationProperties.pending).toBe(true);
  });

  test('work in progress is verified beside what was asked for, and stays so after a success', async () => {
    await publish('3', { branch: 'feat/other' }, promising('{"id":1}'));
    const since = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await verify({
      providerVersion: '12',
      providerVersionBranch: 'main',
      enablePending: true,
      includeWipPactsSince: since,
      consumerVersionSelectors: [{ mainBranch: true }],
    });
    const { body } = await selected({
      providerVersionBranch: 'main',
      includePendingStatus: true,
      includeWipPactsSince: since,
      consumerVersionSelectors: [{ mainBranch: true }],
    });
    const wip = body._embedded.pacts.filter(
      (pact: { verificationProperties: { wip?: boolean } }) => pact.verificationProperties.wip,
    );
    const branches = wip.map((pact: { shortDescription: string }) => pact.shortDescription);
    expect(branches.sort()).toEqual([
      'latest from branch feat/other',
      'latest from branch feat/price',
    ]);
  });

  test('without a branch an empty one is sent, and the answer is the same', async () => {
    await verify({
      providerVersion: '13',
      consumerVersionSelectors: [{ latest: true, consumer: 'web' }, { branch: 'main' }],
      enablePending: false,
      publishVerificationResult: false,
    }).catch((error: Error) => expect(error.message).toMatch(/fail/i));
    const known = await ask(hub, 'GET /pacticipants/shop/versions/13');
    expect(known.status).toBe(404);
  });

  test('a pact URL is enough', async () => {
    await verify({
      pactUrls: [`${hub.url}/pacts/provider/shop/consumer/web/version/1`],
      providerVersion: '14',
      providerVersionBranch: 'main',
    });
    const result = await ask(
      hub,
      'GET /pacts/provider/shop/consumer/web/version/1/verification-results/latest',
    );
    expect(result.body).toMatchObject({ success: true, providerApplicationVersion: '14' });
  });
});

describe('the official verifier is given the pacts that a selector means', () => {
  let hub: TestHub;
  let provider: RecordingProvider;

  beforeAll(async () => {
    hub = await startTestHub();
    provider = await startProvider();
    await publishSelectable(hub);
  });

  afterAll(async () => {
    provider.close();
    await hub.close();
  });

  test.each(selectorCases)('$title', async ({ options, verifies }) => {
    provider.asked();
    await new Verifier({
      provider: 'shop',
      providerVersion: '10',
      providerBaseUrl: provider.url,
      pactBrokerUrl: hub.url,
      logLevel: 'error',
      ...options,
    }).verifyProvider();
    expect(provider.asked()).toEqual(verifies);
  });
});
