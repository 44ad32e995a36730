import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSdk, type Tracing } from './start-tracing.ts';

interface Received {
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

/** Takes what exporters send, as a collector would. */
class Collector {
  readonly received: Received[] = [];
  status = 200;
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    this.received.push({
      path: request.url ?? '',
      contentType: request.headers['content-type'],
      body: Buffer.concat(chunks),
    });
    response.writeHead(this.status).end();
  });

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const identity = { service: 'orders', version: '2.3.0', environment: 'production' };

describe('tracing', () => {
  let collector: Collector;
  let url: string;
  let tracing: Tracing;
  let said: string[];

  /** Test files share a process, so any package may have been loaded before. */
  function say(line: string): void {
    if (!line.includes('was loaded before tracing started')) said.push(line);
  }

  beforeEach(async () => {
    collector = new Collector();
    url = await collector.start();
    said = [];
  });

  afterEach(async () => {
    await tracing.shutdown();
    vi.unstubAllEnvs();
    collector.stop();
  });

  function start(env: NodeJS.ProcessEnv): void {
    // The exporters read their own variables from the process.
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    tracing = startSdk({ ...identity, env, say });
  }

  function oneSpan(): void {
    trace.getTracer('test').startSpan('place order').end();
  }

  test('sends OTLP protobuf with name, version and environment of the service', async () => {
    start({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    oneSpan();
    await tracing.shutdown();
    const [request] = collector.received;
    expect(request).toMatchObject({ path: '/v1/traces', contentType: 'application/x-protobuf' });
    const text = request?.body.toString('latin1');
    for (const part of [
      'place order',
      'orders',
      '2.3.0',
      'production',
      'deployment.environment.name',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('concordat.verification');
    expect(text).not.toContain('process.command_args');
    expect([tracing.dropped(), said]).toEqual([0, []]);
  });

  test('sends Jaeger Thrift when TRACE_EXPORTER asks for it', async () => {
    start({ TRACE_EXPORTER: 'jaeger', OTEL_EXPORTER_JAEGER_ENDPOINT: `${url}/api/traces` });
    oneSpan();
    await tracing.shutdown();
    const [request] = collector.received;
    expect(request).toMatchObject({ path: '/api/traces', contentType: 'application/x-thrift' });
    expect(request?.body.toString('latin1')).toContain('place order');
  });

  test('marks verification as a test, whatever the environment says', async () => {
    start({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      CONCORDAT_VERIFYING: '1',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production',
    });
    oneSpan();
    await tracing.shutdown();
    const text = collector.received[0]?.body.toString('latin1');
    expect(text).toContain('concordat.verification');
    expect(text).toContain('test');
    expect(text).not.toContain('production');
  });

  test('sends soon, without being asked', async () => {
    start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '10' });
    oneSpan();
    await vi.waitFor(() => expect(collector.received).toHaveLength(1), 10_000);
  });

  test('sends OTLP as JSON when the protocol asks for it', async () => {
    start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    oneSpan();
    await tracing.shutdown();
    expect(collector.received[0]?.contentType).toBe('application/json');
    expect(collector.received[0]?.body.toString()).toContain('place order');
  });

  test('loses spans over gRPC to nobody as it does over HTTP', async () => {
    start({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TIMEOUT: '50',
    });
    oneSpan();
    await tracing.shutdown();
    expect(tracing.dropped()).toBe(1);
    expect(said).toEqual([expect.stringContaining('1 span was not delivered')]);
  });

  test.each([
    { env: { OTEL_TRACES_EXPORTER: 'none' }, why: 'nobody takes them' },
    { env: { OTEL_SDK_DISABLED: 'true' }, why: 'tracing is switched off' },
  ])('makes no spans when $why', async ({ env }) => {
    start(env);
    expect(trace.getTracer('test').startSpan('place order').isRecording()).toBe(false);
    await tracing.shutdown();
    expect([tracing.dropped(), said]).toEqual([0, []]);
  });

  test.each([
    { sampler: 'traceidratio', share: '1', sent: 1 },
    { sampler: 'parentbased_traceidratio', share: '1', sent: 1 },
    { sampler: 'parentbased_traceidratio', share: '0', sent: 0 },
  ])('says the share of $sampler $share in tracestate', async ({ sampler, share, sent }) => {
    start({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_TRACES_SAMPLER: sampler,
      OTEL_TRACES_SAMPLER_ARG: share,
    });
    oneSpan();
    await tracing.shutdown();
    expect(collector.received).toHaveLength(sent);
    const text = collector.received.map(({ body }) => body.toString('latin1')).join('');
    expect(text.includes('ot=th:0')).toBe(sent === 1);
  });

  test('says the share on the span itself when it goes out as Jaeger Thrift', async () => {
    start({
      TRACE_EXPORTER: 'jaeger',
      OTEL_EXPORTER_JAEGER_ENDPOINT: `${url}/api/traces`,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '1',
    });
    oneSpan();
    await tracing.shutdown();
    expect(collector.received[0]?.body.toString('latin1')).toContain('sampler.param');
  });

  test('counts what a full queue had no room for', async () => {
    start({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_BSP_MAX_QUEUE_SIZE: '2',
      OTEL_BSP_SCHEDULE_DELAY: '60000',
    });
    for (let span = 0; span < 5; span += 1) oneSpan();
    await tracing.shutdown();
    // Two are on their way, two wait.
    expect(tracing.dropped()).toBe(1);
    expect(said).toEqual([
      expect.stringContaining('1 span was not delivered (the queue was full)'),
    ]);
  });

  test('further instrumentations get the provider, and are taken away again', async () => {
    const kafka = new HttpInstrumentation({ enabled: false });
    const isEnabled: boolean[] = [];
    vi.spyOn(kafka, 'enable').mockImplementation(() => void isEnabled.push(true));
    vi.spyOn(kafka, 'disable').mockImplementation(() => void isEnabled.push(false));
    const env = { OTEL_TRACES_EXPORTER: 'none', OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'pg' };
    tracing = startSdk({ ...identity, env, say, instrumentations: [kafka] });
    await tracing.shutdown();
    expect(isEnabled).toEqual([true, false]);
  });

  test('says once what it lost and never throws', async () => {
    collector.status = 400;
    start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '10' });
    oneSpan();
    await vi.waitFor(() => expect(tracing.dropped()).toBe(1), 10_000);
    oneSpan();
    await tracing.shutdown();
    expect(tracing.dropped()).toBe(2);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^tracing: 1 span was not delivered \(/);
  });

  test('a wrong setting is named and the default is used', async () => {
    start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, TRACE_EXPORTER: 'zipkin' });
    oneSpan();
    await tracing.shutdown();
    expect(collector.received).toHaveLength(1);
    expect(said).toEqual([expect.stringContaining("TRACE_EXPORTER is 'zipkin'")]);
  });

  test('an endpoint that is no URL loses the spans and says so once', async () => {
    start({ TRACE_EXPORTER: 'jaeger', OTEL_EXPORTER_JAEGER_ENDPOINT: 'no url at all' });
    oneSpan();
    await tracing.shutdown();
    expect(tracing.dropped()).toBe(1);
    expect(said).toEqual([expect.stringContaining('1 span was not delivered')]);
  });

  test('a service goes on without tracing when tracing cannot start', async () => {
    const unreadable = new Proxy<NodeJS.ProcessEnv>(
      {},
      {
        get() {
          throw new Error('the environment is locked');
        },
      },
    );
    tracing = startSdk({ ...identity, env: unreadable, say });
    oneSpan();
    await tracing.shutdown();
    expect([tracing.dropped(), said]).toEqual([
      0,
      [expect.stringContaining('no spans will be sent: Error: the environment is locked')],
    ]);
  });

  test('stopping twice waits for the same end', async () => {
    start({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    oneSpan();
    await Promise.all([tracing.shutdown(), tracing.shutdown()]);
    expect(collector.received).toHaveLength(1);
  });
});
