import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dashboardJson, dashboards } from '../../dashboards/build.ts';
import { type DashboardJson, type TargetJson, withoutVariables } from '../../dashboards/lint.ts';
import { eventSpans, otlpBody, requestSpans, type Sender } from './observed-traffic.ts';
import { RunningPrometheus, type Series } from './running-prometheus.ts';
import { startTestHub, type TestHub, withEnvironments } from './start-hub.ts';

/** Two scrapes are seconds apart, and a machine that builds at the same time is slow to answer them. */
const patience = { timeout: 90_000 };

const program = process.env.CONCORDAT_TEST_PROMETHEUS ?? '';
const shown: readonly DashboardJson[] = dashboards.map((one) => JSON.parse(dashboardJson(one)));
const panels = shown.flatMap((dashboard) =>
  dashboard.panels.flatMap((panel) =>
    (panel.targets ?? []).map((target) => ({
      title: `${dashboard.title} / ${panel.title}`,
      target,
    })),
  ),
);
const variables = shown.flatMap(({ templating }) =>
  templating.list.filter(({ type }) => type === 'query'),
);

/** As Jaeger asks a Prometheus when its span metrics come from a collector. */
const servers = 'service_name =~ "orders|nobody", span_kind =~ "SPAN_KIND_SERVER"';

function callsBy(labels: string): string {
  return `sum(rate(traces_span_metrics_calls_total{${servers}}[1m])) by (${labels})`;
}

const web: Sender = { name: 'web', version: '1', environment: 'production' };
const orders: Sender = { name: 'orders', version: '7', environment: 'production' };
const mailer: Sender = { name: 'mailer', version: '2', environment: 'production' };

describe.runIf(program !== '')(
  'the dashboards on a real Prometheus that scrapes a hub with traffic',
  patience,
  () => {
    let hub: TestHub;
    let prometheus: RunningPrometheus;

    beforeAll(async () => {
      hub = await startTestHub({
        env: {
          ...withEnvironments,
          CONCORDAT_EVIDENCE_MINIMUM_CALLS: '1',
          CONCORDAT_PAIRING_WINDOW_SECONDS: '1',
        },
      });
      await publishAndVerify(hub.url);
      await recordDeployment(hub.url);
      await sendTraffic(hub.url);
      prometheus = await RunningPrometheus.start(program, new URL(hub.url).host);
    });

    afterAll(async () => {
      await prometheus?.stop();
      await hub?.close();
    });

    /** Rates need two scrapes with calls between them, so traffic goes on until the answer is there. */
    async function eventually<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
      let answer: readonly T[] = [];
      await expect
        .poll(
          async () => {
            await sendTraffic(hub.url);
            answer = await ask();
            return answer.length;
          },
          { timeout: 80_000, interval: 500 },
        )
        .toBeGreaterThan(0);
      return answer;
    }

    test('the scrape works', async () => {
      await eventually(() => prometheus.instant('up == 1'));
      expect(await prometheus.target()).toMatchObject({ health: 'up', lastError: '' });
    });

    test.each(panels)('$title has data', async ({ target }) => {
      const series = await eventually(() => numbers(query(prometheus, target)));
      expect(series.length).toBeGreaterThan(0);
    });

    test.each(variables)('the choice of $name has values', async ({ query: text = '' }) => {
      const [, metric = '', label = ''] = /label_values\((\w+), (\w+)\)/.exec(text) ?? [];
      expect(await eventually(() => prometheus.labelValues(metric, label))).not.toEqual([]);
    });

    test('an exemplar leads to a trace that the hub shows', async () => {
      const [traceId] = await eventually(() =>
        prometheus.exemplars('traces_service_graph_request_total'),
      );
      const trace = await fetch(`${hub.url}/api/traces/${traceId}`);
      expect(await trace.json()).toMatchObject({ data: [{ spans: [{}, {}] }] });
    });

    test.each([
      ['calls', callsBy('service_name')],
      ['calls by operation', callsBy('service_name,span_name')],
      [
        'errors',
        `sum(rate(traces_span_metrics_calls_total{${servers}, status_code = "STATUS_CODE_ERROR"}[1m])) by (service_name) / ${callsBy('service_name')}`,
      ],
      [
        'latencies',
        `histogram_quantile(0.95, sum(rate(traces_span_metrics_duration_milliseconds_bucket{${servers}}[1m])) by (service_name,le))`,
      ],
    ])("Jaeger's monitor reads %s from it", async (_caption, expr) => {
      const [series] = await eventually(() => numbers(prometheus.range(expr)));
      expect(series?.metric.service_name).toBe('orders');
    });

    test('an exemplar of an operation leads to a trace too', async () => {
      const [traceId] = await eventually(() =>
        prometheus.exemplars('traces_span_metrics_duration_milliseconds_bucket'),
      );
      const trace = await fetch(`${hub.url}/api/traces/${traceId}`);
      expect(await trace.json()).toMatchObject({ data: [{ spans: [{}, {}] }] });
    });

    test('the travel time of messages is told', async () => {
      const name = 'traces_service_graph_request_messaging_system_seconds_count';
      const [series] = await eventually(() => prometheus.instant(`${name} > 0`));
      expect(series?.metric).toMatchObject({ connection_type: 'messaging_system' });
    });

    test('what is broken on purpose is shown: a failing pair, an unused promise, a finding', async () => {
      const pair = '{consumer="web", provider="orders"}';
      await eventually(() => prometheus.instant(`contract_verification_status${pair} == 0`));
      const unused = 'contract_operations{consumer="web", provider="orders", state="unused"} == 1';
      await eventually(() => prometheus.instant(unused));
      const finding =
        'contract_drift_open_findings{consumer="web", provider="orders", kind="uncovered-call"}';
      await eventually(() => prometheus.instant(`${finding} == 1`));
    });
  },
);

