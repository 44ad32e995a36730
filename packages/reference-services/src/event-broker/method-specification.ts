import type { FieldTable } from './field-table.ts';

export interface ArgumentTypes {
  readonly octet: number;
  readonly short: number;
  readonly long: number;
  readonly longlong: bigint;
  readonly bit: boolean;
  readonly shortstr: string;
  readonly longstr: Buffer;
  readonly table: FieldTable;
}

export type ArgumentType = keyof ArgumentTypes;

/** The methods of AMQP 0-9-1 (and RabbitMQ's confirm and nack) that this server speaks: class, method, arguments. */
export const specification = {
  'connection.start': [
    10,
    10,
    {
      major: 'octet',
      minor: 'octet',
      properties: 'table',
      mechanisms: 'longstr',
      locales: 'longstr',
    },
  ],
  'connection.start-ok': [
    10,
    11,
    { properties: 'table', mechanism: 'shortstr', response: 'longstr', locale: 'shortstr' },
  ],
  'connection.tune': [10, 30, { channelMax: 'short', frameMax: 'long', heartbeat: 'short' }],
  'connection.tune-ok': [10, 31, { channelMax: 'short', frameMax: 'long', heartbeat: 'short' }],
  'connection.open': [10, 40, { vhost: 'shortstr', capabilities: 'shortstr', insist: 'bit' }],
  'connection.open-ok': [10, 41, { knownHosts: 'shortstr' }],
  'connection.close': [
    10,
    50,
    { code: 'short', text: 'shortstr', classId: 'short', methodId: 'short' },
  ],
  'connection.close-ok': [10, 51, {}],
  'channel.open': [20, 10, { outOfBand: 'shortstr' }],
  'channel.open-ok': [20, 11, { channelId: 'longstr' }],
  'channel.flow': [20, 20, { active: 'bit' }],
  'channel.flow-ok': [20, 21, { active: 'bit' }],
  'channel.close': [
    20,
    40,
    { code: 'short', text: 'shortstr', classId: 'short', methodId: 'short' },
  ],
  'channel.close-ok': [20, 41, {}],
  'exchange.declare': [
    40,
    10,
    {
      ticket: 'short',
      exchange: 'shortstr',
      type: 'shortstr',
      passive: 'bit',
      durable: 'bit',
      autoDelete: 'bit',
      internal: 'bit',
      nowait: 'bit',
      arguments: 'table',
    },
  ],
  'exchange.declare-ok': [40, 11, {}],
  'exchange.delete': [
    40,
    20,
    { ticket: 'short', exchange: 'shortstr', ifUnused: 'bit', nowait: 'bit' },
  ],
  'exchange.delete-ok': [40, 21, {}],
  'queue.declare': [
    50,
    10,
    {
      ticket: 'short',
      queue: 'shortstr',
      passive: 'bit',
      durable: 'bit',
      exclusive: 'bit',
      autoDelete: 'bit',
      nowait: 'bit',
      arguments: 'table',
    },
  ],
  'queue.declare-ok': [50, 11, { queue: 'shortstr', messageCount: 'long', consumerCount: 'long' }],
  'queue.bind': [
    50,
    20,
    {
      ticket: 'short',
      queue: 'shortstr',
      exchange: 'shortstr',
      routingKey: 'shortstr',
      nowait: 'bit',
      arguments: 'table',
    },
  ],
  'queue.bind-ok': [50, 21, {}],
  'queue.purge': [50, 30, { ticket: 'short', queue: 'shortstr', nowait: 'bit' }],
  'queue.purge-ok': [50, 31, { messageCount: 'long' }],
  'queue.delete': [
    50,
    40,
    { ticket: 'short', queue: 'shortstr', ifUnused: 'bit', ifEmpty: 'bit', nowait: 'bit' },
  ],
  'queue.delete-ok': [50, 41, { messageCount: 'long' }],
  'queue.unbind': [
    50,
    50,
    {
      ticket: 'short',
      queue: 'shortstr',
      exchange: 'shortstr',
      routingKey: 'shortstr',
      arguments: 'table',
    },
  ],
  'queue.unbind-ok': [50, 51, {}],
  'basic.qos': [60, 10, { prefetchSize: 'long', prefetchCount: 'short', global: 'bit' }],
  'basic.qos-ok': [60, 11, {}],
  'basic.consume': [
    60,
    20,
    {
      ticket: 'short',
      queue: 'shortstr',
      consumerTag: 'shortstr',
      noLocal: 'bit',
      noAck: 'bit',
      exclusive: 'bit',
      nowait: 'bit',
      arguments: 'table',
    },
  ],
  'basic.consume-ok': [60, 21, { consumerTag: 'shortstr' }],
  'basic.cancel': [60, 30, { consumerTag: 'shortstr', nowait: 'bit' }],
  'basic.cancel-ok': [60, 31, { consumerTag: 'shortstr' }],
  'basic.publish': [
    60,
    40,
    {
      ticket: 'short',
      exchange: 'shortstr',
      routingKey: 'shortstr',
      mandatory: 'bit',
      immediate: 'bit',
    },
  ],
  'basic.return': [
    60,
    50,
    { code: 'short', text: 'shortstr', exchange: 'shortstr', routingKey: 'shortstr' },
  ],
  'basic.deliver': [
    60,
    60,
    {
      consumerTag: 'shortstr',
      deliveryTag: 'longlong',
      redelivered: 'bit',
      exchange: 'shortstr',
      routingKey: 'shortstr',
    },
  ],
  'basic.get': [60, 70, { ticket: 'short', queue: 'shortstr', noAck: 'bit' }],
  'basic.get-ok': [
    60,
    71,
    {
      deliveryTag: 'longlong',
      redelivered: 'bit',
      exchange: 'shortstr',
      routingKey: 'shortstr',
      messageCount: 'long',
    },
  ],
  'basic.get-empty': [60, 72, { clusterId: 'shortstr' }],
  'basic.ack': [60, 80, { deliveryTag: 'longlong', multiple: 'bit' }],
  'basic.reject': [60, 90, { deliveryTag: 'longlong', requeue: 'bit' }],
  'basic.recover': [60, 110, { requeue: 'bit' }],
  'basic.recover-ok': [60, 111, {}],
  'basic.nack': [60, 120, { deliveryTag: 'longlong', multiple: 'bit', requeue: 'bit' }],
  'confirm.select': [85, 10, { nowait: 'bit' }],
  'confirm.select-ok': [85, 11, {}],
} as const satisfies Record<
  string,
  readonly [number, number, Readonly<Record<string, ArgumentType>>]
>;
