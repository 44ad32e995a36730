import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { spansOf } from '../decode/column-batch.ts';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import {
  type EncodedGroup,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '../decode/encode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import type { SpanBatch } from '../span-batch.ts';
import { type ForwardClock, JaegerForwarder } from './forward-to-jaeger.ts';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

interface SeenRequest {
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly spans: readonly ReceivedSpan[];
}

let server: Server;
let url: string;
/** What the next requests get; 200 without a body when none is left. */
let answers: (Answer | 'never' | 'hang-up')[];
/** Asked before `answers`. */
let answerTo: ((seen: SeenRequest) => Answer | undefined) | undefined;
/** Requests that were answered with 200. */
let received: SeenRequest[];
let seen: SeenRequest[];
let logged: string[];
let clock: VirtualClock;

beforeEach(async () => {
  answers = [];
  answerTo = undefined;
  received = [];
  seen = [];
  logged = [];
  clock = new VirtualClock();
  server = createServer(async (request, response) => {
    const spans = spansOf(decodeOtlp(gunzipSync(await bodyOf(request))));
    const one = { path: request.url, authorization: request.headers.authorization, spans };
    seen.push(one);
    const answer = answerTo?.(one) ?? answers.shift() ?? { status: 200 };
    if (answer === 'never') return;
    if (answer === 'hang-up') {
      request.socket.destroy();
      return;
    }
    if (answer.status === 200) received.push(one);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await listen(0);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(stopListening);

async function listen(port: number): Promise<void> {
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
}

async function stopListening(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Pauses cost no time: they move the clock on. */
class VirtualClock implements ForwardClock {
  readonly pauses: number[] = [];
  deadlines: AbortController[] = [];
  ms = Date.parse('2026-11-21T12:00:00Z');
  /** Pauses wait for this before the clock moves on. */
  gate: Promise<void> = Promise.resolve();

  now(): Date {
    return new Date(this.ms);
  }

  async pause(ms: number): Promise<void> {
    this.pauses.push(ms);
    await this.gate;
    this.ms += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }

  deadline(): AbortSignal {
    const controller = new AbortController();
    this.deadlines.push(controller);
    return controller.signal;
  }
}

interface Options {
  readonly url?: string;
  readonly token?: string;
  readonly maxQueueBytes?: number;
}

function forwarder(options: Options = {}): JaegerForwarder {
  return new JaegerForwarder(
    { url, token: undefined, maxQueueBytes: 1_000_000, ...options },
    { log: (_level, message) => void logged.push(message), clock },
  );
}

let nextSpan = 0;

function someSpans(service: string, count = 1, note = ''): EncodedGroup {
  const spans = Array.from({ length: count }, () => {
    const spanId = Buffer.alloc(8);
    nextSpan += 1;
    spanId.writeUInt32BE(nextSpan, 4);
    return encodeSpan({
      traceId: Buffer.alloc(16, 7),
      spanId,
      parentSpanId: Buffer.alloc(0),
      traceState: '',
      flags: 0,
      name: 'GET',
      kind: 3,
      startNanos: 1_790_000_000_000_000_000n,
      endNanos: 1_790_000_000_000_000_000n,
      attributes: { 'url.full': 'http://a/?token=hush', note },
      events: [],
      links: [],
      statusCode: 0,
      statusMessage: '',
    });
  });
  const resource = writeAttributes(new ProtobufWriter(), 1, { 'service.name': service }).finish();
  const scope = new ProtobufWriter().string(1, 'test').finish();
  return { resource, scope, spans };
}

/** What the decoder makes of a request with these groups. */
function batchOf(...groups: readonly EncodedGroup[]): SpanBatch {
  return decodeOtlp(encodeRequest(groups));
}

function send(to: JaegerForwarder, ...groups: readonly EncodedGroup[]): void {
  const batch = batchOf(...groups);
  to.take(batch, new Uint8Array(batch.length).fill(1));
}

function forwardedNames(): string[] {
  return received.flatMap(({ spans }) => spans.map((span) => span.resource.service));
}

describe('what is forwarded', () => {
  test('every accepted span arrives by OTLP below its resource and scope, without its secrets', async () => {
    const jaeger = forwarder();
    const web = someSpans('web', 2);
    send(jaeger, web, someSpans('orders'));
    await jaeger.close(5_000);
    expect(received[0]?.path).toBe('/v1/traces');
    expect(forwardedNames()).toEqual(['web', 'web', 'orders']);
    const [first] = received[0]?.spans ?? [];
    expect(first?.scope.name).toBe('test');
    expect(first?.attributes['url.full']).toBe('http://a/?token=REDACTED');
    expect(first?.raw).toEqual(batchOf(web).raw(0));
    expect(jaeger.counts()).toEqual({
      forwardedSpans: 3,
      droppedSpans: 0,
      rejectedSpans: 0,
      queuedBytes: 0,
    });
  });

  test('spans of one resource that come between others are put together', async () => {
    const jaeger = forwarder();
    const [web, orders] = [someSpans('web'), someSpans('orders')];
    const { origins } = batchOf(web, orders);
    jaeger.take(
      {
        origins,
        length: 4,
        resourceOf: Uint32Array.of(0, 1, 0, 1),
        raw: (at) => batchOf(web, orders).raw(at % 2),
      },
      Uint8Array.of(1, 1, 1, 1),
    );
    await jaeger.close(5_000);
    expect(forwardedNames()).toEqual(['web', 'web', 'orders', 'orders']);
  });

  test('spans that were taken before are left out, and a batch of nothing else is no request', async () => {
    const jaeger = forwarder();
    const batch = batchOf(someSpans('old'), someSpans('fresh', 3));
    jaeger.take(batch, Uint8Array.of(0, 0, 0, 0));
    jaeger.take(batch, Uint8Array.of(0, 1, 0, 1));
    await jaeger.close(5_000);
    expect(seen).toHaveLength(1);
    expect(received[0]?.spans.map(({ raw }) => raw)).toEqual([batch.raw(1), batch.raw(3)]);
    expect(jaeger.counts().forwardedSpans).toBe(2);
  });

  test.each([
    ['', '/v1/traces'],
    ['/', '/v1/traces'],
    ['/v1/traces/', '/v1/traces'],
    ['/jaeger', '/jaeger/v1/traces'],
  ])('an address that ends in "%s" leads to %s', async (end, path) => {
    const jaeger = forwarder({ url: `${url}${end}` });
    send(jaeger, someSpans('web'));
    await jaeger.close(5_000);
    expect(received[0]?.path).toBe(path);
  });

  test('what waits goes together, in no more than four requests at once', async () => {
    answers = ['never', 'never', 'never', 'never'];
    const jaeger = forwarder();
    const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
    for (const name of names) send(jaeger, someSpans(name));
    await vi.waitFor(() => expect(seen).toHaveLength(4), 10_000);
    for (const deadline of clock.deadlines) deadline.abort(new Error('too late'));
    await vi.waitFor(() => expect(forwardedNames().sort()).toEqual([...names].sort()), 10_000);
    expect(received.length).toBeLessThan(10);
    await jaeger.close(5_000);
  });
});

describe('credentials', () => {
  test.each<[string, { userInfo?: string; token?: string }, string | undefined]>([
    ['user info of the address', { userInfo: 'ann:p%40ss@' }, `Basic ${btoa('ann:p@ss')}`],
    ['a bare percent sign', { userInfo: 'ann:100%@' }, `Basic ${btoa('ann:100%')}`],
    ['a token', { token: 'secret' }, 'Bearer secret'],
    [
      'user info rather than the token',
      { userInfo: 'ann:x@', token: 'secret' },
      `Basic ${btoa('ann:x')}`,
    ],
    ['nothing', {}, undefined],
  ])('%s is sent, and never logged', async (_, { userInfo = '', token }, expected) => {
    answers = [{ status: 503 }, { status: 400 }];
    const jaeger = forwarder({
      url: url.replace('http://', `http://${userInfo}`),
      ...(token === undefined ? {} : { token }),
    });
    send(jaeger, someSpans('web'));
    await jaeger.close(5_000);
    expect(seen.map(({ authorization }) => authorization)).toEqual([expected, expected]);
    expect(logged).toEqual([`Jaeger at ${url}/v1/traces answered 503`, 'spans were not forwarded']);
  });
});

describe('a Jaeger that cannot take spans now', () => {
  test.each([429, 502, 503, 504])('%d: the same spans are sent again', async (status) => {
    answers = [{ status }];
    const jaeger = forwarder();
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    await jaeger.close(5_000);
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: 1, droppedSpans: 0 });
  });

  test('an outage is told when it begins and when it ends, not with every attempt', async () => {
    answers = [503, 429, 503].map((status) => ({ status }));
    answers.push('hang-up');
    const jaeger = forwarder();
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    await jaeger.close(5_000);
    expect(logged).toEqual([
      `Jaeger at ${url}/v1/traces answered 503`,
      `Jaeger at ${url}/v1/traces takes spans again`,
    ]);
  });

  test('pauses grow to five seconds, each a fifth longer or shorter than planned', async () => {
    answers = Array.from({ length: 6 }, () => ({ status: 503 }));
    const jaeger = forwarder();
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    const planned = [500, 1000, 2000, 4000, 5000, 5000];
    expect(clock.pauses).toHaveLength(planned.length);
    for (const [at, ms] of planned.entries()) {
      expect(clock.pauses[at]).toBeGreaterThanOrEqual(ms * 0.8);
      expect(clock.pauses[at]).toBeLessThanOrEqual(ms * 1.2);
    }
    await jaeger.close(5_000);
  });

  test.each([
    ['seconds', '7', 7_000],
    ['a date', 'Sat, 21 Nov 2026 12:00:09 GMT', 9_000],
    ['a date that has passed', 'Sat, 21 Nov 2026 11:00:00 GMT', undefined],
    ['nonsense', 'soon', undefined],
    ['a day', '86400', 300_000],
  ])('Retry-After of %s is waited for, five minutes at most', async (_, retryAfter, expected) => {
    answers = [{ status: 429, headers: { 'retry-after': retryAfter } }];
    const jaeger = forwarder();
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    if (expected === undefined) expect(clock.pauses[0]).toBeLessThanOrEqual(600);
    else expect(clock.pauses).toEqual([expected]);
    await jaeger.close(5_000);
  });

  test('one that does not answer in time is asked again', async () => {
    answers = ['never'];
    const jaeger = forwarder();
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000);
    clock.deadlines[0]?.abort(new DOMException('The operation timed out', 'TimeoutError'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    expect(logged[0]).toBe(`Jaeger at ${url}/v1/traces cannot be reached: The operation timed out`);
    await jaeger.close(5_000);
  });

  test('one that is down for a minute gets everything that was taken meanwhile', async () => {
    const { port } = server.address() as AddressInfo;
    await stopListening();
    const jaeger = forwarder();
    const start = clock.ms;
    const names: string[] = [];
    while (clock.ms < start + 60_000) {
      const name = `service-${names.length}`;
      names.push(name);
      send(jaeger, someSpans(name));
      const { ms } = clock;
      await vi.waitFor(() => expect(clock.ms).toBeGreaterThan(ms), 10_000);
    }
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: 0, droppedSpans: 0 });
    await listen(port);
    await vi.waitFor(() => expect(forwardedNames().sort()).toEqual([...names].sort()), 10_000);
    await jaeger.close(5_000);
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: names.length, droppedSpans: 0 });
    expect(logged).toHaveLength(2);
  });

  test('a request that fails again and again while others get through is given up', async () => {
    answerTo = ({ spans }) =>
      spans.some((span) => span.resource.service === 'poison') ? { status: 504 } : undefined;
    const jaeger = forwarder();
    let openGate = (): void => undefined;
    clock.gate = new Promise((resolve) => {
      openGate = resolve;
    });
    send(jaeger, someSpans('poison'));
    await vi.waitFor(() => expect(clock.pauses).toHaveLength(1), 10_000);
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    openGate();
    await vi.waitFor(() => expect(jaeger.counts().droppedSpans).toBe(1), 10_000);
    expect(seen).toHaveLength(12);
    await jaeger.close(5_000);
  });
});

describe('a Jaeger that refuses', () => {
  test.each([
    ['400', { status: 400 }],
    ['401', { status: 401 }],
    ['500, which is no state that passes', { status: 500 }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:9/' } }],
    ['200 with a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
    [
      '200 with rubbish',
      { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body: 'rubbish' },
    ],
    [
      '200 without end',
      {
        status: 200,
        headers: { 'content-type': 'application/x-protobuf' },
        body: Buffer.alloc(5_000_000),
      },
    ],
  ] satisfies [string, Answer][])(
    '%s: the spans are dropped and counted, and never sent again',
    async (_, answer) => {
      answers = [answer];
      const jaeger = forwarder();
      send(jaeger, someSpans('web', 2));
      await jaeger.close(5_000);
      expect(seen).toHaveLength(1);
      expect(jaeger.counts()).toMatchObject({ forwardedSpans: 0, droppedSpans: 2, queuedBytes: 0 });
      expect(logged).toEqual(['spans were not forwarded']);
    },
  );

  test('refusals of one kind are told once a minute', async () => {
    answerTo = () => ({ status: 400 });
    const jaeger = forwarder();
    for (let count = 1; count <= 3; count += 1) {
      send(jaeger, someSpans('web'));
      await vi.waitFor(() => expect(jaeger.counts().droppedSpans).toBe(count), 10_000);
    }
    expect(logged).toHaveLength(1);
    clock.ms += 60_000;
    send(jaeger, someSpans('web'));
    await jaeger.close(5_000);
    expect(logged).toHaveLength(2);
  });

  test('spans that it says it did not keep are counted apart', async () => {
    const partial = new ProtobufWriter().varint(1, 2).string(2, 'too old').finish();
    const body = new ProtobufWriter().bytes(1, partial).finish();
    answers = [{ status: 200, headers: { 'content-type': 'application/x-protobuf' }, body }];
    const jaeger = forwarder();
    send(jaeger, someSpans('web', 5));
    await jaeger.close(5_000);
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: 3, rejectedSpans: 2, droppedSpans: 0 });
    expect(logged).toEqual(['Jaeger did not keep all spans']);
  });

  test('a request it finds too large comes again in halves, down to single spans', async () => {
    answerTo = ({ spans }) => (spans.length > 2 ? { status: 413 } : undefined);
    const jaeger = forwarder();
    const sent = [someSpans('web', 5), someSpans('orders', 4)];
    send(jaeger, ...sent);
    await vi.waitFor(() => expect(jaeger.counts().forwardedSpans).toBe(9), 10_000);
    await jaeger.close(5_000);
    const ids = (spans: readonly ReceivedSpan[]) => spans.map((span) => span.spanId).sort();
    expect(ids(received.flatMap(({ spans }) => spans))).toEqual(ids(spansOf(batchOf(...sent))));
    expect(forwardedNames().filter((name) => name === 'web')).toHaveLength(5);
    expect(logged).toEqual([]);
  });

  test('a single span it finds too large is dropped and counted', async () => {
    answerTo = ({ spans }) =>
      spans.some((span) => span.attributes.note !== '') ? { status: 413 } : undefined;
    const jaeger = forwarder();
    send(jaeger, someSpans('web', 2), someSpans('web', 1, 'x'.repeat(1_000)));
    await jaeger.close(5_000);
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: 2, droppedSpans: 1, queuedBytes: 0 });
  });
});

