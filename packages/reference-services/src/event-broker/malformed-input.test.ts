import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningEventBroker, startEventBroker } from './event-broker.ts';
import { encodeFrame, FrameSplitter, frameTypes } from './frames.ts';
import { protocolHeader } from './handshake.ts';
import { type MethodArguments, type MethodName, readMethod, writeMethod } from './methods.ts';

let broker: RunningEventBroker;

beforeAll(async () => {
  broker = await startEventBroker({ host: '127.0.0.1', port: 0 });
});

afterAll(() => broker.stop());

/** A client that may say anything. */
class RawClient {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter(131_072);
  readonly #said: string[] = [];

  constructor(url: string) {
    this.#socket = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) });
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: Buffer) => this.#hear(chunk));
  }

  raw(bytes: Buffer): this {
    this.#socket.write(bytes);
    return this;
  }

  method<Name extends MethodName>(
    channel: number,
    name: Name,
    values: MethodArguments<Name>,
  ): this {
    return this.raw(
      encodeFrame({ type: frameTypes.method, channel, payload: writeMethod(name, values) }),
    );
  }

  opened(): this {
    return this.raw(protocolHeader)
      .method(0, 'connection.start-ok', {
        properties: new Map(),
        mechanism: 'PLAIN',
        response: Buffer.from('\u0000guest\u0000guest'),
        locale: 'en_US',
      })
      .method(0, 'connection.tune-ok', { channelMax: 0, frameMax: 0, heartbeat: 0 })
      .method(0, 'connection.open', { vhost: '/', capabilities: '', insist: false });
  }

  withChannel(): this {
    return this.opened().method(1, 'channel.open', { outOfBand: '' });
  }

  /** Everything the server said until it hung up. */
  async untilClosed(): Promise<readonly string[]> {
    if (!this.#socket.closed) await once(this.#socket, 'close');
    return this.#said;
  }

  #hear(chunk: Buffer): void {
    for (const heard of this.#splitter.push(chunk)) {
      const method = readMethod(heard.payload);
      const isClose = method.name === 'connection.close';
      this.#said.push(isClose ? `close ${method.arguments.code}` : method.name);
      if (isClose) this.method(0, 'connection.close-ok', {});
    }
  }
}

const bodyOf = (bytes: readonly number[]) => Buffer.from(bytes);
const frame = (type: number, channel: number, payload: Buffer) =>
  encodeFrame({ type, channel, payload });
const publish = { ticket: 0, exchange: '', routingKey: 'q', mandatory: false, immediate: false };
const header = (bodySize: bigint) => {
  const payload = Buffer.alloc(14);
  payload.writeUInt16BE(60, 0);
  payload.writeBigUInt64BE(bodySize, 4);
  return payload;
};

