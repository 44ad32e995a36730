/** The pact of most cases: reads and writes of orders with rules in paths and parameters, and three events. */
const digits = { path: { matchers: [{ match: 'regex', regex: '^/v1/orders/\\d+$' }] } };

const requests = [
  {
    description: 'an order',
    request: { method: 'GET', path: '/v1/orders/42', matchingRules: digits },
    response: { status: 200 },
  },
  {
    description: 'no order',
    request: { method: 'GET', path: '/v1/orders/404', matchingRules: digits },
    response: { status: 404 },
  },
  {
    description: 'new order',
    request: { method: 'POST', path: '/v1/orders' },
    response: { status: 201 },
  },
  {
    description: 'stock',
    request: { method: 'GET', path: '/v1/stock', query: { sku: ['tea'] } },
    response: { status: 200 },
  },
  {
    description: 'page of items',
    request: {
      method: 'GET',
      path: '/v1/items',
      query: { page: ['1'] },
      matchingRules: { query: { page: { matchers: [{ match: 'integer' }] } } },
    },
    response: { status: 200 },
  },
];

export function promises(interactions: readonly object[]): object {
  return {
    interactions: interactions.map((one) => ({ type: 'Synchronous/HTTP', ...one })),
    metadata: { pactSpecification: { version: '4.0' } },
  };
}

export function anEvent(routingKey: string): object {
  return {
    type: 'Asynchronous/Messages',
    description: `${routingKey} happened`,
    contents: { content: { id: '1' }, contentType: 'application/json', encoded: false },
    metadata: { routingKey },
  };
}

export const aCart = {
  description: 'a cart',
  request: { method: 'GET', path: '/v1/carts/7' },
  response: { status: 200 },
};

export const orders = promises(requests);

export function ordersAnd(...more: readonly object[]): object {
  return promises([...requests, ...more]);
}

/** One operation, so that no other can be missed. */
export const anOrder = promises(requests.slice(0, 1));
export const ordersRead = promises(requests.slice(0, 3));
export const events = promises([anEvent('order.placed')]);
export const twoEvents = promises([anEvent('order.placed'), anEvent('order.lost')]);

/** An AsyncAPI 3 document of a service that sends these events, each on a channel of its own. */
export function sending(...names: readonly string[]): object {
  const keys = names.map((name) => name.replaceAll('.', '_'));
  return {
    asyncapi: '3.0.0',
    info: { title: 'shop', version: '1.0.0' },
    channels: Object.fromEntries(
      names.map((name, index) => [
        keys[index],
        { address: name, messages: { [name]: { name, payload: { type: 'object' } } } },
      ]),
    ),
    operations: Object.fromEntries(
      keys.map((key) => [
        `send_${key}`,
        { action: 'send', channel: { $ref: `#/channels/${key}` } },
      ]),
    ),
  };
}
