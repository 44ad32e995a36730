import type { Exchange, HttpExchange } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import { compilePact } from './compile-pact.ts';
import { RouteResolver } from './route-resolver.ts';

const request = (path: string, regex?: string) => ({
  request: {
    method: 'GET',
    path,
    ...(regex === undefined
      ? {}
      : { matchingRules: { path: { matchers: [{ match: 'regex', regex }] } } }),
  },
});

const resolver = new RouteResolver([
  compilePact(
    JSON.stringify({
      interactions: [
        request('/v1/orders/42', '^\\/v1\\/orders\\/[0-9]+$'),
        request('/v1/orders/42/items/sku-1', '/v1/orders/[^/]+/items/(sku|art)-[0-9]+'),
        request('/v1/orders/latest'),
        request('/v1/files/report.pdf', '/v1/files/report\\.pdf'),
        request('/v2/any/depth', '/v2/.*'),
        request('/v3/broken/7', '/v3/(?<broken/\\d+'),
        request('/v4/users/anna@example.com'),
        request('/v5/either/7', '/v5/(?:either|or)/\\d+'),
      ],
    }),
  ),
  compilePact(JSON.stringify({ interactions: [request('/v1/orders/42', '/v1/orders/\\d+')] })),
]);

function seen(path: string, route?: string): HttpExchange {
  return { kind: 'http', method: 'GET', path, query: '', route, status: 200 };
}

describe('the operation of an observed call', () => {
  test.each([
    ['GET /v1/orders/{id}', 'contract', seen('/v1/orders/4711', '/v1/orders/:orderId')],
    ['GET /v1/orders/{id}/items/{id}', 'contract', seen('/v1/orders/x/items/art-9')],
    ['GET /v1/orders/latest', 'contract', seen('/v1/orders/latest')],
    ['GET /v1/files/report.pdf', 'contract', seen('/v1/files/report.pdf')],
    ['GET /v2/any/depth', 'contract', seen('/v2/any/depth')],
    ['GET /v4/users/{id}', 'contract', seen('/v4/users/ben@example.com')],
    ['GET /v5/{id}/{id}', 'contract', seen('/v5/or/8')],
    ['GET /v1/orders/{word}', 'route', seen('/v1/orders/search', '/v1/orders/<str:word>')],
    ['GET /shop/{id}', 'route', seen('/shop/9', '/shop/[id]')],
    ['GET /shop/{id}', 'route', seen('/shop/9', '/shop/:id(\\d+)(.:format)')],
    ['GET /shop/{id}', 'route', seen('/shop/9', '/shop/{id:int}')],
    ['GET /shop/{id}', 'heuristic', seen('/shop/9', '/shop/*')],
    [
      'GET /users/{id}/orders',
      'heuristic',
      seen('/users/0c5c7a0e-3f0e-4c54-9a35-2a3c6a1a2b3c/orders'),
    ],
    ['GET /oauth2/v2/token', 'heuristic', seen('/oauth2/v2/token')],
    ['GET /keys/{id}', 'heuristic', seen('/keys/AbCdEfGhIjKlMnOpQrStUv')],
    ['GET /', 'heuristic', seen('/', '')],
  ] as const)('%s by %s', (operation, source, exchange) => {
    expect(resolver.operationOf(exchange)).toEqual({ operation, source });
  });

  test.each<readonly [string, Exchange, string]>([
    [
      'a query of a database',
      { kind: 'database', system: 'postgresql', namespace: 'shop', operation: 'SELECT' },
      'SELECT shop',
    ],
    [
      'a query that says no more than its system',
      { kind: 'database', system: 'redis', namespace: undefined, operation: undefined },
      'query redis',
    ],
    [
      'a remote procedure',
      { kind: 'rpc', system: 'grpc', method: 'shop.Orders/Get', status: 'OK' },
      'shop.Orders/Get',
    ],
    [
      'a remote procedure without a name',
      { kind: 'rpc', system: 'grpc', method: '', status: 'OK' },
      'an unnamed procedure',
    ],
  ])('of %s is what it says itself', (_what, exchange, operation) => {
    expect(new RouteResolver([]).operationOf(exchange)).toEqual({ operation, source: 'route' });
  });

  test('of a method that no contract names is guessed', () => {
    expect(resolver.operationOf({ ...seen('/v1/orders/7'), method: 'DELETE' })).toEqual({
      operation: 'DELETE /v1/orders/{id}',
      source: 'heuristic',
    });
  });

  test.each([
    ['send order.placed', 'route', { event: 'order.placed', destination: 'events' }],
    ['send audit-log', 'heuristic', { event: undefined, destination: 'audit-log' }],
    ['send an unnamed event', 'heuristic', { event: undefined, destination: '' }],
  ] as const)('%s of a message', (operation, source, names) => {
    expect(resolver.operationOf({ kind: 'message', system: 'rabbitmq', ...names })).toEqual({
      operation,
      source,
    });
  });
});
