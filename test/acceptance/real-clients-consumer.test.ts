import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MatchersV3,
  MessageConsumerPact,
  MessageProviderPact,
  Pact,
  PactV3,
  providerWithMetadata,
  Verifier,
  type VerifierOptions,
} from '@pact-foundation/pact';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, pactCli } from './pact-cli/pact-cli.ts';
import { type RecordingProvider, startProvider } from './pact-verifier/recording-provider.ts';
import { ask } from './publishing.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

const { integer, like, eachLike, regex } = MatchersV3;
const THING = '{"id":7,"price":1.0,"tags":["a","b"]}';

/** What a team does, with nothing but the official clients: consumer test, publish, ask, verify, ask again, deploy. */
describe('the whole circle with the official clients', () => {
  let hub: TestHub;
  let provider: RecordingProvider;
  let folder: string;

  beforeAll(async () => {
    hub = await startTestHub();
    provider = await startProvider({ '/things/7': THING });
    folder = await mkdtemp(join(tmpdir(), 'concordat-consumer-'));
    await cli('create-environment', '--name', 'production', '--production');
  });

  afterAll(async () => {
    provider.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  });

  function cli(...command: readonly string[]): Promise<CliResult> {
    return pactCli(command, { env: { PACT_BROKER_BASE_URL: hub.url }, folder });
  }

  async function mayDeploy(consumer: string): Promise<CliResult> {
    const what = ['--pacticipant', consumer, '--version', '1'];
    return cli('can-i-deploy', ...what, '--to-environment', 'production');
  }

  async function publishes(consumer: string, file: string): Promise<void> {
    const published = await cli('publish', file, '-a', '1', '--branch', 'feat/new');
    expect(published, published.output).toMatchObject({ code: 0 });
    expect(await mayDeploy(consumer)).toMatchObject({ code: 1 });
  }

  async function verifies(consumer: string, options: Partial<VerifierOptions> = {}) {
    await new Verifier({
      provider: 'shop',
      providerBaseUrl: provider.url,
      pactBrokerUrl: hub.url,
      consumerVersionSelectors: [{ branch: 'feat/new', consumer }],
      providerVersion: '10',
      providerVersionBranch: 'main',
      publishVerificationResult: true,
      logLevel: 'error',
      ...options,
    } as VerifierOptions).verifyProvider();
    await mayFollow(consumer);
  }

  /** The verified provider goes to production, and the consumer may follow. */
  async function mayFollow(consumer: string): Promise<void> {
    const deployed = await cli(
      'record-deployment',
      '-a',
      'shop',
      '-e',
      '10',
      '--environment',
      'production',
    );
    expect(deployed, deployed.output).toMatchObject({ code: 0 });
    const answer = await mayDeploy(consumer);
    expect(answer, answer.output).toMatchObject({ code: 0 });
  }

  test('a V3 pact with matchers and a provider state', async () => {
    const pact = new PactV3({
      dir: folder,
      consumer: 'web-v3',
      provider: 'shop',
      logLevel: 'error',
    });
    pact
      .given('thing 7 exists', { id: 7 })
      .uponReceiving('a request for a thing')
      .withRequest({ method: 'GET', path: regex('/things/\\d+', '/things/7') })
      .willRespondWith({
        status: 200,
        headers: { 'Content-Type': 'application/json' },
        body: { id: integer(7), price: like(1.5), tags: eachLike('a') },
      });
    await pact.executeTest(async ({ url }) => {
      expect((await fetch(`${url}/things/7`)).status).toBe(200);
    });
    await publishes('web-v3', 'web-v3-shop.json');
    const states: unknown[] = [];
    await verifies('web-v3', {
      stateHandlers: {
        'thing 7 exists': async (parameters?: unknown) => {
          states.push(parameters);
          return undefined;
        },
      },
    });
    expect(states).toEqual([{ id: 7 }]);
  });

  test('a V3 pact of messages, verified by the provider of messages', async () => {
    const pact = new MessageConsumerPact({
      dir: folder,
      consumer: 'mails',
      provider: 'shop',
      logLevel: 'error',
    });
    await pact
      .given('thing 7 exists')
      .expectsToReceive('a thing was sold')
      .withContent({ id: like(7) })
      .withMetadata({ topic: 'things' })
      .verify(async ({ contents }) => expect(contents).toEqual({ id: 7 }));
    await publishes('mails', 'mails-shop.json');
    await new MessageProviderPact({
      provider: 'shop',
      pactBrokerUrl: hub.url,
      consumerVersionSelectors: [{ branch: 'feat/new', consumer: 'mails' }],
      providerVersion: '10',
      providerVersionBranch: 'main',
      publishVerificationResult: true,
      logLevel: 'error',
      messageProviders: {
        'a thing was sold': providerWithMetadata(async () => ({ id: 8 }), { topic: 'things' }),
      },
    }).verify();
    await mayFollow('mails');
  });

  test('a V4 pact of requests and messages: what is pending may fail', async () => {
    const pact = new Pact({ dir: folder, consumer: 'web-v4', provider: 'shop', logLevel: 'error' });
    await pact
      .addInteraction()
      .uponReceiving('a request for a thing')
      .testName('things of V4')
      .withRequest('GET', '/things/7')
      .willRespondWith(200, (response) => response.jsonBody({ id: integer(7) }))
      .executeTest(async ({ url }) => {
        expect((await fetch(`${url}/things/7`)).status).toBe(200);
      });
    await pact
      .addInteraction()
      .pending(true)
      .uponReceiving('a request for what is not there yet')
      .withRequest('GET', '/later')
      .willRespondWith(201)
      .executeTest(async ({ url }) => {
        expect((await fetch(`${url}/later`)).status).toBe(201);
      });
    await pact
      .addAsynchronousInteraction()
      .given('thing 7 exists')
      .expectsToReceive('a thing was sold', (message) => {
        message.withJSONContent({ id: integer(7) }).withMetadata({ topic: 'things' });
      })
      .executeTest(async ({ contents }) => {
        expect(contents.content).toBeDefined();
      });
    const written = JSON.parse(await readFile(join(folder, 'web-v4-shop.json'), 'utf8'));
    expect(written.interactions).toHaveLength(3);
    await publishes('web-v4', 'web-v4-shop.json');
    await verifies('web-v4', {
      messageProviders: {
        'a thing was sold': providerWithMetadata(async () => ({ id: 8 }), { topic: 'things' }),
      },
    });
    const { body } = await ask(
      hub,
      'GET /pacts/provider/shop/consumer/web-v4/version/1/verification-results/latest',
    );
    // The verifier passes, and yet calls the result a failure: it is the hub that looks at what is pending.
    expect(body.success).toBe(false);
    const failed = body.testResults.filter(
      ({ success }: { readonly success: boolean }) => !success,
    );
    expect(failed).toMatchObject([
      { interactionDescription: 'a request for what is not there yet' },
    ]);
  });
});
