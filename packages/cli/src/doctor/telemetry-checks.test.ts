import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HubClient } from '../hub-client/hub-client.ts';
import { checkTelemetry } from './telemetry-checks.ts';

const nowMillis = 1_800_000_000_000;
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers each path with its JSON; what is not there is a 404. */
async function hubWith(answers: Readonly<Record<string, unknown>>): Promise<HubClient> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return new HubClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const tags = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => ({ key, type: 'string', value }));

interface Sent {
  readonly service: string;
  readonly resource?: Readonly<Record<string, string>>;
  readonly kind?: string;
}

const whole = { 'service.version': '2.3.0', 'deployment.environment.name': 'production' };

/** One trace of a service, beside a span of another. */
function sent({ service, resource = whole, kind = 'server' }: Sent) {
  const startTime = (nowMillis - 3_000) * 1000;
  const scope = '@opentelemetry/instrumentation-http';
  return {
    '/api/services': { data: [service] },
    [`/api/traces?service=${service}&limit=20`]: {
      data: [
        {
          processes: {
            p1: { serviceName: service, tags: tags(resource) },
            p2: { serviceName: 'other', tags: [] },
          },
          spans: [
            {
              processID: 'p1',
              startTime,
              tags: tags({ 'span.kind': kind, 'otel.scope.name': scope }),
            },
            { processID: 'p1', startTime: startTime - 9_000_000 },
            { processID: 'p2', startTime: startTime + 1, tags: tags({ 'span.kind': 'client' }) },
          ],
        },
      ],
    },
  };
}

const check = async (answers: Readonly<Record<string, unknown>>) =>
  checkTelemetry(await hubWith(answers), () => nowMillis);

describe('doctor on the telemetry of services', () => {
  test('tells version, environment, age and instrumentations of what is well', async () => {
    expect(await check(sent({ service: 'orders' }))).toEqual([
      {
        name: 'telemetry of orders',
        state: 'ok',
        detail: 'version 2.3.0 in production, last span 3 s ago, by http.',
      },
    ]);
  });

  test.each([
    {
      what: 'no name',
      telemetry: { service: 'unknown_service:node' },
      path: 'unknown_service%3Anode',
      detail: 'the service has no name of its own.',
      advice: 'OTEL_SERVICE_NAME',
    },
    {
      what: 'no version',
      telemetry: { service: 'orders', resource: { 'deployment.environment.name': 'production' } },
      path: 'orders',
      detail: 'its spans name no service.version',
      advice: 'service.version=',
    },
    {
      what: 'no environment',
      telemetry: { service: 'orders', resource: { 'service.version': '1' } },
      path: 'orders',
      detail: 'its spans name no environment',
      advice: 'deployment.environment.name=',
    },
    {
      what: 'nothing but internal spans',
      telemetry: { service: 'orders', kind: 'internal' },
      path: 'orders',
      detail: 'no span of a request, call or message',
      advice: 'node --import @concordat/instrumentation/register',
    },
  ])('names $what', async ({ telemetry, path, detail, advice }) => {
    const answers = sent(telemetry);
    const traces = answers[`/api/traces?service=${telemetry.service}&limit=20`];
    const found = await check({ ...answers, [`/api/traces?service=${path}&limit=20`]: traces });
    expect(found).toEqual([
      {
        name: `telemetry of ${telemetry.service}`,
        state: 'failed',
        detail: expect.stringContaining(detail),
        advice: expect.stringContaining(advice),
      },
    ]);
  });

  test.each([
    {
      what: 'no service',
      answers: { '/api/services': { data: null } },
      detail: 'no service has sent spans yet.',
    },
    { what: 'no trace routes', answers: {}, detail: '/api/services answered 404.' },
    {
      what: 'no recent spans',
      answers: {
        '/api/services': { data: ['old'] },
        '/api/traces?service=old&limit=20': { data: [] },
      },
      detail: 'no spans of the last hours.',
    },
  ])('with $what there is nothing to judge', async ({ answers, detail }) => {
    expect(await check(answers)).toMatchObject([{ state: 'skipped', detail }]);
  });

  test('looks at fifty services and says how many it left out', async () => {
    const services = Array.from({ length: 52 }, (_, n) => `s${n}`);
    const empty = services.map((service) => [
      `/api/traces?service=${service}&limit=20`,
      { data: [] },
    ]);
    const found = await check({
      '/api/services': { data: services },
      ...Object.fromEntries(empty),
    });
    expect(found).toHaveLength(51);
    expect(found.at(-1)?.detail).toBe('2 more services not looked at.');
  });
});
