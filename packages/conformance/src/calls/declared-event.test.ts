import type { MessageOperation } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import { declarationOf } from './declared-event.ts';

function sends(channel: string, more: Partial<MessageOperation> = {}): MessageOperation {
  return {
    ...{ kind: 'message', action: 'send', key: `send ${channel}`, channel },
    ...{ operationId: undefined, messages: [] },
    ...more,
  };
}

const byKey = [
  sends('order.placed', { messages: ['OrderPlacedEvent'] }),
  sends('orders.{region}.cancelled'),
  sends('stock.#'),
  sends('a', { operationId: 'sendInvoiceIssued' }),
];
const byTopic = [sends('orders', { messages: ['order.placed', 'OrderPaid'] })];
const otherNames = [sends('orders', { messages: ['OrderCreatedV2Envelope', 'Thing'] })];

describe('an event that a service sent', () => {
  test.each<
    readonly [
      string,
      readonly MessageOperation[],
      { readonly event?: string; readonly destination?: string; readonly system?: string },
      string,
    ]
  >([
    ['by its routing key', byKey, { event: 'order.placed' }, 'declared'],
    ['by the type of its CloudEvent', byKey, { event: 'com.shop.order.placed' }, 'declared'],
    ['spelled as the message', byKey, { event: 'OrderPlaced' }, 'declared'],
    ['by an address with a parameter', byKey, { event: 'orders.eu.cancelled' }, 'declared'],
    ['by an address that takes more', byKey, { event: 'stock.eu.low' }, 'declared'],
    ['by its operation', byKey, { event: 'invoice.issued' }, 'declared'],
    ['that no channel has', byKey, { event: 'order.lost' }, 'undeclared'],
    ['of another end of the address', byKey, { event: 'orders.eu.lost' }, 'undeclared'],
    ['without a name, on an exchange', byKey, { destination: 'events' }, 'unknown'],
    ['on a declared topic', byTopic, { destination: 'orders', system: 'kafka' }, 'declared'],
    ['on another topic', byTopic, { destination: 'bills', system: 'kafka' }, 'undeclared'],
    ['without name and place', byTopic, { system: 'kafka' }, 'unknown'],
    ['named among the messages of the topic', byTopic, { event: 'com.x.order.paid' }, 'declared'],
    [
      'named as those, but not among them',
      byTopic,
      { event: 'com.x.order.lost', destination: 'orders' },
      'undeclared',
    ],
    [
      'named in another way than the messages of its topic',
      otherNames,
      { event: 'com.x.placed', destination: 'orders' },
      'declared',
    ],
    ['of a service that declares nothing', [], { event: 'order.placed' }, 'unknown'],
    [
      'of a service that declares only what it receives',
      [sends('order.placed', { action: 'receive' })],
      { event: 'order.lost' },
      'unknown',
    ],
  ])('%s', (_caption, ...[operations, seen, expected]) => {
    const { event, destination = '', system = 'rabbitmq' } = seen;
    const { declaration, operations: found } = declarationOf(operations, {
      ...{ event, destination, system },
    });
    expect(declaration).toBe(expected);
    expect(found.length > 0).toBe(expected === 'declared');
  });

  test('is told with the operation that declares it', () => {
    const seen = { event: 'order.placed', destination: '', system: 'rabbitmq' };
    expect(declarationOf(byKey, seen).operations).toEqual([byKey[0]]);
  });
});
