import type { Exchange, HttpExchange, MessageExchange } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import { compilePact } from './compile-pact.ts';
import { type CallMatch, matchCall } from './match-call.ts';

interface RequestParts {
  readonly method?: string;
  readonly path?: string;
  readonly query?: unknown;
  readonly matchingRules?: unknown;
}

function http(description: string, request: RequestParts, status: number | undefined = 200) {
  return { description, request: { method: 'GET', path: '/', ...request }, response: { status } };
}

function exchange(target: string, more: Partial<HttpExchange> = {}): HttpExchange {
  const [method = '', address = ''] = target.split(' ');
  const [path = '', query = ''] = address.split('?');
  return { kind: 'http', method, path, query, route: undefined, status: 200, ...more };
}

function event(name: string | undefined, destination = 'events'): MessageExchange {
  return { kind: 'message', system: 'rabbitmq', destination, event: name };
}

const pattern = (regex: string) => ({ path: { matchers: [{ match: 'regex', regex }] } });

const SHOP = compilePact(
  JSON.stringify({
    interactions: [
      http('an order', { path: '/v1/orders/42', matchingRules: pattern('^/v1/orders/[^/]+$') }),
      http('no order', { path: '/v1/orders/unknown' }, 404),
      http('items of a kind', { path: '/v1/items', query: { kind: ['tea'] } }),
      http('all items', { path: '/v1/items' }),
      http('a page of items', {
        path: '/v1/items',
        query: 'page=1',
        matchingRules: { '$.query.page': { match: 'regex', regex: '\\d+' } },
      }),
      http('an item', { path: '/v1/items/7' }),
      http('a customer', { path: '/v1/customers/alice' }),
      http('new order', { method: 'post', path: '/v1/orders' }, 201),
      {
        ...http('search', {
          path: '/v1/search/x/y',
          matchingRules: { path: { matchers: [{ match: 'type' }] } },
        }),
        request: {
          method: 'SEARCH',
          path: '/v1/search',
          matchingRules: { path: { matchers: [{ match: 'type' }] } },
        },
      },
      {
        ...http('any success', { method: 'PUT', path: '/v1/any' }),
        response: {
          status: 200,
          matchingRules: { status: { matchers: [{ match: 'statusCode', status: 'success' }] } },
        },
      },
    ],
  }),
);

const EVENTS = compilePact(
  JSON.stringify({
    interactions: [
      {
        type: 'Asynchronous/Messages',
        description: 'placed',
        metadata: { routingKey: 'order.placed' },
      },
      {
        type: 'Asynchronous/Messages',
        description: 'a stock event',
        contents: { content: { specversion: '1.0', type: 'com.example.stock.low' } },
      },
      { type: 'Asynchronous/Messages', description: 'an order cancelled event' },
      {
        type: 'Asynchronous/Messages',
        description: 'anything on the log',
        metadata: { topic: 'audit-log' },
      },
      {
        type: 'Synchronous/Messages',
        description: 'ask',
        request: { metadata: { type: 'quote.asked' } },
      },
    ],
  }),
);

function told(match: CallMatch): string {
  switch (match.kind) {
    case 'promised':
      return match.interactions.map(({ description }) => description).join(' + ');
    case 'unpromised-status':
      return `${match.operation}: promised ${match.promised.join(', ')}`;
    default:
      return match.kind;
  }
}

