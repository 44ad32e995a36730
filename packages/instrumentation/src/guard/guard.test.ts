import { once } from 'node:events';
import {
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  request as requestOf,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { compileContract } from '@concordat/conformance';
import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import express, { type Express } from 'express';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { plugGuard } from '../guard-plug.ts';
import { serviceInstrumentations } from '../instrumentations/service-instrumentations.ts';
import { type Guard, makeGuard } from './guard.ts';
import { type GuardOptions, guardSettings } from './guard-options.ts';

const like = (...places: readonly string[]) =>
  Object.fromEntries(places.map((place) => [place, { matchers: [{ match: 'type' }] }]));

const interactions = {
  order: {
    ...{ type: 'Synchronous/HTTP', description: 'an order' },
    request: { method: 'GET', path: '/v1/orders/7' },
    response: {
      status: 200,
      headers: { 'content-type': ['application/json'] },
      body: { contentType: 'application/json', content: { id: 7, lines: [{ sku: 'mug' }] } },
      matchingRules: { body: like('$.id', '$.lines', '$.lines[*].sku') },
    },
  },
  place: {
    ...{ type: 'Synchronous/HTTP', description: 'an order is placed' },
    request: {
      ...{ method: 'POST', path: '/v1/orders' },
      body: { contentType: 'application/json', content: { sku: 'mug' } },
      matchingRules: { body: like('$.sku') },
    },
    response: { status: 201 },
  },
  placed: {
    ...{ type: 'Asynchronous/Messages', description: 'an order was placed' },
    contents: { contentType: 'application/json', content: { orderId: 'o-1' } },
    metadata: { routingKey: 'order.placed', topic: 'orders' },
    matchingRules: { body: like('$.orderId') },
  },
};

function aPact(consumer: string, provider: string, names: readonly (keyof typeof interactions)[]) {
  return {
    ...{ consumer: { name: consumer }, provider: { name: provider } },
    interactions: names.map((name) => interactions[name]),
    metadata: { pactSpecification: { version: '4.0' } },
  };
}

/** Says which pacts are in force, as the hub does. */
class FakeHub {
  readonly asked: IncomingMessage[] = [];
  pacts: readonly ReturnType<typeof aPact>[] = [];
  readonly #server = createServer((request, response) => {
    this.asked.push(request);
    const index = /sha-(\d+)$/.exec(request.url ?? '')?.[1];
    if (index !== undefined) {
      response.end(JSON.stringify(this.pacts[Number(index)]));
      return;
    }
    const listed = this.pacts.map(({ consumer, provider }, at) => ({
      ...{ consumer: consumer.name, provider: provider.name, sha: `sha-${at}` },
      ...{ path: `/pacts/sha-${at}`, consumerVersions: ['1.0.0'] },
    }));
    response.end(JSON.stringify({ pacts: listed }));
  });

  async start(): Promise<string> {
    return urlOf(this.#server);
  }

  stop(): void {
    closeServer(this.#server);
  }
}

async function urlOf(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closeServer(server: Server): void {
  server.close();
  server.closeAllConnections();
}

describe('the live guard', () => {
  const exporter = new InMemorySpanExporter();
  const endings: (() => void)[] = [];
  let hub: FakeHub;
  let hubUrl: string;

  beforeEach(async () => {
    hub = new FakeHub();
    hub.pacts = [
      aPact('web', 'orders', ['order', 'place']),
      aPact('shipping', 'orders', ['placed']),
    ];
    hubUrl = await hub.start();
    endings.push(() => hub.stop());
    exporter.reset();
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(
      new CompositePropagator({
        propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
      }),
    );
    endings.push(() => {
      for (const api of [trace, context, propagation]) api.disable();
    });
  });

  afterEach(() => {
    for (const end of endings.splice(0).reverse()) end();
  });

  function settingsOf(options: GuardOptions) {
    const silent = {
      sides: undefined,
      hubUrl: undefined,
      rate: undefined,
      authorization: undefined,
    };
    return guardSettings({ hubUrl, ...options }, silent, {
      ...{ service: 'orders', version: '1.0.0', environment: 'test' },
    });
  }

  /** Guard and instrumentations as startTracing joins them. */
  async function plugged(options: GuardOptions, random = () => 0.5): Promise<Guard> {
    const made = makeGuard(settingsOf(options), {
      ...{ now: () => performance.now(), random, say: (line: string) => expect(line).toBe('') },
      ...{ compile: compileContract, guardsGlobalFetch: true },
    });
    const plug = plugGuard(
      async () => ({ make: () => made }),
      () => undefined,
    );
    const instrumentations = serviceInstrumentations(
      { enabled: ['undici'], disabled: [] },
      { silent: [], guard: plug.hooks, complain: () => undefined },
    );
    plug.start();
    endings.push(() => {
      plug.stop();
      for (const one of instrumentations) one.disable();
    });
    await made.guard.ready;
    return made.guard;
  }

  /** As the instrumentation of node:http makes spans: open until the response is closed. */
  async function served(listener: RequestListener): Promise<string> {
    const server = createServer((request, response) => {
      const caller = propagation.extract(context.active(), request.headers);
      const attributes = { 'url.path': request.url ?? '' };
      const span = trace
        .getTracer('http')
        .startSpan('GET', { kind: SpanKind.SERVER, attributes }, caller);
      response.once('close', () => span.end());
      context.with(trace.setSpan(caller, span), () => listener(request, response));
    });
    endings.push(() => closeServer(server));
    return urlOf(server);
  }

  /** Answers everything with this, behind the guard where there is one. */
  function orders(guard: Guard | undefined, body: unknown, status = 200): Express {
    const app = express();
    if (guard !== undefined) app.use(guard.express());
    app.post('/v1/orders', (_, response) => void response.status(201).end());
    app.use((_, response) => {
      // Headers may be numbers until they are sent.
      response.setHeader('x-rate', 7 as never);
      response.status(status).json(body);
    });
    return app;
  }

  function spans(kind: SpanKind): readonly ReadableSpan[] {
    return exporter.getFinishedSpans().filter((span) => span.kind === kind);
  }

  /** What the guard said on spans of a kind, without its prefix. */
  function said(kind: SpanKind): readonly Attributes[] {
    return spans(kind).map(({ attributes }) =>
      Object.fromEntries(
        Object.entries(attributes)
          .filter(([name]) => name.startsWith('concordat.guard.'))
          .map(([name, value]) => [name.slice('concordat.guard.'.length), value]),
      ),
    );
  }

  function saidOf(kind: SpanKind, count = 1): Promise<readonly Attributes[]> {
    return vi.waitFor(() => {
      expect(spans(kind).length).toBeGreaterThanOrEqual(count);
      return said(kind);
    }, 10_000);
  }

  /** A call that no guard sees. */
  function asked(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      get(url, { headers, agent: false }, (response) => {
        response.resume().once('end', () => resolve(response));
      }).once('error', reject);
    });
  }

  const good = { id: 8, lines: [{ sku: 'tea', extra: 1 }] };
  const bad = { id: 'secret', lines: [] };

  describe('in the provider', () => {
    test('says on the SERVER span that a promise is kept, and which fields were there', async () => {
      const guard = await plugged({ sides: 'provider' });
      await asked(`${await served(orders(guard, good))}/v1/orders/7?a=1`);
      expect(await saidOf(SpanKind.SERVER)).toEqual([
        {
          ...{ side: 'provider', verdict: 'kept', consumer: 'web', provider: 'orders' },
          ...{ operation: 'GET /v1/orders/{id}', interaction: 'an order', 'pact.sha': 'sha-0' },
          fields: ['/id', '/lines', '/lines/*/sku', '/lines/*/extra'],
        },
      ]);
      expect(guard.counts().checks).toMatchObject({ kept: 1 });
    });

    test('says where a promise is broken, never with what', async () => {
      const guard = await plugged({ sides: 'provider' });
      await asked(`${await served(orders(guard, bad))}/v1/orders/7`);
      const [verdict] = await saidOf(SpanKind.SERVER);
      expect(verdict).toMatchObject({ verdict: 'broken', mismatches: ['body type /id'] });
      expect(JSON.stringify(said(SpanKind.SERVER))).not.toContain('secret');
    });

    test('judges what was sent compressed', async () => {
      const guard = await plugged({ sides: 'provider' });
      const app = express();
      app.use(guard.express());
      app.use((_, response) => {
        response.setHeader('content-encoding', 'gzip').type('json');
        response.end(gzipSync(JSON.stringify(bad)));
      });
      await asked(`${await served(app)}/v1/orders/7`);
      expect(await saidOf(SpanKind.SERVER)).toMatchObject([{ verdict: 'broken' }]);
    });

    test('judges with the pacts of who calls, where a guard there says so', async () => {
      hub.pacts = [...hub.pacts, aPact('app', 'orders', ['order'])];
      const guard = await plugged({ sides: 'provider' });
      const url = await served(orders(guard, bad));
      const from = (name: string) => ({
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        baggage: `concordat.consumer=${name};span=${'b'.repeat(16)};version=1.0.0`,
      });
      await asked(`${url}/v1/orders/7`, from('app'));
      await asked(`${url}/v1/other`, from('app'));
      await asked(`${url}/v1/orders/7`, from('stranger'));
      expect(await saidOf(SpanKind.SERVER, 3)).toMatchObject([
        { verdict: 'broken', consumer: 'app' },
        { verdict: 'uncovered', consumer: 'app', operation: 'GET /v1/other' },
        {},
      ]);
      expect(guard.counts().skipped['no-contract']).toBe(1);
    });

    test('judges with the pacts of all consumers when it is not known who calls', async () => {
      hub.pacts = ['web', 'app', 'cron', 'bot'].map((name) => aPact(name, 'orders', ['order']));
      const guard = await plugged({ sides: 'provider' });
      await asked(`${await served(orders(guard, bad))}/v1/orders/7`);
      const [own] = await saidOf(SpanKind.SERVER);
      expect([own?.consumer, ...said(SpanKind.INTERNAL).map(({ consumer }) => consumer)]).toEqual([
        ...['web', 'app', 'cron'],
      ]);
      const [first] = spans(SpanKind.INTERNAL);
      expect(first?.parentSpanContext?.spanId).toBe(
        spans(SpanKind.SERVER)[0]?.spanContext().spanId,
      );
      expect(first?.attributes['http.response.status_code']).toBe(200);
    });

    test('says nothing of a request that nobody promised when it is not known who calls', async () => {
      const guard = await plugged({ sides: 'provider' });
      await asked(`${await served(orders(guard, good))}/v1/other`);
      expect(await saidOf(SpanKind.SERVER)).toEqual([{}]);
      expect(guard.counts().skipped['unknown-peer']).toBe(1);
    });

    test.each([
      { status: 200, verdicts: 0, why: 'promised' },
      { status: 404, verdicts: 1, why: 'not promised' },
      { status: 500, verdicts: 1, why: 'a failure' },
    ])(
      'looks at a $status, which is $why, without its body when it is not sampled',
      async ({ status, verdicts }) => {
        const guard = await plugged({ sides: 'provider', sampling: { first: 0, rate: 0 } });
        const caller = {
          traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
          baggage: `concordat.consumer=web;span=${'b'.repeat(16)}`,
        };
        await asked(`${await served(orders(guard, bad, status))}/v1/orders/7`, caller);
        const [verdict] = await saidOf(SpanKind.SERVER);
        const { checks, skipped } = guard.counts();
        expect(checks.kept + checks.broken + checks.uncovered + checks.undecided).toBe(verdicts);
        expect(skipped['sampled-out']).toBe(1);
        expect(verdict?.fields).toBeUndefined();
      },
    );

    test.each([
      {
        what: 'other sides',
        options: { sides: 'consumer' as const },
        path: '/v1/orders/7',
        method: 'GET',
      },
      { what: 'health checks', options: {}, path: '/health', method: 'GET' },
      {
        what: 'paths it is told',
        options: { ignorePaths: ['/v1/'] },
        path: '/v1/orders/7',
        method: 'GET',
      },
      { what: 'OPTIONS', options: {}, path: '/v1/orders/7', method: 'OPTIONS' },
    ])('does not look at $what', async ({ options, path, method }) => {
      const guard = await plugged(options);
      const url = await served(orders(guard, good));
      await new Promise((done) => {
        requestOf(`${url}${path}`, { method }, (response) =>
          response.resume().once('end', done),
        ).end();
      });
      await saidOf(SpanKind.SERVER);
      expect(Object.values(guard.counts().checks)).toEqual([0, 0, 0, 0]);
    });

    test('does not look at what is not recorded, nor without pacts, nor once it is stopped', async () => {
      const guard = await plugged({ sides: 'provider' });
      const url = await served(orders(guard, good));
      await asked(`${url}/v1/orders/7`, {
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`,
      });
      trace.disable();
      trace.setGlobalTracerProvider(new BasicTracerProvider({ sampler: new AlwaysOffSampler() }));
      await asked(`${url}/v1/orders/7`);
      await vi.waitFor(() => expect(guard.counts().skipped.unrecorded).toBeGreaterThan(0), 10_000);
      guard.stop();
      await asked(`${url}/v1/orders/7`);
      expect(Object.values(guard.counts().checks)).toEqual([0, 0, 0, 0]);
    });

    test('says of 304 and of a long body what can be said', async () => {
      const guard = await plugged({ sides: 'provider', maxBodyBytes: 10 });
      const url = await served(orders(guard, good));
      await asked(`${url}/v1/orders/7`, { 'if-none-match': '*' });
      await asked(`${url}/v1/orders/7`);
      const [unchanged, long] = await saidOf(SpanKind.SERVER, 2);
      expect(unchanged).toEqual({});
      expect(long?.verdict).not.toBe('broken');
      expect(guard.counts().skipped).toMatchObject({ 'not-modified': 1, 'body-not-known': 1 });
    });

    test('without tracing only counts', async () => {
      trace.disable();
      const guard = await plugged({ sides: 'provider' });
      const server = createServer(orders(guard, bad));
      endings.push(() => closeServer(server));
      await asked(`${await urlOf(server)}/v1/orders/7`);
      await vi.waitFor(() => expect(guard.counts().checks.broken).toBe(1), 10_000);
    });
  });

  describe('in the consumer', () => {
    test('says on the CLIENT span of a fetch what came, whatever way it is read', async () => {
      const guard = await plugged({ service: 'web', sides: 'consumer' });
      const url = await served(orders(undefined, good));
      expect(await (await fetch(`${url}/v1/orders/7`)).json()).toEqual(good);
      let text = '';
      for await (const chunk of (await fetch(`${url}/v1/orders/7`)).body ?? [])
        text += Buffer.from(chunk);
      expect(JSON.parse(text)).toEqual(good);
      expect(await saidOf(SpanKind.CLIENT, 2)).toMatchObject([
        { side: 'consumer', verdict: 'kept', consumer: 'web', provider: 'orders' },
        { side: 'consumer', verdict: 'kept' },
      ]);
      expect(guard.counts().checks.kept).toBe(2);
    });

    test('sees what is asked with a body, and leaves it as it is', async () => {
      await plugged({ service: 'web', sides: 'consumer' });
      const bodies: string[] = [];
      const url = await served(async (request, response) => {
        for await (const chunk of request) bodies.push(String(chunk));
        response.writeHead(201).end();
      });
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: '{"sku":"tea"}' };
      expect((await fetch(`${url}/v1/orders`, init)).status).toBe(201);
      const stream = new ReadableStream({
        start: (controller) => {
          controller.enqueue(Buffer.from('{"sku":'));
          controller.enqueue(Buffer.from('"cup"}'));
          controller.close();
        },
      });
      await fetch(`${url}/v1/orders`, { ...init, body: stream, duplex: 'half' } as RequestInit);
      expect(bodies.join('')).toBe('{"sku":"tea"}{"sku":"cup"}');
      expect(await saidOf(SpanKind.CLIENT, 2)).toMatchObject([
        { verdict: 'kept', operation: 'POST /v1/orders' },
        { verdict: 'kept' },
      ]);
    });

    test('names itself to who is called, which judges with its pacts', async () => {
      hub.pacts = [aPact('orders', 'orders', ['order'])];
      const guard = await plugged({ sides: 'both' });
      await (await fetch(`${await served(orders(guard, bad))}/v1/orders/7`)).text();
      await saidOf(SpanKind.SERVER);
      expect([...said(SpanKind.SERVER), ...said(SpanKind.CLIENT)]).toMatchObject([
        { side: 'provider', verdict: 'broken' },
        { side: 'consumer', verdict: 'broken' },
      ]);
    });

    test('says nothing of an answer that several could have been asked for', async () => {
      hub.pacts = [aPact('web', 'orders', ['order']), aPact('web', 'archive', ['order'])];
      const url = await served(orders(undefined, good));
      const guard = await plugged({ service: 'web', sides: 'consumer' });
      await (await fetch(`${url}/v1/orders/7`)).text();
      expect(await saidOf(SpanKind.CLIENT)).toEqual([{}]);
      expect(guard.counts().skipped['unknown-peer']).toBe(1);
    });

    test('knows whom it asks when it is told', async () => {
      hub.pacts = [aPact('web', 'orders', ['order']), aPact('web', 'archive', ['order'])];
      const url = await served(orders(undefined, good));
      const { host } = new URL(url);
      await plugged({ service: 'web', sides: 'consumer', providers: { [host]: 'archive' } });
      await (await fetch(`${url}/v1/orders/7`)).text();
      await (await fetch(`${url}/v1/nothing`)).text();
      expect(await saidOf(SpanKind.CLIENT, 2)).toMatchObject([
        { verdict: 'kept', provider: 'archive' },
        { verdict: 'uncovered', provider: 'archive' },
      ]);
    });

    test('learns whom it asks, and then knows a request that nobody promised', async () => {
      await plugged({ service: 'web', sides: 'consumer' });
      const url = await served(orders(undefined, good));
      for (const path of ['/v1/nothing', '/v1/orders/7', '/v1/nothing']) {
        await (await fetch(`${url}${path}`)).text();
      }
      expect((await saidOf(SpanKind.CLIENT, 3)).map(({ verdict }) => verdict)).toEqual([
        ...[undefined, 'kept', 'uncovered'],
      ]);
    });

    test('counts what is broken off, and the host hears of it as ever', async () => {
      const guard = await plugged({ service: 'web', sides: 'consumer' });
      const url = await served((_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      });
      await expect(fetch(`${url}/v1/orders/7`).then((answer) => answer.text())).rejects.toThrow();
      await expect(fetch(`${url}/v1/orders/7`, { signal: AbortSignal.abort() })).rejects.toThrow();
      expect(guard.counts().skipped.aborted).toBeGreaterThan(0);
    });

    test('tells below the span what the host reads of an answer, when it is asked to', async () => {
      const guard = await plugged({ service: 'web', sides: 'consumer', watchFields: true });
      const before = globalThis.fetch;
      const url = await served(orders(undefined, good));
      const body = (await (await fetch(`${url}/v1/orders/7`)).json()) as typeof good;
      expect(body.lines.map(({ sku }) => sku)).toEqual(['tea']);
      await saidOf(SpanKind.CLIENT);
      guard.stop();
      expect(said(SpanKind.INTERNAL)).toMatchObject([
        { verdict: 'kept', 'fields.read': ['/lines', '/lines/*/sku'] },
      ]);
      expect(globalThis.fetch).not.toBe(before);
    });

    test('leaves everything as it was once it is stopped', async () => {
      const dispatcher = Symbol.for('undici.globalDispatcher.1');
      void globalThis.Headers;
      const before = [globalThis.fetch, Reflect.get(globalThis, dispatcher)];
      const guard = await plugged({ service: 'web', watchFields: true });
      expect(Reflect.get(globalThis, dispatcher)).not.toBe(before[1]);
      guard.stop();
      expect([globalThis.fetch, Reflect.get(globalThis, dispatcher)]).toEqual(before);
      const url = await served(orders(undefined, good));
      expect(await (await fetch(`${url}/v1/orders/7`)).json()).toEqual(good);
      expect(await saidOf(SpanKind.CLIENT)).toEqual([{}]);
    });

    test('hands out a fetch that guards what the global one does not', async () => {
      const { guard } = makeGuard(settingsOf({ service: 'web' }), {
        ...{ now: () => performance.now(), random: () => 0.5, say: () => undefined },
        ...{ compile: compileContract, guardsGlobalFetch: false },
      });
      endings.push(() => guard.stop());
      await guard.ready;
      const url = await served(orders(undefined, good));
      await (await fetch(`${url}/v1/orders/7`)).text();
      expect(guard.counts().checks.kept).toBe(0);
      await (await guard.fetch()(`${url}/v1/orders/7`)).text();
      expect(guard.counts().checks.kept).toBe(1);
    });

    test('looks at calls of node:http through its instrumentation', async () => {
      const guard = await plugged({ service: 'web', sides: 'consumer' });
      const { http } = guard;
      const server = createServer(orders(undefined, bad));
      endings.push(() => closeServer(server));
      const url = await urlOf(server);
      const span = trace.getTracer('http').startSpan('GET', { kind: SpanKind.CLIENT });
      await new Promise<void>((done) => {
        const request = get(`${url}/v1/orders/7`, { agent: false });
        http.requestHook(span, request);
        request.once('response', (response) => {
          http.responseHook(span, response);
          response.resume().once('end', () => {
            http.applyCustomAttributesOnSpan(span, request, response);
            span.end();
            done();
          });
        });
      });
      expect(said(SpanKind.CLIENT)).toMatchObject([
        { side: 'consumer', verdict: 'broken', mismatches: ['body type /id'] },
      ]);
    });
  });

  describe('of messages', () => {
    const properties = { contentType: 'application/json', type: 'order.placed', messageId: '1' };
    const content = (body: unknown) => Buffer.from(JSON.stringify(body));
    const aSpan = (): Span => trace.getTracer('amqp').startSpan('m', { kind: SpanKind.PRODUCER });
    const message = (body: unknown) => ({
      ...{
        exchange: 'events',
        routingKey: 'order.placed',
        content: content(body),
        options: properties,
      },
    });

    test('says on the PRODUCER span what is sent, when the broker has it', async () => {
      const { amqp } = await plugged({});
      const [kept, broken, refused] = [aSpan(), aSpan(), aSpan()];
      amqp.publishHook(kept, { ...message({ orderId: 'o-2' }), isConfirmChannel: true });
      amqp.publishConfirmHook(kept, message({ orderId: 'o-2' }));
      amqp.publishHook(broken, { ...message({ other: 1 }), isConfirmChannel: false });
      amqp.publishConfirmHook(refused, { ...message({}), confirmError: new Error('no') });
      for (const span of [kept, broken, refused]) span.end();
      expect(said(SpanKind.PRODUCER)).toMatchObject([
        { side: 'provider', verdict: 'kept', consumer: 'shipping', operation: 'send order.placed' },
        { verdict: 'broken', mismatches: ['body required /orderId'] },
        {},
      ]);
    });

    test('says on the CONSUMER span what was received, by the name of the event', async () => {
      const { amqp, counts } = await plugged({ service: 'shipping' });
      const spans = [aSpan(), aSpan(), aSpan()];
      const fields = { exchange: 'events.retry', routingKey: 'shipping.orders' };
      const received = (body: unknown, over = {}) => ({
        msg: { content: content(body), fields, properties: { ...properties, ...over } },
      });
      amqp.consumeEndHook(spans[0] as Span, received({ orderId: 'o-2' }));
      const headers = { 'cloudEvents:type': 'order.placed' };
      amqp.consumeEndHook(spans[1] as Span, received({}, { type: undefined, headers }));
      amqp.consumeEndHook(spans[2] as Span, received({}, { type: 'order.lost' }));
      for (const span of spans) span.end();
      expect(said(SpanKind.PRODUCER)).toMatchObject([
        { side: 'consumer', verdict: 'kept', consumer: 'shipping', provider: 'orders' },
        { verdict: 'broken' },
        {},
      ]);
      expect(counts().skipped['unknown-peer']).toBe(1);
    });

    test('goes on when a message is none', async () => {
      const { amqp, counts } = await plugged({});
      amqp.publishConfirmHook(aSpan(), {} as never);
      amqp.consumeEndHook(aSpan(), { msg: {} } as never);
      expect(Object.values(counts().checks)).toEqual([0, 0, 0, 0]);
    });
  });
});
