// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { trafficEvidenceSchema } from '@concordat/api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  eventSpans,
  otlpBody,
  requestSpans,
  type SeenRequest,
  type SentSpans,
} from './observed-traffic.ts';
import { type Answer, ask } from './publishing.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const digits = { path: { matchers: [{ match: 'regex', regex: '^/orders/\\d+$' }] } };

function http(description: string, target: string, status = 200): object {
  const [method = '', path = ''] = target.split(' ');
  const rules = /\d$/.test(path) ? { matchingRules: digits } : {};
  return { description, request: { method, path, ...rules }, response: { status } };
}

const anOrder = http('an order', 'GET /orders/1');
const newOrder = http('new order', 'POST /orders', 201);
const stock = http('stock', 'GET /stock');

/** A verification: the descriptions of what failed, and whether the verifier says so. */
interface Run {
  readonly failed: readonly string[];
  readonly isSilent: boolean;
}

/** A consumer and a provider of its own for each case, so that one hub can hold them all. */
class Pair {
  readonly consumer: string;
  readonly provider: string;
  readonly #hub: TestHub;

  constructor(hub: TestHub, name: string) {
    this.#hub = hub;
    this.consumer = `${name}-web`;
    this.provider = `${name}-shop`;
  }

  /** Resolves with where the results of the pact are published. */
  async publishes(version: string, content: object): Promise<string> {
    const { consumer, provider } = this;
    const path = `/pacts/provider/${provider}/consumer/${consumer}/version/${version}`;
    const json = { consumer: { name: consumer }, provider: { name: provider }, ...content };
    expect((await ask(this.#hub, `PUT ${path}`, { json })).status).toBe(201);
    const { body } = await ask(this.#hub, `GET ${path}`);
    return new URL(body._links['pb:publish-verification-results'].href).pathname;
  }

  async verifies(
    results: string,
    version: string,
    { failed = [], isSilent = false }: Partial<Run> = {},
  ): Promise<void> {
    const { body } = await ask(this.#hub, `GET ${results.replace(/\/verification-results$/, '')}`);
    const list = [...(body.interactions ?? []), ...(body.messages ?? [])];
    const testResults = list.map((each: { description: string }) => ({
      interactionDescription: each.description,
      success: !failed.includes(each.description),
    }));
    const json = {
      success: failed.length === 0,
      providerApplicationVersion: version,
      ...(isSilent ? {} : { testResults }),
    };
    expect((await ask(this.#hub, `POST ${results}`, { json })).status).toBe(201);
  }

  async deploys(...versions: readonly (readonly [string, string])[]): Promise<void> {
    const { body } = await ask(this.#hub, 'GET /environments');
    const { uuid } = body._embedded.environments.find(
      ({ name }: { name: string }) => name === 'production',
    );
    for (const [name, version] of versions) {
      const path = `/pacticipants/${name}/versions/${version}/deployed-versions/environment/${uuid}`;
      expect((await ask(this.#hub, `POST ${path}`, { json: {} })).status).toBe(201);
    }
  }

  calls(request: string, more: Partial<SeenRequest> & { readonly version?: string } = {}) {
    const { version = '1', ...rest } = more;
    const consumer = { name: this.consumer, version, environment: 'production' };
    const provider = { name: this.provider, version: '7', environment: 'production' };
    return requestSpans({ consumer, provider, request, ...rest });
  }

  receives(event: string): readonly SentSpans[] {
    return eventSpans({
      consumer: { name: this.consumer, version: '1', environment: 'production' },
      provider: { name: this.provider, version: '7', environment: 'production' },
      event,
    });
  }

  async sends(spans: readonly SentSpans[]): Promise<void> {
    const response = await fetch(`${this.#hub.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans),
    });
    expect(response.status).toBe(200);
  }

  /** The provider asks, unless another is named. */
  async asks(version = '8', who = this.provider, more = ''): Promise<Answer> {
    const query = `pacticipant=${who}&version=${version}&environment=production${more}`;
    return ask(this.#hub, `GET /can-i-deploy?${query}`);
  }

  /** What traffic says; the broker's answer beside it is the same as without it. */
  async evidence(version = '8', who = this.provider) {
    const plain = await this.asks(version, who);
    const { evidence, ...rest } = (await this.asks(version, who, '&evidence=traffic&window=1h'))
      .body;
    expect(rest).toEqual(plain.body);
    return trafficEvidenceSchema.parse(evidence);
  }
}

const repeat = <T>(times: number, make: () => readonly T[]): readonly T[] =>
  Array.from({ length: times }, make).flat();

describe.each(relationalDatabases)('what traffic says to can-i-deploy, on %s', (database) => {
  let hub: TestHub;

  beforeAll(async () => {
    hub = await startHubOn(database, {
      CONCORDAT_EVIDENCE_MINIMUM_CALLS: '5',
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
    });
    const json = { name: 'production', production: true };
    expect((await ask(hub, 'POST /environments', { json })).status).toBe(201);
  });
  afterAll(() => hub.close());

  const pact = { interactions: [anOrder, newOrder, stock] };

  /** Version 1 of the consumer runs with version 7 of the provider, and version 8 fails what is named. */
  async function aPair(name: string, failed: readonly string[], content: object = pact) {
    const pair = new Pair(hub, name);
    const results = await pair.publishes('1', content);
    await pair.verifies(results, '7');
    await pair.verifies(results, '8', { failed });
    await pair.deploys([pair.consumer, '1'], [pair.provider, '7']);
    return { pair, results };
  }

  describe('a provider that is to be deployed', () => {
    test('broken: a running version uses what failed', async () => {
      const { pair } = await aPair('broken', ['an order']);
      await pair.sends([
        ...repeat(5, () => pair.calls('GET /stock', { route: '/stock' })),
        ...pair.calls('GET /orders/5'),
      ]);
      const evidence = await pair.evidence();
      expect(evidence).toMatchObject({ environment: 'production', verdict: 'broken' });
      expect(evidence.rows).toMatchObject([
        {
          text: expect.stringContaining('failed'),
          consumer: { name: 'broken-web', version: '1' },
          provider: { name: 'broken-shop', version: '8' },
          verdict: 'broken',
          sentences: [
            'broken-web 1 used "an order" in production once; it failed its verification.',
          ],
          interactions: [
            {
              description: 'an order',
              operation: 'GET /orders/{id}',
              outcome: 'failed',
              count: 1,
              usedBy: [{ version: '1', count: 1 }],
            },
          ],
          evidence: { calls: 6, sampleRate: 1 },
          override: null,
        },
      ]);
    });

    test('unaffected: enough calls, and none of them used it', async () => {
      const { pair } = await aPair('unaffected', ['an order']);
      await pair.sends(repeat(6, () => pair.calls('GET /stock', { route: '/stock' })));
      const evidence = await vi.waitFor(async () => {
        const told = await pair.evidence();
        expect(told.rows[0]?.evidence.calls).toBe(6);
        return told;
      }, 10_000);
      expect(evidence.rows).toMatchObject([
        {
          verdict: 'unaffected',
          interactions: [{ description: 'an order', reason: 'not-used', count: 0, lastSeen: null }],
          evidence: { calls: 6 },
        },
      ]);
    });

    test('no evidence: too few calls', async () => {
      const { pair } = await aPair('scarce', ['an order']);
      await pair.sends(repeat(4, () => pair.calls('GET /stock', { route: '/stock' })));
      expect((await pair.evidence()).rows).toMatchObject([
        { verdict: 'no-evidence', interactions: [{ reason: 'too-little-traffic' }] },
      ]);
    });

    test('no evidence: no call at all', async () => {
      const { pair } = await aPair('silent', ['an order']);
      expect(await pair.evidence()).toMatchObject({
        verdict: 'no-evidence',
        rows: [{ interactions: [{ reason: 'no-traffic' }] }],
      });
    });

    test('potentially affected: the verifier did not say what failed', async () => {
      const { pair, results } = await aPair('untold', []);
      await pair.verifies(results, '8', { failed: ['an order'], isSilent: true });
      await pair.sends(pair.calls('GET /stock', { route: '/stock' }));
      const [row] = (await pair.evidence()).rows;
      expect(row).toMatchObject({ verdict: 'potentially-affected' });
      expect(row?.interactions.map(({ reason }) => reason)).toEqual([
        'too-little-traffic',
        'too-little-traffic',
        'untold-results',
      ]);
    });

    test('potentially affected: spans cannot tell what failed from what did not', async () => {
      const guest = http('a guest order', 'GET /orders/2');
      const { pair } = await aPair('twins', ['an order'], { interactions: [anOrder, guest] });
      await pair.sends(pair.calls('GET /orders/5'));
      expect((await pair.evidence()).rows).toMatchObject([
        {
          verdict: 'potentially-affected',
          interactions: [{ reason: 'indistinguishable', indistinguishableFrom: ['a guest order'] }],
        },
      ]);
    });

    test('potentially affected: one call in a hundred is sampled', async () => {
      const { pair } = await aPair('sampled', ['an order']);
      const traceState = 'ot=th:fd70a3d70a3d7';
      const spans = repeat(6, () => pair.calls('GET /stock', { route: '/stock', traceState }));
      const response = await fetch(`${hub.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: otlpBody(spans),
      });
      expect(response.status).toBe(200);
      await vi.waitFor(async () => {
        const [row] = (await pair.evidence()).rows;
        expect(row?.verdict).toBe('potentially-affected');
        expect(row?.interactions[0]?.reason).toBe('sampled-too-low');
      }, 10_000);
    });

    test('an event that failed and is received', async () => {
      const messages = [
        { description: 'placed', contents: { id: 1 }, metaData: { routingKey: 'order.placed' } },
        { description: 'paid', contents: { id: 1 }, metaData: { routingKey: 'order.paid' } },
      ];
      const { pair } = await aPair('event', ['placed'], { messages });
      await pair.sends(pair.receives('order.placed'));
      expect((await pair.evidence()).rows).toMatchObject([
        { verdict: 'broken', interactions: [{ operation: 'send order.placed', status: null }] },
      ]);
    });

    test('each running version of the consumer has its own verdict, and a version that is not recorded is not passed over', async () => {
      const pair = new Pair(hub, 'rollout');
      const old = await pair.publishes('1', pact);
      const young = await pair.publishes('2', { interactions: [newOrder, stock, anOrder] });
      await pair.publishes('3', { interactions: [anOrder] });
      for (const results of [old, young])
        await pair.verifies(results, '8', { failed: ['an order'] });
      await pair.deploys([pair.consumer, '1']);
      const { uuid } = (await ask(hub, 'GET /environments')).body._embedded.environments[0];
      const path = `/pacticipants/${pair.consumer}/versions/2/deployed-versions/environment/${uuid}`;
      const json = { applicationInstance: 'canary' };
      expect((await ask(hub, `POST ${path}`, { json })).status).toBe(201);
      await pair.sends([
        ...repeat(6, () => pair.calls('GET /stock', { route: '/stock' })),
        ...pair.calls('GET /orders/5', { version: '2' }),
      ]);
      const verdicts = async () =>
        (await pair.evidence()).rows.map(({ consumer, verdict }) => [consumer?.version, verdict]);
      expect(await verdicts()).toEqual([
        ['2', 'broken'],
        ['1', 'unaffected'],
      ]);
      const unrecorded = pair.calls('GET /orders/5', { version: '3' });
      await fetch(`${hub.url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: otlpBody(unrecorded),
      });
      await vi.waitFor(
        async () =>
          expect(await verdicts()).toEqual([
            ['2', 'broken'],
            ['1', 'potentially-affected'],
          ]),
        10_000,
      );
    });

    test('what nobody has verified counts by interaction: what the version kept in another pact is kept', async () => {
      const pair = new Pair(hub, 'elsewhere');
      const old = await pair.publishes('1', { interactions: [newOrder, stock] });
      await pair.verifies(old, '8');
      await pair.publishes('2', pact);
      await pair.deploys([pair.consumer, '2']);
      await pair.sends(
        repeat(6, () => pair.calls('GET /stock', { route: '/stock', version: '2' })),
      );
      const [row] = (await pair.evidence()).rows;
      expect(row).toMatchObject({ verdict: 'unaffected', provider: { version: null } });
      expect(row?.interactions).toMatchObject([{ description: 'an order', outcome: 'unverified' }]);
    });
  });

  describe('a consumer that is to be deployed', () => {
    async function aConsumer(name: string, interactions: readonly object[]) {
      const pair = new Pair(hub, name);
      const old = await pair.publishes('1', { interactions: [anOrder, newOrder, stock] });
      await pair.verifies(old, '7');
      await pair.deploys([pair.consumer, '1'], [pair.provider, '7']);
      const results = await pair.publishes('2', { interactions });
      return { pair, results };
    }

    const richerOrder = { ...anOrder, description: 'an order with a price' };

    test('broken: the running version uses what the new one wants differently', async () => {
      const { pair, results } = await aConsumer('richer', [richerOrder]);
      await pair.verifies(results, '7', { failed: ['an order with a price'] });
      await pair.sends(pair.calls('GET /orders/5'));
      expect((await pair.evidence('2', pair.consumer)).rows).toMatchObject([
        { verdict: 'broken', interactions: [{ usedBy: [{ version: '1' }] }] },
      ]);
    });

    test('unaffected: the running version promises the same and does not use it', async () => {
      const { pair, results } = await aConsumer('unused', [richerOrder]);
      await pair.verifies(results, '7', { failed: ['an order with a price'] });
      await pair.sends(repeat(6, () => pair.calls('GET /stock', { route: '/stock' })));
      expect((await pair.evidence('2', pair.consumer)).verdict).toBe('unaffected');
    });

    test('no evidence: what is new was never called, however much traffic there is', async () => {
      const { pair, results } = await aConsumer('brand-new', [http('a cart', 'GET /carts/mine')]);
      await pair.verifies(results, '7', { failed: ['a cart'] });
      await pair.sends(repeat(6, () => pair.calls('GET /stock', { route: '/stock' })));
      expect((await pair.evidence('2', pair.consumer)).rows).toMatchObject([
        { verdict: 'no-evidence', interactions: [{ reason: 'new-promise' }] },
      ]);
    });

    test('no evidence: there is no pact, or no such version', async () => {
      const { pair } = await aConsumer('unknown', [richerOrder]);
      const evidence = await pair.evidence('99', pair.consumer);
      expect(evidence).toMatchObject({
        verdict: 'no-evidence',
        rows: [{ consumer: null, provider: null, interactions: [] }],
      });
    });
  });

  test('no evidence: no pact of the pair is part of the answer', async () => {
    const { pair } = await aPair('rowless', []);
    const { consumer, provider } = pair;
    const asked = `q[][pacticipant]=${consumer}&q[][version]=1&latestby=cvpv&environment=production`;
    const path = `/matrix?${asked}&success[]=false&evidence=traffic&overrides=true`;
    const { body } = await ask(hub, `GET ${path}`);
    expect(trafficEvidenceSchema.parse(body.evidence).rows).toMatchObject([
      {
        ...{ consumer: { name: consumer, version: '1' }, provider: { name: provider } },
        ...{ verdict: 'no-evidence', sentences: [expect.stringContaining('No pact of the pair')] },
      },
    ]);
    expect(body.overrides.covered).toBe(false);
  });

  test('nothing is in the way: there is no verdict', async () => {
    const { pair } = await aPair('fine', []);
    expect(await pair.evidence()).toMatchObject({ verdict: null, rows: [] });
  });

  test('the matrix and the short form can be asked as well', async () => {
    const { pair } = await aPair('forms', ['stock']);
    await ask(hub, `PUT /pacticipants/${pair.provider}/branches/main/versions/8`, { json: {} });
    const matrix = `/matrix?q[][pacticipant]=${pair.provider}&q[][version]=8&latestby=cvpv&environment=production`;
    const short = `/pacticipants/${pair.provider}/branches/main/latest-version/can-i-deploy/to-environment/production?`;
    for (const path of [matrix, short]) {
      const { body } = await ask(hub, `GET ${path}&evidence=traffic`);
      expect(trafficEvidenceSchema.parse(body.evidence).verdict, path).toBe('no-evidence');
    }
  });

  describe('a question that makes no sense is refused', () => {
    test.each([
      ['evidence=spans', { evidence: ['must be one of: traffic'] }],
      ['overrides=yes', { overrides: ['must be one of: true'] }],
      ['evidence=traffic&window=week', { window: [expect.stringContaining('such as 30m')] }],
    ])('%s', async (more, errors) => {
      const { pair } = await aPair(`refused-${more.length}`, []);
      const answer = await pair.asks('8', pair.provider, `&${more}`);
      expect([answer.status, answer.body.errors]).toEqual([400, errors]);
    });

    test('without an environment', async () => {
      const { pair } = await aPair('nowhere', []);
      const path = `/matrix?q[][pacticipant]=${pair.provider}&q[][version]=8&evidence=traffic`;
      const answer = await ask(hub, `GET ${path}`);
      expect([answer.status, Object.keys(answer.body.errors)]).toEqual([400, ['environment']]);
    });
  });
});