describe('an observed HTTP call', () => {
  test.each<readonly [string, HttpExchange, string]>([
    ['obeying the pattern', exchange('GET /v1/orders/4711'), 'an order'],
    ['with the example itself', exchange('GET /v1/items/7'), 'an item'],
    ['with another id than the example', exchange('GET /v1/items/8'), 'an item'],
    [
      'with another name under the same route',
      exchange('GET /v1/customers/bob', { route: '/v1/customers/:name' }),
      'a customer',
    ],
    ['with another name and no route', exchange('GET /v1/customers/bob'), 'uncovered'],
    [
      'under another route',
      exchange('GET /v1/customers/bob', { route: '/v1/:kind/bob' }),
      'uncovered',
    ],
    [
      'with a route that takes anything',
      exchange('GET /v1/customers/bob', { route: '/v1/*' }),
      'uncovered',
    ],
    ['percent-encoded', exchange('GET /v1/%6Frders/4711'), 'an order'],
    ['with a wrong escape', exchange('GET /v1/%ZZ'), 'uncovered'],
    ['with a trailing slash', exchange('GET /v1/items/7/'), 'uncovered'],
    ['with the promised parameter', exchange('GET /v1/items?kind=tea'), 'items of a kind'],
    ['with another value than the example', exchange('GET /v1/items?kind=coffee'), 'all items'],
    ['with a redacted value', exchange('GET /v1/items?kind=REDACTED'), 'items of a kind'],
    ['with an extra parameter', exchange('GET /v1/items?debug=1'), 'all items'],
    ['with a parameter by rule', exchange('GET /v1/items?page=9'), 'a page of items'],
    ['breaking the parameter rule', exchange('GET /v1/items?page=last'), 'all items'],
    [
      'with the promised failure',
      exchange('GET /v1/orders/99', { status: 404, route: '/v1/orders/:id' }),
      'no order',
    ],
    [
      'with an unpromised status',
      exchange('GET /v1/orders/99', { status: 402 }),
      'GET /v1/orders/{id}: promised 200',
    ],
    ['answered from a cache', exchange('GET /v1/orders/99', { status: 304 }), 'an order'],
    [
      'posted, answered 304',
      exchange('POST /v1/orders', { status: 304 }),
      'POST /v1/orders: promised 201',
    ],
    ['without any status', exchange('GET /v1/orders/99', { status: undefined }), 'an order'],
    ['by HEAD', exchange('HEAD /v1/orders/99'), 'an order'],
    ['by another method', exchange('DELETE /v1/orders/99'), 'uncovered'],
    ['where the path may be anything', exchange('SEARCH /v2/find'), 'search'],
    [
      'with a status of the promised class',
      exchange('PUT /v1/any', { status: 204 }),
      'any success',
    ],
    [
      'with a status outside of the class',
      exchange('PUT /v1/any', { status: 500 }),
      'PUT /v1/any: promised 200',
    ],
  ])('%s', (_caption, seen, expected) => {
    expect(told(matchCall([SHOP], seen, true))).toBe(expected);
  });

  const needsSku = compilePact(
    JSON.stringify({ interactions: [http('stock', { path: '/stock', query: 'sku=1' })] }),
  );

  test('without the promised query is uncovered, unless the spans do not tell queries', () => {
    expect(told(matchCall([needsSku], exchange('GET /stock'), true))).toBe('uncovered');
    expect(told(matchCall([needsSku], exchange('GET /stock'), false))).toBe('stock');
  });

  test('is kept by a promise of any pact in force', () => {
    expect(told(matchCall([SHOP, needsSku], exchange('GET /stock?sku=2'), true))).toBe('stock');
    expect(told(matchCall([], exchange('GET /stock'), true))).toBe('uncovered');
  });
});

describe('an observed event', () => {
  test.each<readonly [string, MessageExchange, string]>([
    ['by its routing key', event('order.placed'), 'placed'],
    ['spelled in another way', event('OrderPlaced'), 'placed'],
    ['with a longer name', event('com.example.order.placed'), 'placed'],
    ['by the type in its CloudEvent', event('stock.low'), 'a stock event'],
    ['by its description', event('order.cancelled'), 'an order cancelled event'],
    ['on a promised topic', event(undefined, 'audit-log'), 'anything on the log'],
    ['of any name on a promised topic', event('user.left', 'audit-log'), 'anything on the log'],
    ['sent with an answer', event('quote.asked'), 'ask'],
    ['nobody promised', event('order.shipped'), 'uncovered'],
    ['with one word of a name', event('placed'), 'uncovered'],
    ['without a name', event(undefined), 'undecided'],
    ['without a name and destination', event(undefined, ''), 'undecided'],
  ])('%s', (_caption, seen, expected) => {
    expect(told(matchCall([EVENTS], seen, true))).toBe(expected);
    expect(told(matchCall([EVENTS], seen, true))).toBe(expected);
  });

  test('without a name is undecided where no pact exists at all', () => {
    expect(told(matchCall([], event(undefined), true))).toBe('undecided');
    expect(told(matchCall([], event('order.placed'), true))).toBe('uncovered');
  });
});

describe('exchanges that pacts do not speak of', () => {
  test.each<Exchange>([
    { kind: 'database', system: 'postgresql', namespace: 'shop', operation: 'SELECT' },
    { kind: 'rpc', system: 'grpc', method: 'shop.Orders/Get', status: 'OK' },
  ])('a $kind is undecided', (observed) => {
    expect(matchCall([], observed, true)).toEqual({ kind: 'undecided' });
  });
});

describe('interactions that spans cannot tell apart', () => {
  const twins = compilePact(
    JSON.stringify({
      interactions: [
        http('order of a member', { path: '/orders/1' }),
        http('order of a guest', { path: '/orders/2' }),
        http('order that is gone', { path: '/orders/3' }, 410),
        http('with a long query', { path: '/orders', query: { [`q${'x'.repeat(300)}`]: ['1'] } }),
        http('with another long query', {
          path: '/orders',
          query: { [`q${'x'.repeat(301)}`]: ['1'] },
        }),
      ],
    }),
  );

  test('have one shape; another status has its own', () => {
    expect(twins.interactions.map(({ shape }) => shape.slice(0, 30))).toEqual([
      'GET /orders/{id} 200',
      'GET /orders/{id} 200',
      'GET /orders/{id} 410',
      `GET /orders?q${'x'.repeat(17)}`,
      `GET /orders?q${'x'.repeat(17)}`,
    ]);
  });

  test('have shapes of bounded length that stay different', () => {
    const [, , , long, longer] = twins.interactions.map(({ shape }) => shape);
    expect(long).not.toBe(longer);
    expect(long?.length).toBeLessThanOrEqual(200);
  });
});
