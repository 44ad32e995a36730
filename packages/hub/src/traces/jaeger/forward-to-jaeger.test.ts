import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeOtlp } from '../decode/decode-otlp.ts';
import {
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from '../decode/encode-otlp.ts';
import type { ReceivedSpan } from '../decode/received-span.ts';
import { JaegerForwarder } from './forward-to-jaeger.ts';

let server: Server;
let url: string;
let statuses: number[];
let received: { path: string | undefined; spans: readonly ReceivedSpan[] }[];
let logged: string[];

beforeEach(async () => {
  statuses = [];
  received = [];
  logged = [];
  server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const status = statuses.shift() ?? 200;
    if (status === 200)
      received.push({ path: request.url, spans: decodeOtlp(gunzipSync(body)).spans });
    response.writeHead(status, status === 429 ? { 'retry-after': '0' } : {}).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forwarder(options: { url?: string; maxQueueBytes?: number } = {}): JaegerForwarder {
  const log = (_level: string, message: string) => void logged.push(message);
  return new JaegerForwarder({ url, maxQueueBytes: 1_000_000, log, ...options });
}

function someSpans(service: string, count = 1): readonly ReceivedSpan[] {
  const spans = Array.from({ length: count }, (_, index) =>
    encodeSpan({
      traceId: Buffer.alloc(16, 7),
      spanId: Buffer.alloc(8, index + 1),
      parentSpanId: Buffer.alloc(0),
      traceState: '',
      flags: 0,
      name: 'GET',
      kind: 3,
      startNanos: 1_790_000_000_000_000_000n,
      endNanos: 1_790_000_000_000_000_000n,
      attributes: { 'url.full': 'http://a/?token=hush' },
      events: [],
      links: [],
      statusCode: 0,
      statusMessage: '',
    }),
  );
  const resource = writeAttributes(new ProtobufWriter(), 1, { 'service.name': service }).finish();
  return decodeOtlp(encodeRequest([{ resource, scope: Buffer.alloc(0), spans }])).spans;
}

function forwardedNames(): string[] {
  return received.flatMap(({ spans }) => spans.map((span) => span.resource.service));
}

describe('forwarding to Jaeger', () => {
  test('every accepted span arrives by OTLP with its resource, without its secrets', async () => {
    const jaeger = forwarder();
    jaeger.take([...someSpans('web', 2), ...someSpans('orders')]);
    await jaeger.close(5_000);
    expect(received[0]?.path).toBe('/v1/traces');
    expect(forwardedNames()).toEqual(['web', 'web', 'orders']);
    expect(received[0]?.spans[0]?.attributes['url.full']).toBe('http://a/?token=REDACTED');
    expect(jaeger.counts()).toEqual({ forwardedSpans: 3, droppedSpans: 0, queuedBytes: 0 });
  });

  test('a URL that names the path is used as it is', async () => {
    const jaeger = forwarder({ url: `${url}/v1/traces/` });
    jaeger.take(someSpans('web'));
    await jaeger.close(5_000);
    expect(received[0]?.path).toBe('/v1/traces');
  });

  test('no spans are no request', async () => {
    const jaeger = forwarder();
    jaeger.take([]);
    await jaeger.close(5_000);
    expect(received).toEqual([]);
  });

  test('what waits goes together in one request', async () => {
    const jaeger = forwarder();
    for (const name of ['a', 'b', 'c', 'd']) jaeger.take(someSpans(name));
    await jaeger.close(5_000);
    expect(received.length).toBeLessThan(4);
    expect(forwardedNames()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('an overloaded Jaeger gets the same spans again, and is told about once', async () => {
    statuses.push(503, 429);
    const jaeger = forwarder();
    jaeger.take(someSpans('web'));
    await vi.waitFor(() => expect(forwardedNames()).toEqual(['web']), 10_000);
    await jaeger.close(5_000);
    expect(logged).toEqual([`Jaeger at ${url}/v1/traces answered 503`]);
    expect(jaeger.counts().forwardedSpans).toBe(1);
  });

  test('spans that Jaeger refuses for good are dropped and counted', async () => {
    statuses.push(400);
    const jaeger = forwarder();
    jaeger.take(someSpans('web', 2));
    await jaeger.close(5_000);
    expect([received.length, jaeger.counts().droppedSpans]).toEqual([0, 2]);
  });

  test('a full queue drops its oldest spans, counts them and never makes the taker wait', async () => {
    const jaeger = forwarder({ url: 'http://127.0.0.1:9', maxQueueBytes: 300 });
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) jaeger.take(someSpans(name));
    expect(jaeger.counts().droppedSpans).toBeGreaterThan(0);
    expect(jaeger.counts().queuedBytes).toBeLessThanOrEqual(300);
    await jaeger.close(0);
    expect(jaeger.counts()).toEqual({ forwardedSpans: 0, droppedSpans: 6, queuedBytes: 0 });
    expect(logged).toContain('spans were not forwarded');
  });
});