function query(
  prometheus: RunningPrometheus,
  target: TargetJson & { readonly instant?: boolean },
): Promise<readonly Series[]> {
  const expr = withoutVariables(target.expr);
  return target.instant === true ? prometheus.instant(expr) : prometheus.range(expr);
}

/** Series with at least one real number: a panel full of NaN is an empty panel. */
async function numbers(asked: Promise<readonly Series[]>): Promise<readonly Series[]> {
  return (await asked).filter(({ values }) => values.some((value) => Number.isFinite(value)));
}

async function publishAndVerify(url: string): Promise<void> {
  const pact = {
    consumer: { name: 'web' },
    provider: { name: 'orders' },
    interactions: [
      {
        description: 'an order',
        request: { method: 'GET', path: '/orders/7' },
        response: { status: 200 },
      },
      {
        description: 'no more',
        request: { method: 'DELETE', path: '/orders/7' },
        response: { status: 204 },
      },
    ],
    metadata: { pactSpecification: { version: '2.0.0' } },
  };
  const content = Buffer.from(JSON.stringify(pact)).toString('base64');
  await send(`${url}/contracts/publish`, {
    pacticipantName: 'web',
    pacticipantVersionNumber: '1',
    branch: 'main',
    contracts: [
      {
        consumerName: 'web',
        providerName: 'orders',
        specification: 'pact',
        contentType: 'application/json',
        content,
      },
    ],
  });
  const latest = await get(`${url}/pacts/provider/orders/consumer/web/latest`, pactSchema);
  await send(latest._links['pb:publish-verification-results'].href, {
    success: false,
    providerApplicationVersion: '7',
  });
}

async function recordDeployment(url: string): Promise<void> {
  const known = await get(`${url}/environments`, environmentsSchema);
  const [production] = known._embedded.environments.filter(({ name }) => name === 'production');
  const path = `/pacticipants/web/versions/1/deployed-versions/environment/${production?.uuid}`;
  await send(`${url}${path}`, {});
}

async function sendTraffic(url: string): Promise<void> {
  const spans = [
    ...requestSpans({ consumer: web, provider: orders, request: 'GET /orders/7' }),
    ...requestSpans({ consumer: web, provider: orders, request: 'GET /orders/7', status: 503 }),
    ...requestSpans({ consumer: web, provider: orders, request: 'GET /baskets/1' }),
    ...eventSpans({ consumer: mailer, provider: orders, event: 'order.placed' }),
  ];
  const answer = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpBody(spans),
  });
  expect(answer.status).toBe(200);
}

const hal = { accept: 'application/hal+json' };

const pactSchema = z.object({
  _links: z.object({ 'pb:publish-verification-results': z.object({ href: z.string() }) }),
});

const environmentsSchema = z.object({
  _embedded: z.object({
    environments: z.array(z.object({ name: z.string(), uuid: z.string() })),
  }),
});

async function get<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(await (await fetch(url, { headers: hal })).json());
}

async function send(url: string, body: object): Promise<void> {
  const headers = { ...hal, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}