describe('the bound', () => {
  test('a full queue drops its oldest spans, counts and tells them, and never makes the taker wait', async () => {
    await stopListening();
    const jaeger = forwarder({ maxQueueBytes: 3_000 });
    clock.gate = new Promise(() => undefined);
    const names = Array.from({ length: 40 }, (_, index) => `service-${index}`);
    for (const name of names) send(jaeger, someSpans(name));
    const { droppedSpans, queuedBytes } = jaeger.counts();
    expect(droppedSpans).toBeGreaterThan(20);
    expect(droppedSpans).toBeLessThan(40);
    expect(queuedBytes).toBeLessThanOrEqual(3_000);
    clock.gate = Promise.resolve();
    await jaeger.close(0);
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: 0, droppedSpans: 40, queuedBytes: 0 });
    expect(logged.filter((line) => line === 'spans were not forwarded').length).toBeLessThan(4);
    await listen(0);
  });

  test('a batch larger than a request is sent in parts', async () => {
    const jaeger = forwarder({ maxQueueBytes: 64_000 });
    send(jaeger, someSpans('web', 50, 'x'.repeat(500)));
    await jaeger.close(5_000);
    expect(received.length).toBeGreaterThan(2);
    expect(forwardedNames()).toHaveLength(50);
  });
});

describe('closing', () => {
  test('what waits for a pause to end is tried again at once', async () => {
    answers = [{ status: 503, headers: { 'retry-after': '200' } }];
    const jaeger = new JaegerForwarder(
      { url, token: undefined, maxQueueBytes: 1_000_000 },
      { log: (_level, message) => void logged.push(message) },
    );
    send(jaeger, someSpans('web'));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 10_000);
    await jaeger.close(5_000);
    expect(forwardedNames()).toEqual(['web']);
  });

  test('spans that cannot be sent within the grace are dropped and counted, also those on their way', async () => {
    answerTo = () => ({ status: 503 });
    const jaeger = new JaegerForwarder(
      { url, token: undefined, maxQueueBytes: 1_000_000 },
      { log: (_level, message) => void logged.push(message) },
    );
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) send(jaeger, someSpans(name));
    await jaeger.close(50);
    expect(jaeger.counts()).toMatchObject({ forwardedSpans: 0, droppedSpans: 6, queuedBytes: 0 });
    send(jaeger, someSpans('late'));
    expect(jaeger.counts().droppedSpans).toBe(7);
  });
});
