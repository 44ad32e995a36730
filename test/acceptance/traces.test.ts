import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { observeRequest, senders, startTracedService } from './otel-services.ts';
import { startTestHub, type TestHub } from './start-hub.ts';

let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.close();
});

interface Envelope<T> {
  readonly data: T;
  readonly errors: unknown;
  readonly total: number;
}

interface JaegerTag {
  readonly key: string;
  readonly type: string;
  readonly value: unknown;
}

interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly {
    readonly operationName: string;
    readonly tags: readonly JaegerTag[];
    readonly references: readonly unknown[];
    readonly startTime: number;
    readonly duration: number;
    readonly processID: string;
  }[];
  readonly processes: Readonly<Record<string, { serviceName: string; tags: readonly JaegerTag[] }>>;
}

async function get<T>(path: string): Promise<Envelope<T>> {
  const response = await fetch(`${hub.url}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Envelope<T>;
}

describe.each(['otlp', 'otlp-grpc', 'jaeger', 'jaeger-udp'] as const)(
  'the real %s exporter',
  (name) => {
    const client = `${name}-web`;
    const server = `${name}-orders`;
    let traceId = '';

    beforeAll(async () => {
      const web = startTracedService(client, senders[name](hub), '2.1.0');
      const orders = startTracedService(server, senders[name](hub));
      const path = '/v1/orders/7?full=yes&token=s3cret';
      traceId = observeRequest(web, orders, { method: 'GET', path, status: 500 });
      await Promise.all([web.flush(), orders.flush()]);
      await vi.waitFor(async () => {
        const { data } = await get<JaegerTrace[]>(`/api/traces/${traceId}`);
        expect(data[0]?.spans).toHaveLength(3);
      }, 10_000);
    });

    test('its trace is read back whole, the root first, with both services as processes', async () => {
      const { data, errors } = await get<JaegerTrace[]>(`/api/traces/${traceId}`);
      expect(errors).toBeNull();
      const [trace] = data;
      // exporter-jaeger rounds starts to milliseconds, so only the root's place is sure.
      const [root, ...others] = trace?.spans.map((span) => span.operationName) ?? [];
      expect([root, ...others.sort()]).toEqual(['work', 'GET', 'GET /v1/orders/:id']);
      const services = Object.values(trace?.processes ?? {}).map((one) => one.serviceName);
      expect(services.sort()).toEqual([server, client].sort());
    });

    test('a secret in a query is gone, and its key stays', async () => {
      const { data } = await get<JaegerTrace[]>(`/api/traces/${traceId}`);
      const text = JSON.stringify(data);
      expect(text).not.toContain('s3cret');
      expect(text).toContain('token=REDACTED');
    });

    test('numbers come back as whole numbers, whatever type the exporter made of them', async () => {
      const { data } = await get<JaegerTrace[]>(`/api/traces/${traceId}`);
      const tags = data[0]?.spans.flatMap((span) => span.tags) ?? [];
      const statuses = tags.filter((tag) => tag.key === 'http.response.status_code');
      expect(statuses).toEqual([
        { key: 'http.response.status_code', type: 'int64', value: 500 },
        { key: 'http.response.status_code', type: 'int64', value: 500 },
      ]);
    });

    test('the version stands on the process and not on the spans', async () => {
      const { data } = await get<JaegerTrace[]>(`/api/traces/${traceId}`);
      const process = Object.values(data[0]?.processes ?? {}).find(
        (one) => one.serviceName === client,
      );
      expect(process?.tags).toContainEqual({
        key: 'service.version',
        type: 'string',
        value: '2.1.0',
      });
      const spanKeys = data[0]?.spans.flatMap((span) => span.tags.map((tag) => tag.key)) ?? [];
      expect(spanKeys).not.toContain('service.version');
    });

    test('it is found by service, operation, tag and duration', async () => {
      const query = new URLSearchParams({
        service: server,
        operation: 'GET /v1/orders/:id',
        tags: JSON.stringify({ 'http.response.status_code': '500', error: 'true' }),
        minDuration: '0',
        maxDuration: '1h',
        lookback: 'custom',
      });
      const { data } = await get<JaegerTrace[]>(`/api/traces?${query}`);
      expect(data.map((trace) => trace.traceID)).toEqual([traceId]);
    });

    test('services, operations and the edge between both are listed', async () => {
      expect((await get<string[]>('/api/services')).data).toEqual(
        expect.arrayContaining([client, server]),
      );
      const operations = await get<string[]>(`/api/services/${server}/operations`);
      expect(operations.data).toEqual(['GET /v1/orders/:id']);
      await vi.waitFor(async () => {
        const { data } = await get<unknown[]>(`/api/dependencies?service=${server}`);
        expect(data).toEqual([{ parent: client, child: server, callCount: 1 }]);
      }, 10_000);
    });
  },
);