test.each<{ what: string; code: number; say: (client: RawClient) => RawClient }>([
  {
    what: 'a frame without its end byte',
    code: 501,
    say: (client) => client.opened().raw(bodyOf([1, 0, 1, 0, 0, 0, 1, 7, 0])),
  },
  {
    what: 'a frame that says it is four gigabytes long',
    code: 501,
    say: (client) => client.opened().raw(bodyOf([1, 0, 1, 0xff, 0xff, 0xff, 0xff])),
  },
  {
    what: 'a method frame that ends too early',
    code: 502,
    say: (client) => client.withChannel().raw(frame(1, 1, bodyOf([0, 50, 0, 10, 0]))),
  },
  {
    what: 'a method that does not exist',
    code: 540,
    say: (client) => client.withChannel().raw(frame(1, 1, bodyOf([0, 60, 0, 199]))),
  },
  {
    what: 'a method that only servers send',
    code: 503,
    say: (client) => client.withChannel().method(1, 'basic.qos-ok', {}),
  },
  {
    what: 'a channel that was never opened',
    code: 504,
    say: (client) =>
      client.opened().method(7, 'basic.qos', { prefetchSize: 0, prefetchCount: 1, global: false }),
  },
  {
    what: 'content without a publish',
    code: 505,
    say: (client) => client.withChannel().raw(frame(2, 1, header(1n))),
  },
  {
    what: 'a body without its header',
    code: 505,
    say: (client) =>
      client
        .withChannel()
        .method(1, 'basic.publish', publish)
        .raw(frame(3, 1, bodyOf([1]))),
  },
  {
    what: 'more body than announced',
    code: 505,
    say: (client) =>
      client
        .withChannel()
        .method(1, 'basic.publish', publish)
        .raw(frame(2, 1, header(1n)))
        .raw(frame(3, 1, bodyOf([1, 2]))),
  },
  {
    what: 'a second header',
    code: 505,
    say: (client) =>
      client
        .withChannel()
        .method(1, 'basic.publish', publish)
        .raw(frame(2, 1, header(9n)))
        .raw(frame(2, 1, header(9n))),
  },
  {
    what: 'a method in the middle of content',
    code: 505,
    say: (client) =>
      client
        .withChannel()
        .method(1, 'basic.publish', publish)
        .method(1, 'confirm.select', { nowait: false }),
  },
  {
    what: 'properties that end too early',
    code: 502,
    say: (client) => {
      const cut = header(1n);
      cut.writeUInt16BE(0x8000, 12);
      return client
        .withChannel()
        .method(1, 'basic.publish', publish)
        .raw(frame(2, 1, cut));
    },
  },
  {
    what: 'a table with a type nobody knows',
    code: 502,
    say: (client) => client.withChannel().raw(frame(1, 1, declareWith(bodyOf([1, 0x61, 0x3f])))),
  },
  {
    what: 'tables nested a hundred deep',
    code: 502,
    say: (client) => client.withChannel().raw(frame(1, 1, declareWith(nested(100)))),
  },
  {
    what: 'opening before tuning',
    code: 503,
    say: (client) =>
      client
        .raw(protocolHeader)
        .method(0, 'connection.open', { vhost: '/', capabilities: '', insist: false }),
  },
  {
    what: 'a channel before the connection is open',
    code: 504,
    say: (client) => client.raw(protocolHeader).method(1, 'channel.open', { outOfBand: '' }),
  },
  {
    what: 'a frame size below what the protocol allows',
    code: 530,
    say: (client) =>
      client
        .raw(protocolHeader)
        .method(0, 'connection.start-ok', {
          properties: new Map(),
          mechanism: 'PLAIN',
          response: Buffer.alloc(0),
          locale: '',
        })
        .method(0, 'connection.tune-ok', { channelMax: 0, frameMax: 100, heartbeat: 0 }),
  },
  {
    what: 'a handshake after the handshake',
    code: 503,
    say: (client) =>
      client.opened().method(0, 'connection.open', { vhost: '/', capabilities: '', insist: false }),
  },
  {
    what: 'a queue argument this server does not have',
    code: 540,
    say: (client) =>
      client.withChannel().raw(frame(1, 1, declareWith(text('x-max-priority', 'high')))),
  },
  {
    what: 'a kind of exchange this server does not have',
    code: 503,
    say: (client) =>
      client.withChannel().method(1, 'exchange.declare', {
        ticket: 0,
        exchange: 'e',
        type: 'headers',
        passive: false,
        durable: false,
        autoDelete: false,
        internal: false,
        nowait: false,
        arguments: new Map(),
      }),
  },
])(
  '$what ends the connection with $code and the server lives',
  async ({ code, say }) => {
    const said = await say(new RawClient(broker.url)).untilClosed();
    expect(said.at(-1)).toBe(`close ${code}`);
    await expectAlive();
  },
  10_000,
);

test('a message larger than the server takes closes its channel only', async () => {
  const connection = await connect(broker.url);
  const [channel, other] = [await connection.createChannel(), await connection.createChannel()];
  const failed = once(channel, 'error');
  channel.sendToQueue('q', Buffer.alloc(17 * 1024 * 1024));
  expect((await failed)[0]).toMatchObject({ code: 406 });
  expect(await other.assertQueue('', { exclusive: true })).toMatchObject({ messageCount: 0 });
  await connection.close();
});

test('random bytes after the greeting never end the server', async () => {
  // A fixed generator, so that a failure can be repeated.
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state;
  };
  const clients = Array.from({ length: 200 }, () => {
    const noise = Buffer.from(Array.from({ length: random() % 200 }, () => random() % 256));
    return new RawClient(broker.url)
      .withChannel()
      .raw(frame(1 + (random() % 3), 1, noise))
      .raw(noise)
      .raw(
        frame(
          1,
          0,
          writeMethod('connection.close', { code: 200, text: '', classId: 0, methodId: 0 }),
        ),
      );
  });
  await expectAlive();
  expect(clients).toHaveLength(200);
});

test('a health check over HTTP is answered on the same port', async () => {
  const response = await fetch(`${broker.url.replace('amqp:', 'http:')}/health`);
  expect(await response.json()).toEqual({ ready: true });
});

test('a client hears that the server is shutting down', async () => {
  const leaving = await startEventBroker({ host: '127.0.0.1', port: 0 });
  const connection = await connect(leaving.url);
  const failed = once(connection, 'error').catch(() => []);
  const closed = once(connection, 'close');
  await leaving.stop();
  await Promise.race([failed, closed]);
  await expect(connect(leaving.url)).rejects.toThrow(/ECONNREFUSED/);
});

async function expectAlive(): Promise<void> {
  const connection = await connect(broker.url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  expect(queue).toMatch(/^amq\.gen-/);
  await connection.close();
}

function declareWith(entries: Buffer): Buffer {
  const plain = writeMethod('queue.declare', {
    ticket: 0,
    queue: 'q',
    passive: false,
    durable: false,
    exclusive: false,
    autoDelete: false,
    nowait: false,
    arguments: new Map(),
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(entries.length);
  return Buffer.concat([plain.subarray(0, plain.length - 4), length, entries]);
}

function text(name: string, value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([
    bodyOf([name.length]),
    Buffer.from(`${name}S`),
    length,
    Buffer.from(value),
  ]);
}

function nested(depth: number): Buffer {
  let entries: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level += 1) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(entries.length);
    entries = Buffer.concat([bodyOf([1, 0x61, 0x46]), length, entries]);
  }
  return entries;
}
