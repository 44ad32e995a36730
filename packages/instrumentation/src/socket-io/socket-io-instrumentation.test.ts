import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Server, Socket as ServerSocket } from 'socket.io';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { SocketIoInstrumentation } from './socket-io-instrumentation.ts';
import { consume, deliver } from './spans.ts';

const require = createRequire(import.meta.url);
const exporter = new InMemorySpanExporter();
const tracer = () => trace.getTracer('test');

/** A server with a client or two, as real as they come, in this process. */
describe('Socket.IO that is traced', () => {
  let instrumentation: SocketIoInstrumentation;
  let client: typeof import('socket.io-client');
  let http: HttpServer;
  let io: Server;
  let url: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    trace.setGlobalTracerProvider(provider);
    instrumentation = new SocketIoInstrumentation();
    forgetSocketIo();
    client = require('socket.io-client') as typeof import('socket.io-client');
    const server = require('socket.io') as typeof import('socket.io');
    http = createServer();
    io = new server.Server(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    io.removeAllListeners();
    exporter.reset();
  });

  afterAll(async () => {
    await io.close();
    instrumentation.disable();
    forgetSocketIo();
    for (const api of [trace, context, propagation]) api.disable();
  });

  /** Another test may have loaded them untraced, and the next one shall not get these. */
  function forgetSocketIo(): void {
    for (const file of Object.keys(require.cache)) {
      if (/[\\/]node_modules[\\/]socket\.io/.test(file)) delete require.cache[file];
    }
  }

  function connected(path = '/', options = {}): { client: Socket; server: Promise<ServerSocket> } {
    const server = new Promise<ServerSocket>((resolve) => {
      io.of(path).once('connection', (socket) => resolve(socket));
    });
    const socket = client.io(`${url}${path}`, {
      forceNew: true,
      transports: ['websocket'],
      ...options,
    });
    sockets.push(socket);
    return { client: socket, server };
  }

  const spans = (kind: SpanKind): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => span.kind === kind);

  function seen(kind: SpanKind, count: number): Promise<readonly ReadableSpan[]> {
    return vi.waitFor(() => {
      expect(spans(kind)).toHaveLength(count);
      return spans(kind);
    }, 10_000);
  }

  test.each(['websocket', 'polling'])(
    'the handler of an event is a child of its sending, by %s',
    async (transport) => {
      const { client: sender, server } = connected('/', { transports: [transport] });
      const received = server.then(
        (socket) => new Promise((resolve) => socket.on('greet', (...args) => resolve(args))),
      );
      await server;
      sender.emit('greet', { name: 'ada' }, 7);
      expect(await received).toEqual([{ name: 'ada' }, 7]);
      const [consumer] = await seen(SpanKind.CONSUMER, 1);
      const [producer] = await seen(SpanKind.PRODUCER, 1);
      expect(consumer?.parentSpanContext?.spanId).toBe(producer?.spanContext().spanId);
      expect(consumer?.parentSpanContext?.isRemote).toBe(true);
      expect([producer?.name, consumer?.name]).toEqual(['send greet', 'process greet']);
      expect(producer?.attributes).toEqual({
        'messaging.system': 'socket.io',
        'messaging.destination.name': '/',
        'messaging.socket.io.event_name': 'greet',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
      });
      expect(consumer?.attributes).toMatchObject({ 'messaging.operation.type': 'process' });
    },
  );

  test('binary content, namespaces and events sent before the connection keep their context', async () => {
    const { client: sender, server } = connected('/chat', { autoConnect: false });
    sender.emit('file', Buffer.from('abc'), { part: Buffer.from('d') });
    sender.connect();
    const socket = await server;
    const args = await new Promise<unknown[]>((resolve) => {
      socket.on('file', (...all: unknown[]) => resolve(all));
    });
    expect(args).toEqual([Buffer.from('abc'), { part: Buffer.from('d') }]);
    const [consumer] = await seen(SpanKind.CONSUMER, 1);
    expect(consumer?.parentSpanContext?.spanId).toBe(
      spans(SpanKind.PRODUCER)[0]?.spanContext().spanId,
    );
    expect(consumer?.attributes['messaging.destination.name']).toBe('/chat');
  });

  test('an acknowledgement comes back to where the event was sent', async () => {
    const { client: sender, server } = connected();
    (await server).on('ask', (_question: string, answer: (text: string) => void) => answer('42'));
    const result = await tracer().startActiveSpan('asking', async (span) => {
      const told = await new Promise<unknown[]>((resolve) => {
        sender.emit('ask', 'what', (text: string) =>
          resolve([text, trace.getActiveSpan() === span]),
        );
      });
      span.end();
      return told;
    });
    expect(result).toEqual(['42', true]);
    expect(await sender.timeout(2_000).emitWithAck('ask', 'what')).toBe('42');
    await seen(SpanKind.PRODUCER, 2);
  });

  test('an acknowledgement that does not come is still an error', async () => {
    const { client: sender, server } = connected();
    await server;
    await expect(sender.timeout(20).emitWithAck('nobody listens')).rejects.toThrow('timed out');
  });

  test('a room, everybody but oneself and everybody get one message of which each handler is a consumer', async () => {
    const first = connected();
    const one = await first.server;
    const second = connected();
    await second.server;
    await one.join('kitchen');
    const heard: string[] = [];
    for (const [name, { client: socket }] of Object.entries({ first, second })) {
      for (const event of ['room', 'others', 'all'])
        socket.on(event, () => heard.push(`${name} ${event}`));
    }
    io.to('kitchen').emit('room', 1);
    one.broadcast.emit('others', 2);
    io.emit('all', 3);
    const consumers = await seen(SpanKind.CONSUMER, 4);
    expect(heard.sort()).toEqual(['first all', 'first room', 'second all', 'second others']);
    const producers = spans(SpanKind.PRODUCER);
    expect(producers.map(({ name }) => name).sort()).toEqual([
      'send all',
      'send others',
      'send room',
    ]);
    const parents = consumers.map(
      ({ parentSpanContext }) =>
        producers.find((span) => span.spanContext().spanId === parentSpanContext?.spanId)?.name,
    );
    expect(parents.sort()).toEqual(['send all', 'send all', 'send others', 'send room']);
    const room = producers.find(({ name }) => name === 'send room');
    expect(room?.attributes['messaging.socket.io.rooms']).toEqual(['kitchen']);
  });

  test('a broadcast collects the acknowledgements of all', async () => {
    const { client: receiver, server } = connected();
    await server;
    receiver.on('poll', (answer: (vote: string) => void) => answer('yes'));
    expect(await io.timeout(2_000).emitWithAck('poll')).toEqual(['yes']);
    await seen(SpanKind.CONSUMER, 1);
  });

  test('what a handler does belongs to its span, until it is done', async () => {
    const { client: sender, server } = connected();
    (await server).on('work', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      tracer().startSpan('step').end();
    });
    sender.emit('work');
    const [consumer] = await seen(SpanKind.CONSUMER, 1);
    const step = exporter.getFinishedSpans().find(({ name }) => name === 'step');
    expect(step?.parentSpanContext?.spanId).toBe(consumer?.spanContext().spanId);
  });

  test('a handler that rejects has a span that failed, and its rejection is as unhandled as without', async () => {
    const { server, client: sender } = connected();
    (await server).on('work', async () => {
      throw new RangeError('too much');
    });
    const listeners = process.listeners('unhandledRejection');
    const unhandled = new Promise((resolve) => {
      process.removeAllListeners('unhandledRejection').once('unhandledRejection', resolve);
    });
    sender.emit('work');
    const [consumer] = await seen(SpanKind.CONSUMER, 1);
    expect(await unhandled).toEqual(new RangeError('too much'));
    for (const listener of listeners) process.on('unhandledRejection', listener);
    expect(consumer?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'too much' });
    expect(consumer?.attributes['error.type']).toBe('RangeError');
  });

  test.each([
    { thrown: new RangeError('too much'), type: 'RangeError', message: 'too much' },
    { thrown: 'too much', type: 'string', message: 'too much' },
  ])('a handler that throws a $type has a span that failed', ({ thrown, type, message }) => {
    const handle = (): void => {
      throw thrown;
    };
    const packet = { type: 2, nsp: '/', data: ['work'] };
    const deliverIt = (): void => deliver(packet, '/', () => consume(tracer(), 'work', handle));
    expect(deliverIt).toThrow(message);
    const [consumer] = spans(SpanKind.CONSUMER);
    expect(consumer?.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(consumer?.attributes['error.type']).toBe(type);
  });

  test('handlers come and go as they would without', async () => {
    const { client: sender, server } = connected();
    const socket = await server;
    const calls: string[] = [];
    const listed = (name: string) => () => void calls.push(name);
    const [on, gone, onceGone, once_] = [
      listed('on'),
      listed('gone'),
      listed('once gone'),
      listed('once'),
    ];
    socket.on('x', on);
    socket.on('x', gone);
    socket.once('x', onceGone);
    socket.once('x', once_);
    socket.off('x', gone);
    socket.off('x', onceGone);
    socket.removeListener('x', listed('never added'));
    sender.emit('x');
    sender.emit('x');
    await vi.waitFor(() => expect(calls).toEqual(['on', 'once', 'on']), 10_000);
    expect(socket.listenerCount('x')).toBe(1);
    expect(spans(SpanKind.CONSUMER)).toHaveLength(3);

    calls.length = 0;
    sender.on('y', on);
    sender.once('y', gone);
    sender.off('y', gone);
    sender.off('y', on);
    sender.once('y', once_);
    socket.emit('y');
    socket.emit('y');
    await vi.waitFor(() => expect(calls).toEqual(['once']), 10_000);
    expect(sender.listeners('y')).toHaveLength(0);
  });

  test('names that the protocol keeps for itself make no spans and are refused as ever', async () => {
    const { client: sender, server } = connected();
    const socket = await server;
    const left = new Promise((resolve) => socket.on('disconnect', resolve));
    expect(() => sender.emit('connect')).toThrow('reserved event name');
    expect(() => socket.emit('disconnect')).toThrow('reserved event name');
    expect(() => io.emit('connect')).toThrow('reserved event name');
    sender.disconnect();
    await left;
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  test('what cannot be sent fails its span', () => {
    const { client: sender } = connected();
    const circular: { self?: unknown } = {};
    circular.self = circular;
    sender.io.engine.close();
    const failing = (): unknown =>
      io.emit('circular', {
        toJSON: () => {
          throw new Error('cannot be written');
        },
      });
    expect(failing).toThrow('cannot be written');
    expect(spans(SpanKind.PRODUCER)[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });
});
