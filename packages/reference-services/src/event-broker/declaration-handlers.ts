import { AmqpError } from './amqp-error.ts';
import type { ChannelPort, Handlers } from './channel.ts';
import type { ExchangeType } from './exchange.ts';
import type { FieldTable } from './field-table.ts';
import type { MethodArguments } from './methods.ts';
import type { Queue } from './queue.ts';
import { readQueueArguments } from './queue-arguments.ts';
import type { VirtualHost } from './virtual-host.ts';

const exchangeTypes: ReadonlySet<string> = new Set(['direct', 'topic', 'fanout']);

/** Declaring, binding and deleting exchanges and queues. */
export function declarationHandlers(host: VirtualHost, port: ChannelPort): Handlers {
  return {
    ...exchangeHandlers(host, port),
    ...queueHandlers(host, port),
    ...bindingHandlers(host, port),
  };
}

function exchangeHandlers(host: VirtualHost, port: ChannelPort): Handlers {
  return {
    'exchange.declare': (values) => {
      if (values.passive) host.exchange(values.exchange);
      else declareExchange(host, values);
      if (!values.nowait) port.send('exchange.declare-ok', {});
    },
    'exchange.delete': (values) => {
      host.deleteExchange(values.exchange, values);
      if (!values.nowait) port.send('exchange.delete-ok', {});
    },
  };
}

function declareExchange(host: VirtualHost, values: MethodArguments<'exchange.declare'>): void {
  const { type, durable, autoDelete, internal } = values;
  if (!exchangeTypes.has(type)) {
    throw new AmqpError('COMMAND_INVALID', `this server has no exchange type '${type}'`);
  }
  refuseArguments('exchange', values.arguments);
  host.declareExchange(values.exchange, {
    type: type as ExchangeType,
    durable,
    autoDelete,
    internal,
  });
}

function queueHandlers(host: VirtualHost, port: ChannelPort): Handlers {
  return {
    'queue.declare': (values) => {
      const queue = declareQueue(host, port, values);
      const { name, messageCount, consumerCount } = queue;
      if (!values.nowait)
        port.send('queue.declare-ok', { queue: name, messageCount, consumerCount });
    },
    'queue.purge': (values) => {
      const messageCount = host.queue(values.queue, port.owner).purge();
      if (!values.nowait) port.send('queue.purge-ok', { messageCount });
    },
    'queue.delete': (values) => {
      const messageCount = deleteQueue(host, port, values);
      if (!values.nowait) port.send('queue.delete-ok', { messageCount });
    },
  };
}

function declareQueue(
  host: VirtualHost,
  port: ChannelPort,
  values: MethodArguments<'queue.declare'>,
): Queue {
  const { queue: name, durable, autoDelete } = values;
  if (values.passive) return host.queue(name, port.owner);
  const options = {
    durable,
    autoDelete,
    exclusiveTo: values.exclusive ? port.owner : undefined,
    arguments: readQueueArguments(values.arguments),
  };
  return host.declareQueue(name, options, port.owner);
}

/** A queue that is not there is deleted already. */
function deleteQueue(
  host: VirtualHost,
  port: ChannelPort,
  values: MethodArguments<'queue.delete'>,
): number {
  if (!host.hasQueue(values.queue)) return 0;
  const queue = host.queue(values.queue, port.owner);
  if (values.ifUnused && queue.consumerCount > 0) {
    throw new AmqpError('PRECONDITION_FAILED', `queue '${queue.name}' in use`);
  }
  if (values.ifEmpty && queue.messageCount > 0) {
    throw new AmqpError('PRECONDITION_FAILED', `queue '${queue.name}' not empty`);
  }
  return host.deleteQueue(queue);
}

function bindingHandlers(host: VirtualHost, port: ChannelPort): Handlers {
  return {
    'queue.bind': (values) => {
      refuseArguments('binding', values.arguments);
      const queue = host.queue(values.queue, port.owner);
      bindable(host, values.exchange).bind(queue, values.routingKey);
      if (!values.nowait) port.send('queue.bind-ok', {});
    },
    'queue.unbind': (values) => {
      const queue = host.queue(values.queue, port.owner);
      bindable(host, values.exchange).unbind(queue, values.routingKey);
      port.send('queue.unbind-ok', {});
    },
  };
}

function bindable(host: VirtualHost, name: string) {
  if (name !== '') return host.exchange(name);
  throw new AmqpError('ACCESS_REFUSED', 'the default exchange cannot be bound');
}

function refuseArguments(what: string, table: FieldTable): void {
  const [name] = table.keys();
  if (name === undefined) return;
  throw new AmqpError('NOT_IMPLEMENTED', `this server has no ${what} argument '${name}'`);
}
