// Runs on the PostgreSQL of CONCORDAT_TEST_DATABASE_URL too.
import { createInsightsClient, type RecordedRunning } from '@concordat/api';
import { readCliEnvironment, runCli } from '@concordat/cli';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { otlpBody, requestSpans, type SentSpans } from './observed-traffic.ts';
import { observeRequest, senders, type TracedService } from './otel-services.ts';
import { relationalDatabases, startHubOn } from './relational-databases.ts';
import type { TestHub } from './start-hub.ts';

const COMMIT = 'abc1234f00d5678900aabbccddeeff0011223344';
const OTHER = 'fed4321f00d5678900aabbccddeeff0011223344';

describe.each(relationalDatabases)('identity and deployments on %s', (database) => {
  let hub: TestHub;

  async function call(method: string, path: string, body?: object): Promise<Response> {
    return await fetch(path.startsWith('http') ? path : `${hub.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, application/hal+json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async function publish(consumer: string, provider: string, version: string): Promise<void> {
    const pact = {
      consumer: { name: consumer },
      provider: { name: provider },
      interactions: [
        {
          description: 'an order',
          request: { method: 'GET', path: '/v1/orders/7' },
          response: { status: 200 },
        },
      ],
    };
    const path = `/pacts/provider/${provider}/consumer/${consumer}/version/${version}`;
    expect((await call('PUT', path, pact)).status).toBe(201);
  }

  async function send(...spans: readonly (readonly SentSpans[])[]): Promise<void> {
    const response = await fetch(`${hub.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: otlpBody(spans.flat()),
    });
    expect(response.status).toBe(200);
  }

  /** A service whose resource is what instrumentation makes of a commit. */
  function service(attributes: Readonly<Record<string, string>>): TracedService {
    const exporter = senders.otlp(hub);
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'deployment.environment.name': 'production',
        ...attributes,
      }),
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    return {
      tracer: provider.getTracer('test', '0.1.0'),
      flush: async () => {
        await provider.forceFlush();
        await provider.shutdown();
      },
    };
  }

  const insights = () => createInsightsClient(hub.url, fetch);
  const record = async (body: object): Promise<RecordedRunning> =>
    (await (
      await call('POST', '/insights/deployments/record', {
        environment: 'production',
        minimumSightings: 1,
        ...body,
      })
    ).json()) as RecordedRunning;
  const production = async (pacticipant: string) =>
    (await insights().deployments({ environment: 'production', pacticipant })).deployments[0];

  beforeAll(async () => {
    hub = await startHubOn(database, {
      CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
      CONCORDAT_TEST_ENVIRONMENTS: 'test ci',
      CONCORDAT_EVIDENCE_MINIMUM_CALLS: '1',
      CONCORDAT_EVIDENCE_MINIMUM_WINDOW_SECONDS: '0',
      PACT_BROKER_SEED_EXAMPLE_DATA: 'true',
    });
    await publish('web', 'orders', COMMIT);
  });
  afterAll(() => hub.close());

  test('spans of a commit are those of the version that was published under it, by version and by revision', async () => {
    const web = service({
      'service.name': 'web',
      'service.version': '1.4.0',
      'vcs.ref.head.revision': COMMIT,
    });
    const orders = service({ 'service.name': 'orders-service', 'service.version': '7' });
    observeRequest(web, orders, { method: 'GET', path: '/v1/orders/7', status: 200 });
    await Promise.all([web.flush(), orders.flush()]);
    await send(
      requestSpans({
        consumer: { name: 'web', version: 'main-abc1234', environment: 'production' },
        provider: { name: 'orders-service', version: '7', environment: 'production' },
        request: 'GET /v1/orders/7',
      }),
    );
    await vi.waitFor(async () => {
      const web = await production('web');
      expect(web?.versions).toHaveLength(1);
      expect(web?.versions[0]).toMatchObject({
        version: COMMIT,
        state: 'unrecorded',
        exists: true,
        hasContracts: true,
        recorded: [],
        calls: 2,
      });
    }, 10_000);
    const [version] = (await production('web'))?.versions ?? [];
    expect(version?.sentAs.map((sent) => sent.version).sort()).toEqual(['1.4.0', 'main-abc1234']);
    expect(['revision', 'commit']).toContain(version?.recognisedBy);
  });

  describe('an alias', () => {
    test('is suggested with reason and evidence', async () => {
      const { suggestions } = await insights().aliasSuggestions();
      expect(suggestions).toMatchObject([
        {
          service: 'orders-service',
          pacticipant: 'orders',
          calls: 2,
          virtual: false,
          alternatives: [],
          reasons: ['the ending "service" is left out'],
        },
      ]);
    });

    test.each([
      [{ service: ' ', pacticipant: 'orders' }, 400, 'service is blank'],
      [{ service: 'orders-service' }, 400, ''],
      [{ service: 'x', pacticipant: 'Orders' }, 404, 'Did you mean orders?'],
      [{ service: 'x', pacticipant: 'nobody' }, 404, 'There is no pacticipant'],
      [{ service: 'orders', pacticipant: 'orders' }, 400, 'has that name already'],
      [{ service: 'web', pacticipant: 'orders' }, 409, 'pacticipant of its own'],
    ])('%j is refused with %d', async (body, status, words) => {
      const response = await call('POST', '/insights/aliases', body);
      expect(response.status).toBe(status);
      expect(await response.text()).toContain(words);
    });

    test('takes what was counted under the old name with it, and what comes is counted under the new', async () => {
      expect((await insights().findings()).findings.map(({ kind }) => kind)).toContain(
        'unknown-provider',
      );
      const added = await call('POST', '/insights/aliases', {
        service: 'orders-service',
        pacticipant: 'orders',
      });
      expect(added.status).toBe(201);
      const again = await call('POST', '/insights/aliases', {
        service: 'orders-service',
        pacticipant: 'orders',
      });
      expect(again.status).toBe(200);
      expect((await insights().aliases()).aliases).toMatchObject([
        { service: 'orders-service', pacticipant: 'orders' },
      ]);
      const { edges } = await insights().edges();
      expect(edges.map(({ consumer, provider, calls }) => [consumer, provider, calls])).toEqual([
        ['web', 'orders', 2],
      ]);
      await send(
        requestSpans({
          consumer: { name: 'web', version: '1.4.0', environment: 'production' },
          provider: { name: 'orders-service', version: '7', environment: 'production' },
          request: 'GET /v1/orders/7',
        }),
        // Known by its address only.
        requestSpans({
          consumer: { name: 'web', version: COMMIT, environment: 'production' },
          provider: { name: 'orders-service.shop.svc.cluster.local' },
          request: 'GET /v1/orders/7',
          halves: ['client'],
        }),
      );
      await vi.waitFor(async () => {
        const edge = await insights().edge('web', 'orders');
        expect(edge.interactions[0]).toMatchObject({ usage: 'used', count: 2 });
      }, 10_000);
      expect((await insights().findings()).findings.map(({ kind }) => kind)).not.toContain(
        'unknown-provider',
      );
      expect((await insights().aliasSuggestions()).suggestions).toEqual([]);
    });

    test('leads to one pacticipant, and goes when it is removed', async () => {
      await publish('shop', 'orders', '1');
      const other = await call('POST', '/insights/aliases', {
        service: 'orders-service',
        pacticipant: 'shop',
      });
      expect(other.status).toBe(409);
      const removed = await call('DELETE', '/insights/aliases/orders-service');
      expect(removed.status).toBe(204);
      expect((await call('DELETE', '/insights/aliases/orders-service')).status).toBe(404);
      expect((await insights().aliases()).aliases).toEqual([]);
      await call('POST', '/insights/aliases', { service: 'orders-service', pacticipant: 'orders' });
      const { entries } = (await (await call('GET', '/audit')).json()) as {
        readonly entries: readonly { readonly action: string }[];
      };
      const actions = entries.map(({ action }: { action: string }) => action);
      expect(actions).toEqual(expect.arrayContaining(['alias.add', 'alias.remove']));
    });
  });

  test('what tests do is seen nowhere', async () => {
    const before = await insights().summary();
    await send(
      requestSpans({
        consumer: { name: 'web', version: '9', environment: 'ci' },
        provider: { name: 'orders', version: '9', environment: 'ci' },
        request: 'GET /v1/orders/7',
      }),
      requestSpans({
        consumer: { name: 'pact-verifier' },
        provider: {
          name: 'orders',
          version: '9',
          environment: 'production',
          attributes: { 'concordat.verification': true },
        },
        request: 'GET /v1/orders/7',
      }),
      requestSpans({
        consumer: { name: 'web', version: COMMIT, environment: 'production' },
        provider: { name: 'orders-service', version: '7', environment: 'production' },
        request: 'GET /v1/orders/7',
      }),
    );
    await vi.waitFor(
      async () => expect((await insights().summary()).calls).toBe(before.calls + 1),
      10_000,
    );
    const { deployments } = await insights().deployments();
    expect(deployments.map(({ environment, pacticipant }) => [environment, pacticipant])).toEqual([
      ['production', 'orders'],
      ['production', 'web'],
    ]);
  });

  describe('what runs', () => {
    test('is recorded as the broker records it, and only when it knows the version', async () => {
      expect(await record({ dryRun: true })).toEqual({
        environment: 'production',
        dryRun: true,
        recorded: [{ pacticipant: 'web', version: COMMIT, created: false, replaces: [] }],
        skipped: [
          {
            pacticipant: 'orders',
            version: '7',
            reason: 'unknown-version',
            detail: expect.stringContaining('The broker knows no version 7 of orders'),
          },
        ],
      });
      expect((await production('web'))?.versions[0]?.state).toBe('unrecorded');
      expect(await record({ createVersions: true })).toMatchObject({
        recorded: [
          { pacticipant: 'orders', version: '7', created: true },
          { pacticipant: 'web', version: COMMIT, created: false },
        ],
        skipped: [],
      });
      for (const pacticipant of ['web', 'orders']) {
        expect(await production(pacticipant)).toMatchObject({
          mixed: null,
          versions: [
            { state: 'running', recorded: [{ how: 'deployed', applicationInstance: null }] },
          ],
        });
      }
      expect((await production('orders'))?.versions[0]?.hasContracts).toBe(false);
      expect(await record({})).toMatchObject({ recorded: [], skipped: [] });
      const { entries } = (await (await call('GET', '/audit')).json()) as {
        readonly entries: readonly { readonly action: string }[];
      };
      expect(entries[0]).toMatchObject({
        action: 'deployment.record',
        pacticipants: ['orders', 'web'],
      });
    });

    test('beside another version is a mixed rollout; what was replaced and still runs is told', async () => {
      await publish('web', 'orders', OTHER);
      const newer = {
        consumer: { name: 'web', version: OTHER, environment: 'production' },
        provider: { name: 'orders-service', version: '7', environment: 'production' },
        request: 'GET /v1/orders/7',
      };
      const older = { ...newer, consumer: { ...newer.consumer, version: COMMIT } };
      await send(requestSpans(newer));
      await send(requestSpans(older));
      await vi.waitFor(async () => {
        const { mixed } = (await production('web')) ?? {};
        expect(mixed).toMatchObject({
          isLasting: false,
          versions: [{ version: COMMIT }, { version: OTHER }],
        });
        const [old = 0, fresh = 0] = mixed?.versions.map(({ share }) => share ?? 0) ?? [];
        expect(old).toBeGreaterThan(fresh);
        expect(old + fresh).toBeCloseTo(1);
      }, 10_000);
      expect(await record({ pacticipant: 'web' })).toMatchObject({
        recorded: [],
        skipped: [{ version: OTHER, reason: 'rolling-out' }],
      });
      await send(...Array.from({ length: 20 }, () => requestSpans(newer)));
      await vi.waitFor(async () => {
        expect(await record({ pacticipant: 'web' })).toMatchObject({
          recorded: [{ version: OTHER, replaces: [COMMIT] }],
        });
      }, 10_000);
      await send(requestSpans(older));
      await vi.waitFor(async () => {
        const states = (await production('web'))?.versions.map(({ version, state }) => [
          version,
          state,
        ]);
        expect(Object.fromEntries(states ?? [])).toEqual({
          [OTHER]: 'running',
          [COMMIT]: 'replaced',
        });
      }, 10_000);
    });

    test('is not what was recorded: a version that nobody sees is silent', async () => {
      await publish('web', 'orders', 'w9');
      const { _links } = (await (await call('GET', '/pacticipants/web/versions/w9')).json()) as {
        readonly _links: Readonly<Record<string, readonly { name: string; href: string }[]>>;
      };
      const link = _links['pb:record-deployment']?.find(({ name }) => name === 'production');
      if (link === undefined) throw new Error('The version has no link to record it.');
      expect((await call('POST', link.href, { applicationInstance: 'blue' })).status).toBe(201);
      await send(
        requestSpans({
          consumer: { name: 'web', version: OTHER, environment: 'production' },
          provider: { name: 'orders-service', version: '7', environment: 'production' },
          request: 'GET /v1/orders/7',
        }),
      );
      await vi.waitFor(async () => {
        const silent = (await production('web'))?.versions.find(({ version }) => version === 'w9');
        expect(silent).toMatchObject({
          state: 'silent',
          firstSeen: null,
          recognisedBy: null,
          recorded: [{ applicationInstance: 'blue' }],
        });
      }, 10_000);
    });

    test.each([
      [{}, 400],
      [{ environment: 'nowhere' }, 404],
      [{ environment: 'production', pacticipant: 'Web' }, 404],
      [{ environment: 'production', minimumSightings: 0 }, 400],
      [{ environment: 'production', all: true }, 400],
    ])('cannot be recorded by %j', async (body, status) => {
      expect((await call('POST', '/insights/deployments/record', body)).status).toBe(status);
    });
  });

  describe('on the command line', () => {
    async function concordat(...args: readonly string[]) {
      const said: string[] = [];
      const output = {
        result: (text: string) => said.push(text),
        note: (text: string) => said.push(text),
      };
      const environment = readCliEnvironment({ PACT_BROKER_BASE_URL: hub.url });
      const { signal } = new AbortController();
      const code = await runCli(args, { environment, output, cwd: hub.dataDir, signal });
      return { code, said: said.join('\n') };
    }

    test.each<[readonly string[], number, string]>([
      [['alias', 'add', 'web-frontend', 'web'], 0, '✓ web-frontend is web'],
      [['alias', 'add', 'web-frontend', 'orders'], 2, 'is an alias of "web" already'],
      [['alias', 'list'], 0, 'web-frontend'],
      [['alias', 'remove', 'web-frontend'], 0, 'is no alias any more'],
      [['alias', 'remove', 'web-frontend'], 2, 'has no alias'],
      [['alias', 'suggest'], 0, '✓ Every service'],
      [['deployments', '--environment', 'production'], 0, 'silent'],
      [['deployments', '--fail-on', 'silent'], 1, 'production'],
      [['deployments', '--fail-on', 'lasting'], 0, 'production'],
      [['deployments', '--fail-on', 'odd'], 2, 'does not know odd'],
      [['deployments', '-a', 'orders', '--json'], 0, '"pacticipant":"orders"'],
      [
        ['record-running', '--environment', 'production', '-a', 'orders'],
        0,
        '✓ All that runs in production is recorded.',
      ],
      [
        ['record-running', '--environment', 'production', '--dry-run', '--json'],
        1,
        '"reason":"replaced"',
      ],
      [['record-running', '--environment', 'nowhere'], 2, 'There is no environment "nowhere"'],
    ])('%j ends with %d', async (args, code, words) => {
      const ended = await concordat(...args);
      expect(ended.said).toContain(words);
      expect(ended.code).toBe(code);
    });
  });
});
