import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import {
  type Channel,
  type ChannelModel,
  type ConfirmChannel,
  type ConsumeMessage,
  connect,
  type Options,
} from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type RunningEventBroker, startEventBroker } from './event-broker.ts';

// One suite for both brokers: what the own server does is right when RabbitMQ does the same.
const rabbitUrl = process.env.CONCORDAT_TEST_AMQP_URL ?? '';
if (rabbitUrl === '' && process.env.CI === 'true') {
  throw new Error('CONCORDAT_TEST_AMQP_URL is missing: in CI the suite must run against RabbitMQ');
}

const brokers = [
  { name: 'the own server', start: () => startEventBroker({ host: '127.0.0.1', port: 0 }) },
  ...(rabbitUrl === ''
    ? []
    : [{ name: 'RabbitMQ', start: async () => ({ url: rabbitUrl, stop: async () => undefined }) }]),
];

describe.each(brokers)('on $name', ({ start }) => {
  let broker: RunningEventBroker;
  let connection: ChannelModel;
  let channel: Channel;
  /** Makes names that no other test uses: RabbitMQ lives longer than a test. */
  let prefix: string;

  beforeAll(async () => {
    broker = await start();
  });

  afterAll(() => broker.stop());

  beforeEach(async () => {
    prefix = `test-${randomUUID()}`;
    connection = await connect(broker.url);
    connection.on('error', () => undefined);
    channel = await openChannel();
  });

  afterEach(() => connection.close().catch(() => undefined));

  async function openChannel(): Promise<Channel> {
    const opened = await connection.createChannel();
    opened.on('error', () => undefined);
    return opened;
  }

  async function openConfirmChannel(): Promise<ConfirmChannel> {
    const opened = await connection.createConfirmChannel();
    opened.on('error', () => undefined);
    return opened;
  }

  function named(name: string): string {
    return `${prefix}.${name}`;
  }

  async function aQueue(name: string, options: Options.AssertQueue = {}): Promise<string> {
    const { queue } = await channel.assertQueue(named(name), { autoDelete: false, ...options });
    return queue;
  }

  async function anExchange(type: string): Promise<string> {
    const { exchange } = await channel.assertExchange(named(type), type, { durable: true });
    return exchange;
  }

  async function collected(queue: string): Promise<ConsumeMessage[]> {
    const messages: ConsumeMessage[] = [];
    await channel.consume(queue, (message) => message && messages.push(message), { noAck: true });
    return messages;
  }

  function texts(messages: readonly ConsumeMessage[]): readonly string[] {
    return messages.map((message) => message.content.toString());
  }

  describe('routing', () => {
    test.each([
      {
        pattern: 'order.*',
        takes: ['order.placed'],
        leaves: ['order', 'order.placed.now', 'stock.placed'],
      },
      {
        pattern: 'order.#',
        takes: ['order', 'order.placed', 'order.placed.now'],
        leaves: ['stock'],
      },
      { pattern: '#', takes: ['order', 'a.b.c', ''], leaves: [] },
      { pattern: '*.placed', takes: ['order.placed'], leaves: ['placed', 'shop.order.placed'] },
      { pattern: '#.placed', takes: ['placed', 'shop.order.placed'], leaves: ['placed.order'] },
      { pattern: 'a.#.#.z', takes: ['a.z', 'a.b.c.z'], leaves: ['a', 'z', 'a.b'] },
      { pattern: 'a.*.#', takes: ['a.b', 'a.b.c'], leaves: ['a'] },
    ])('a topic pattern $pattern takes what it should', async ({ pattern, takes, leaves }) => {
      const exchange = await anExchange('topic');
      const queue = await aQueue('topic-queue');
      await channel.bindQueue(queue, exchange, pattern);
      const messages = await collected(queue);
      for (const key of [...leaves, ...takes]) channel.publish(exchange, key, Buffer.from(key));
      await vi.waitFor(() => expect(texts(messages)).toEqual(takes), 10_000);
    });

    test('a direct exchange takes the exact key', async () => {
      const exchange = await anExchange('direct');
      const queue = await aQueue('direct-queue');
      await channel.bindQueue(queue, exchange, 'a.b');
      const messages = await collected(queue);
      for (const key of ['a', 'a.*', 'a.b']) channel.publish(exchange, key, Buffer.from(key));
      await vi.waitFor(() => expect(texts(messages)).toEqual(['a.b']), 10_000);
    });

    test('a fanout exchange takes every key to every queue', async () => {
      const exchange = await anExchange('fanout');
      const queues = [await aQueue('one'), await aQueue('two')];
      for (const queue of queues) await channel.bindQueue(queue, exchange, '');
      const received = await Promise.all(queues.map(collected));
      channel.publish(exchange, 'anything', Buffer.from('hello'));
      await vi.waitFor(() => expect(received.map(texts)).toEqual([['hello'], ['hello']]), 10_000);
    });

    test('the default exchange takes a message to the queue of that name', async () => {
      const queue = await aQueue('default-queue');
      const messages = await collected(queue);
      channel.sendToQueue(queue, Buffer.from('hello'));
      await vi.waitFor(() => expect(texts(messages)).toEqual(['hello']), 10_000);
      expect(messages[0]?.fields).toMatchObject({ exchange: '', routingKey: queue });
    });

    test('a queue bound twice by patterns that both match gets one copy', async () => {
      const exchange = await anExchange('topic');
      const queue = await aQueue('twice');
      await channel.bindQueue(queue, exchange, 'order.*');
      await channel.bindQueue(queue, exchange, '#');
      const messages = await collected(queue);
      channel.publish(exchange, 'order.placed', Buffer.from('first'));
      channel.publish(exchange, 'other', Buffer.from('second'));
      await vi.waitFor(() => expect(texts(messages)).toEqual(['first', 'second']), 10_000);
    });

    test('after unbinding nothing arrives any more', async () => {
      const exchange = await anExchange('topic');
      const queue = await aQueue('unbound');
      await channel.bindQueue(queue, exchange, 'a');
      await channel.unbindQueue(queue, exchange, 'a');
      channel.publish(exchange, 'a', Buffer.from('lost'));
      expect(await channel.get(queue)).toBe(false);
    });
  });

  describe('delivery', () => {
    test('properties and headers come out as they went in', async () => {
      const queue = await aQueue('properties');
      const options = {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        headers: {
          text: 'ä',
          number: 7,
          big: 2 ** 40,
          half: 0.5,
          yes: true,
          nothing: null,
          list: [1, 'two'],
          table: { deep: { deeper: 'x' } },
          bytes: Buffer.from([0, 255]),
          at: { '!': 'timestamp', value: 1_700_000_000 },
        },
        correlationId: 'c-1',
        replyTo: 'r-1',
        messageId: 'm-1',
        timestamp: 1_700_000_000,
        type: 'order.placed',
        appId: 'shop',
        priority: 3,
        persistent: true,
      };
      channel.sendToQueue(queue, Buffer.from('{}'), options);
      const message = await until(() => channel.get(queue, { noAck: true }));
      const { persistent: _persistent, ...expected } = options;
      expect(message.properties).toMatchObject({ ...expected, deliveryMode: 2 });
    });

    test('an empty body is a message too', async () => {
      const queue = await aQueue('empty');
      channel.sendToQueue(queue, Buffer.alloc(0));
      const message = await until(() => channel.get(queue, { noAck: true }));
      expect(message.content).toHaveLength(0);
    });

    test('a body of one megabyte comes out whole', async () => {
      const queue = await aQueue('megabyte');
      const body = Buffer.alloc(1024 * 1024, 'concordat');
      channel.sendToQueue(queue, body);
      const message = await until(() => channel.get(queue, { noAck: true }));
      expect(message.content.equals(body)).toBe(true);
    });

    test('consumers of one queue take turns', async () => {
      const queue = await aQueue('turns');
      const [one, two] = [await collected(queue), await collected(queue)];
      for (let n = 0; n < 6; n += 1) channel.sendToQueue(queue, Buffer.from(String(n)));
      await vi.waitFor(() => expect(one.length + two.length).toBe(6), 10_000);
      expect([one.length, two.length]).toEqual([3, 3]);
    });

    test('no more than the prefetch is out at once', async () => {
      const queue = await aQueue('prefetch');
      await channel.prefetch(2);
      const messages: ConsumeMessage[] = [];
      await channel.consume(queue, (message) => message && messages.push(message));
      for (let n = 0; n < 5; n += 1) channel.sendToQueue(queue, Buffer.from(String(n)));
      await vi.waitFor(async () => {
        expect((await channel.checkQueue(queue)).messageCount).toBe(3);
      }, 10_000);
      expect(messages).toHaveLength(2);
      if (messages[0]) channel.ack(messages[0]);
      await vi.waitFor(() => expect(texts(messages)).toEqual(['0', '1', '2']), 10_000);
    });

    test('acknowledging many at once takes all up to there', async () => {
      const queue = await aQueue('multiple');
      for (const text of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(text));
      const messages = [];
      for (let n = 0; n < 3; n += 1) messages.push(await until(() => channel.get(queue)));
      if (messages[1]) channel.ack(messages[1], true);
      await channel.recover();
      const again = await until(() => channel.get(queue, { noAck: true }));
      expect(again.content.toString()).toBe('3');
      expect(again.fields.redelivered).toBe(true);
    });

    test('what is given back comes again in its place, marked as redelivered', async () => {
      const queue = await aQueue('requeue');
      for (const text of ['1', '2']) channel.sendToQueue(queue, Buffer.from(text));
      const first = await until(() => channel.get(queue));
      expect(first.fields.redelivered).toBe(false);
      channel.nack(first, false, true);
      const again = await until(() => channel.get(queue, { noAck: true }));
      expect([again.content.toString(), again.fields.redelivered]).toEqual(['1', true]);
    });

    test('what a lost connection had not acknowledged is delivered again', async () => {
      const queue = await aQueue('lost-connection');
      const other = await connect(broker.url);
      other.on('error', () => undefined);
      const otherChannel = await other.createChannel();
      channel.sendToQueue(queue, Buffer.from('precious'));
      await until(() => otherChannel.get(queue));
      const { stream } = (other as unknown as { connection: { stream: { destroy(): void } } })
        .connection;
      stream.destroy();
      const again = await until(() => channel.get(queue, { noAck: true }));
      expect([again.content.toString(), again.fields.redelivered]).toEqual(['precious', true]);
    });

    test('a cancelled consumer gets nothing more and the queue keeps it', async () => {
      const queue = await aQueue('cancelled');
      const messages: ConsumeMessage[] = [];
      const { consumerTag } = await channel.consume(queue, (m) => m && messages.push(m), {
        noAck: true,
      });
      await channel.cancel(consumerTag);
      channel.sendToQueue(queue, Buffer.from('kept'));
      const kept = await until(() => channel.get(queue, { noAck: true }));
      expect([kept.content.toString(), messages.length]).toEqual(['kept', 0]);
    });

    test('a consumer hears that its queue was deleted', async () => {
      const queue = await aQueue('deleted');
      let cancelled = false;
      await channel.consume(queue, (message) => {
        cancelled = message === null;
      });
      await channel.deleteQueue(queue);
      await vi.waitFor(() => expect(cancelled).toBe(true), 10_000);
    });

    test('a prefetch of the channel holds for all its consumers together', async () => {
      const queues = [await aQueue('one'), await aQueue('two')];
      await channel.prefetch(3, true);
      const messages: ConsumeMessage[] = [];
      for (const queue of queues) {
        await channel.consume(queue, (message) => message && messages.push(message));
        for (let n = 0; n < 5; n += 1) channel.sendToQueue(queue, Buffer.from(String(n)));
      }
      await vi.waitFor(() => expect(messages).toHaveLength(3), 10_000);
      const counts = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
      expect(counts.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(7);
      expect(messages).toHaveLength(3);
    });

    test('asking an empty queue is answered by nothing', async () => {
      expect(await channel.get(await aQueue('nothing'))).toBe(false);
    });

    test('acknowledging everything leaves nothing to come again', async () => {
      const queue = await aQueue('ack-all');
      for (const text of ['1', '2']) channel.sendToQueue(queue, Buffer.from(text));
      for (let n = 0; n < 2; n += 1) await until(() => channel.get(queue));
      channel.ackAll();
      await channel.recover();
      expect(await channel.get(queue)).toBe(false);
    });

    test('a consumer that asks for a queue alone is refused while others consume', async () => {
      const queue = await aQueue('alone');
      await channel.consume(queue, () => undefined);
      const refused = (await openChannel()).consume(queue, () => undefined, { exclusive: true });
      await expect(refused).rejects.toMatchObject({ code: 403 });
    });

    test('a consumer tag can be used once on a channel', async () => {
      const other = await connect(broker.url);
      other.on('error', () => undefined);
      const closed = new Promise((resolve) => other.once('close', resolve));
      const otherChannel = await other.createChannel();
      otherChannel.on('error', () => undefined);
      const queue = await aQueue('tags');
      await otherChannel.consume(queue, () => undefined, { consumerTag: 'me' });
      const again = otherChannel.consume(queue, () => undefined, { consumerTag: 'me' });
      await expect(again).rejects.toThrow();
      expect(String(await closed)).toMatch(/530|NOT.ALLOWED/);
    });

    test('a consumer that asks late gets what waited for it', async () => {
      const queue = await aQueue('waiting');
      for (const text of ['1', '2']) channel.sendToQueue(queue, Buffer.from(text));
      const messages = await collected(queue);
      await vi.waitFor(() => expect(texts(messages)).toEqual(['1', '2']), 10_000);
    });
  });

  describe('dead letters', () => {
    async function withDeadLetters(
      options: Options.AssertQueue,
    ): Promise<{ queue: string; dead: string }> {
      const exchange = await anExchange('topic');
      const dead = await aQueue('dead');
      await channel.bindQueue(dead, exchange, '#');
      const queue = await aQueue('work', { deadLetterExchange: exchange, ...options });
      return { queue, dead };
    }

    test('a rejected message goes to the dead-letter exchange and says why', async () => {
      const { queue, dead } = await withDeadLetters({ deadLetterRoutingKey: 'given.up' });
      channel.sendToQueue(queue, Buffer.from('poison'), { headers: { own: 'header' } });
      channel.nack(await until(() => channel.get(queue)), false, false);
      const message = await until(() => channel.get(dead, { noAck: true }));
      expect(message.fields).toMatchObject({ exchange: named('topic'), routingKey: 'given.up' });
      expect(message.properties.headers).toMatchObject({
        own: 'header',
        'x-first-death-exchange': '',
        'x-first-death-queue': queue,
        'x-first-death-reason': 'rejected',
        'x-death': [{ count: 1, reason: 'rejected', queue, exchange: '', 'routing-keys': [queue] }],
      });
    });

    test('without a dead-letter key the message keeps its own', async () => {
      const { queue, dead } = await withDeadLetters({});
      channel.sendToQueue(queue, Buffer.from('poison'));
      channel.reject(await until(() => channel.get(queue)), false);
      const message = await until(() => channel.get(dead, { noAck: true }));
      expect(message.fields.routingKey).toBe(queue);
    });

    test('a message older than the time to live of its queue expires by itself', async () => {
      const { queue, dead } = await withDeadLetters({ messageTtl: 50 });
      channel.sendToQueue(queue, Buffer.from('late'));
      const message = await until(() => channel.get(dead, { noAck: true }));
      expect(message.properties.headers?.['x-death']).toMatchObject([
        { reason: 'expired', count: 1, queue },
      ]);
    });

    test('a message can bring its own expiration, which is noted and taken off', async () => {
      const { queue, dead } = await withDeadLetters({});
      channel.sendToQueue(queue, Buffer.from('late'), { expiration: '30' });
      const message = await until(() => channel.get(dead, { noAck: true }));
      expect(message.properties.expiration).toBeUndefined();
      expect(message.properties.headers?.['x-death']).toMatchObject([
        { reason: 'expired', 'original-expiration': '30' },
      ]);
    });

    test('a round through a retry queue is counted', async () => {
      const exchange = await anExchange('direct');
      const work = await aQueue('work', {
        deadLetterExchange: exchange,
        deadLetterRoutingKey: 'retry',
      });
      const retry = await aQueue('retry', {
        messageTtl: 20,
        deadLetterExchange: exchange,
        deadLetterRoutingKey: 'work',
      });
      await channel.bindQueue(work, exchange, 'work');
      await channel.bindQueue(retry, exchange, 'retry');
      channel.publish(exchange, 'work', Buffer.from('again'));
      for (let round = 0; round < 2; round += 1) {
        channel.nack(await until(() => channel.get(work)), false, false);
      }
      const message = await until(() => channel.get(work, { noAck: true }));
      const deaths = message.properties.headers?.['x-death'] ?? [];
      expect(deaths.map(({ queue, reason, count }) => [queue, reason, count])).toEqual([
        [retry, 'expired', 2],
        [work, 'rejected', 2],
      ]);
      expect(message.properties.headers).toMatchObject({
        'x-first-death-queue': work,
        'x-first-death-reason': 'rejected',
      });
    });

    test('a message that would expire in a circle for ever is dropped', async () => {
      const exchange = await anExchange('direct');
      const circle = await aQueue('circle', {
        messageTtl: 10,
        deadLetterExchange: exchange,
        deadLetterRoutingKey: 'circle',
      });
      await channel.bindQueue(circle, exchange, 'circle');
      channel.publish(exchange, 'circle', Buffer.from('round'));
      await vi.waitFor(
        async () => expect((await channel.checkQueue(circle)).messageCount).toBe(0),
        10_000,
      );
    });

    test('a full queue that rejects can hand what it rejects to the dead letters', async () => {
      const { queue, dead } = await withDeadLetters({
        maxLength: 1,
        overflow: 'reject-publish-dlx',
      });
      for (const text of ['1', '2']) channel.sendToQueue(queue, Buffer.from(text));
      const message = await until(() => channel.get(dead, { noAck: true }));
      expect(message.content.toString()).toBe('2');
      expect(message.properties.headers?.['x-death']).toMatchObject([{ reason: 'maxlen' }]);
    });

    test('a dead-letter exchange that is not there loses the message and nothing else', async () => {
      const queue = await aQueue('orphan', { deadLetterExchange: named('never') });
      for (const text of ['1', '2']) channel.sendToQueue(queue, Buffer.from(text));
      channel.reject(await until(() => channel.get(queue)), false);
      const next = await until(() => channel.get(queue, { noAck: true }));
      expect(next.content.toString()).toBe('2');
    });

    test('a full queue drops its oldest message to the dead letters', async () => {
      const { queue, dead } = await withDeadLetters({ maxLength: 2 });
      for (const text of ['1', '2', '3']) channel.sendToQueue(queue, Buffer.from(text));
      const message = await until(() => channel.get(dead, { noAck: true }));
      expect(message.content.toString()).toBe('1');
      expect(message.properties.headers?.['x-death']).toMatchObject([{ reason: 'maxlen' }]);
    });
  });

  describe('publishing', () => {
    test('every message on a confirm channel is confirmed', async () => {
      const confirming = await openConfirmChannel();
      const queue = await aQueue('confirmed');
      for (let n = 0; n < 100; n += 1) confirming.sendToQueue(queue, Buffer.from(String(n)));
      await confirming.waitForConfirms();
      expect((await channel.checkQueue(queue)).messageCount).toBe(100);
    });

    test('a full queue that rejects makes the confirm a nack', async () => {
      const confirming = await openConfirmChannel();
      const queue = await aQueue('full', { maxLength: 1, overflow: 'reject-publish' });
      const publish = () =>
        new Promise((resolve) => {
          confirming.sendToQueue(queue, Buffer.from('x'), {}, (error) =>
            resolve(error ? 'nack' : 'ack'),
          );
        });
      expect([await publish(), await publish()]).toEqual(['ack', 'nack']);
      expect((await channel.checkQueue(queue)).messageCount).toBe(1);
    });

    test('a mandatory message that nobody wants comes back before its confirm', async () => {
      const confirming = await openConfirmChannel();
      const exchange = await anExchange('topic');
      const order: string[] = [];
      confirming.on('return', (message) => order.push(`return ${message.content.toString()}`));
      await new Promise<void>((resolve) => {
        confirming.publish(exchange, 'nobody', Buffer.from('lost'), { mandatory: true }, () => {
          order.push('confirm');
          resolve();
        });
      });
      expect(order).toEqual(['return lost', 'confirm']);
    });
  });

  describe('declaring', () => {
    test('a queue without a name gets one from the server', async () => {
      const { queue } = await channel.assertQueue('', { exclusive: true });
      expect(queue).toMatch(/^amq\.gen-/);
    });

    test('purging says how much was thrown away', async () => {
      const confirming = await openConfirmChannel();
      const queue = await aQueue('purged');
      for (const text of ['1', '2']) confirming.sendToQueue(queue, Buffer.from(text));
      await confirming.waitForConfirms();
      expect(await channel.purgeQueue(queue)).toEqual({ messageCount: 2 });
    });

    test('deleting a queue that is not there is no error', async () => {
      expect(await channel.deleteQueue(named('never'))).toEqual({ messageCount: 0 });
    });

    test('an exchange that nobody uses is deleted, and deleting it again is no error', async () => {
      const exchange = await anExchange('topic');
      for (let time = 0; time < 2; time += 1) await channel.deleteExchange(exchange);
      await expect((await openChannel()).checkExchange(exchange)).rejects.toMatchObject({
        code: 404,
      });
    });

    test('every broker has the standard exchanges', async () => {
      for (const type of ['direct', 'topic', 'fanout']) await channel.checkExchange(`amq.${type}`);
      expect(await channel.assertExchange('amq.topic', 'topic')).toEqual({ exchange: 'amq.topic' });
    });

    test('an auto-delete queue goes with its last consumer', async () => {
      const queue = await aQueue('auto', { autoDelete: true });
      const { consumerTag } = await channel.consume(queue, () => undefined);
      await channel.cancel(consumerTag);
      await expect(channel.checkQueue(queue)).rejects.toMatchObject({ code: 404 });
    });

    test('an exclusive queue is locked to others and goes with its connection', async () => {
      const other = await connect(broker.url);
      const otherChannel = await other.createChannel();
      const queue = named('exclusive');
      await otherChannel.assertQueue(queue, { exclusive: true });
      await expect((await openChannel()).checkQueue(queue)).rejects.toMatchObject({ code: 405 });
      await other.close();
      await vi.waitFor(
        async () =>
          expect((await openChannel()).checkQueue(queue)).rejects.toMatchObject({ code: 404 }),
        10_000,
      );
    });

    test.each<{ what: string; code: number; act: (on: Channel) => Promise<unknown> }>([
      {
        what: 'a queue declared with another time to live',
        code: 406,
        act: async (on) => {
          await on.assertQueue(named('same'), { messageTtl: 100 });
          await on.assertQueue(named('same'), { messageTtl: 200 });
        },
      },
      {
        what: 'a queue declared with another durability',
        code: 406,
        act: async (on) => {
          await on.assertQueue(named('same'), { durable: true });
          await on.assertQueue(named('same'), { durable: false });
        },
      },
      {
        what: 'an exchange declared with another type',
        code: 406,
        act: async (on) => {
          await on.assertExchange(named('same'), 'topic');
          await on.assertExchange(named('same'), 'direct');
        },
      },
      { what: 'a queue that is not there', code: 404, act: (on) => on.checkQueue(named('never')) },
      {
        what: 'an exchange that is not there',
        code: 404,
        act: (on) => on.checkExchange(named('never')),
      },
      {
        what: 'binding to an exchange that is not there',
        code: 404,
        act: async (on) =>
          on.bindQueue((await on.assertQueue(named('q'))).queue, named('never'), '#'),
      },
      { what: 'a reserved name', code: 403, act: (on) => on.assertQueue('amq.mine') },
      {
        what: 'binding to the default exchange',
        code: 403,
        act: async (on) => on.bindQueue((await on.assertQueue(named('q'))).queue, '', '#'),
      },
      {
        what: 'deleting a queue in use, if unused',
        code: 406,
        act: async (on) => {
          const { queue } = await on.assertQueue(named('used'));
          await on.consume(queue, () => undefined);
          await on.deleteQueue(queue, { ifUnused: true });
        },
      },
      {
        what: 'deleting a queue that is not empty, if empty',
        code: 406,
        act: async (on) => {
          const { queue } = await on.assertQueue(named('filled'));
          on.sendToQueue(queue, Buffer.from('x'));
          await until(async () => (await on.checkQueue(queue)).messageCount === 1);
          await on.deleteQueue(queue, { ifEmpty: true });
        },
      },
      {
        what: 'deleting an exchange in use, if unused',
        code: 406,
        act: async (on) => {
          await on.assertExchange(named('used'), 'topic');
          await on.bindQueue((await on.assertQueue(named('user'))).queue, named('used'), '#');
          await on.deleteExchange(named('used'), { ifUnused: true });
        },
      },
      {
        what: 'a reserved exchange name',
        code: 403,
        act: (on) => on.assertExchange('amq.mine', 'topic'),
      },
      {
        what: 'a dead-letter key without an exchange',
        code: 406,
        act: (on) => on.assertQueue(named('key-only'), { deadLetterRoutingKey: 'k' }),
      },
      {
        what: 'a kind of overflow nobody knows',
        code: 406,
        act: (on) => on.assertQueue(named('overflow'), { overflow: 'spill' }),
      },
      {
        what: 'a dead-letter exchange that is no text',
        code: 406,
        act: (on) => on.assertQueue(named('dlx'), { arguments: { 'x-dead-letter-exchange': 7 } }),
      },
      {
        what: 'a time to live that is no number',
        code: 406,
        act: (on) => on.assertQueue(named('ttl'), { arguments: { 'x-message-ttl': 'soon' } }),
      },
    ])('$what is refused with $code and the connection lives', async ({ code, act }) => {
      await expect(act(await openChannel())).rejects.toMatchObject({ code });
      expect(await (await openChannel()).assertQueue(named('after'))).toMatchObject({
        messageCount: 0,
      });
    });

    test('publishing to an exchange that is not there closes the channel with 404', async () => {
      const closing = await openChannel();
      const failed = once(closing, 'error');
      closing.publish(named('never'), 'key', Buffer.from('lost'));
      expect((await failed)[0]).toMatchObject({ code: 404 });
    });

    test('acknowledging twice closes the channel with 406', async () => {
      const closing = await openChannel();
      const queue = await aQueue('twice-acked');
      channel.sendToQueue(queue, Buffer.from('x'));
      const message = await until(() => closing.get(queue));
      const failed = once(closing, 'error');
      closing.ack(message);
      closing.ack(message);
      expect((await failed)[0]).toMatchObject({ code: 406 });
    });

    test('another vhost is refused', async () => {
      await expect(connect(`${broker.url}/nowhere`)).rejects.toThrow(/ConnectionClose/);
    });
  });

  describe('on the wire', () => {
    test('a client of another protocol is told which one is spoken', async () => {
      const { hostname, port } = new URL(broker.url);
      const socket = createConnection({ host: hostname, port: Number(port || 5672) });
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      // RabbitMQ does not wait for its answer to be read: the end may be a reset.
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1');
      await new Promise((resolve) => socket.once('close', resolve));
      expect(Buffer.concat(chunks).toString('latin1')).toBe('AMQP\u0000\u0000\u0009\u0001');
    });

    test('heartbeats keep a quiet connection open', async () => {
      const quiet = await connect(`${broker.url}?heartbeat=1`);
      let closed = false;
      quiet.on('close', () => {
        closed = true;
      });
      const { connection: inner } = quiet as unknown as {
        connection: { heartbeater: NodeJS.EventEmitter };
      };
      await once(inner.heartbeater, 'beat');
      await once(inner.heartbeater, 'beat');
      await once(inner.heartbeater, 'beat');
      expect(closed).toBe(false);
      expect(
        (await (await quiet.createChannel()).assertQueue('', { exclusive: true })).queue,
      ).toMatch(/^amq/);
      await quiet.close();
    });

    test('the product is RabbitMQ, as instrumentation derives the messaging system from it', () => {
      expect(connection.connection.serverProperties.product).toBe('RabbitMQ');
    });
  });
});

/** Asks until there is an answer. */
async function until<Answer>(ask: () => Promise<Answer | false>): Promise<Answer> {
  return vi.waitFor(
    async () => {
      const answer = await ask();
      if (answer === false) throw new Error('there is no message yet');
      return answer;
    },
    { timeout: 5_000, interval: 10 },
  );
}
