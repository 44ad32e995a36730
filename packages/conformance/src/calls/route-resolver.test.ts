import type { Exchange, HttpExchange, HttpOperation } from '@concordat/domain';
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

const pacts = [
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
];
const resolver = new RouteResolver({ pacts });

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
    expect(new RouteResolver({ pacts: [] }).operationOf(exchange)).toEqual({
      operation,
      source: 'route',
    });
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

function declares(route: string, basePaths?: readonly string[]): HttpOperation {
  const [method = '', path = ''] = route.split(' ');
  return {
    ...{ kind: 'http', key: route, method, path, operationId: undefined, statuses: ['200'] },
    ...(basePaths && { basePaths }),
  };
}

const promises = [
  request('/v1/orders/42', '/v1/orders/\\d+'),
  request('/v1/orders/a1', '/v1/orders/[a-f0-9]+'),
  request('/v1/orders/latest'),
  request('/v1/files/a/b', '/v1/files/.*'),
  request('/v1/files/img/b', '/v1/files/img/.*'),
  request('/v1/carts/7'),
];
const operations = [
  declares('GET /v1/orders/{orderId}'),
  declares('GET /v1/orders/{orderId}/'),
  declares('GET /v1/orders/{orderId}/items/{sku}'),
  declares('GET /v1/orders/{any}/items/special'),
  declares('GET /v1/{kind}/42/items/{sku}'),
  declares('GET /v1/carts/{cartId}'),
  declares('GET /reports/{name}.csv'),
  declares('GET /reports/{name}'),
  declares('GET /reports/{name}:cancel'),
  declares('GET /köln/{straße}'),
  declares('GET /users/{id}', ['/api/v2']),
  declares('GET /'),
];

function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  return items
    .map((item, at) => ({ item, rank: Math.imul(at + 1, seed * 2_654_435_761) >>> 0 }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}

describe.each([1, 2, 3, 4, 5])('a path that fits several contracts (in order %i)', (seed) => {
  const pact = compilePact(JSON.stringify({ interactions: shuffled(promises, seed) }));
  const several = new RouteResolver({ pacts: [pact], operations: shuffled(operations, seed) });

  test.each([
    ['fixed text before everything', '/v1/orders/latest', '/v1/orders/latest'],
    ['a pattern before anything', '/v1/orders/77', '/v1/orders/{id}'],
    ['two patterns with one name', '/v1/orders/ff', '/v1/orders/{id}'],
    ['anything, by the name that pacts have for it', '/v1/orders/none-such', '/v1/orders/{id}'],
    ['a trailing slash for nothing', '/v1/orders/77/', '/v1/orders/{id}'],
    ['the leftmost difference', '/v1/orders/42/items/x', '/v1/orders/{orderId}/items/{sku}'],
    ['fixed text after a variable', '/v1/orders/9/items/special', '/v1/orders/{any}/items/special'],
    [
      'another branch when the first leads nowhere',
      '/v1/other/42/items/x',
      '/v1/{kind}/42/items/{sku}',
    ],
    ['a guess of an example before anything', '/v1/carts/8', '/v1/carts/{id}'],
    ['and one name for both', '/v1/carts/mine', '/v1/carts/{id}'],
    ['a variable with fixed text around', '/reports/may.csv', '/reports/{name}.csv'],
    ['a verb behind a variable', '/reports/may:cancel', '/reports/{name}:cancel'],
    ['a variable alone', '/reports/may', '/reports/{name}'],
    ['a rule over many segments', '/v1/files/x/y/z', '/v1/files/a/b'],
    ['the longer of two such rules', '/v1/files/img/y/z', '/v1/files/img/{id}'],
    ['a base path of a server', '/api/v2/users/5', '/api/v2/users/{id}'],
    ['the same without its base path', '/users/5', '/users/{id}'],
    ['the root', '/', '/'],
    ['escapes that change no segment', '/k%C3%B6ln/a%20b', '/köln/{straße}'],
    ['an encoded slash as part of its segment', '/v1/orders/a%2Fb', '/v1/orders/{id}'],
  ])('takes %s', (_what, path, template) => {
    expect(several.templateOf('GET', path)).toBe(template);
  });

  test.each([
    ['nothing for a variable', '/v1//42/items/x'],
    ['more than one slash at the end', '/v1/orders/77//'],
    ['another method', '/v1/orders/latest', 'DELETE'],
    ['a wrong escape in fixed text', '/k%C3%B6ln%/x'],
    ['other letters', '/V1/orders/latest'],
    ['a path far deeper than any route', `/v1${'/orders'.repeat(100_000)}`],
    ['a segment far longer than any', `/v1/${'9'.repeat(1_000_000)}`],
    ['no path', ''],
  ])('takes no contract for %s', (_what, path, method = 'GET') => {
    expect(several.templateOf(method, path)).toBeUndefined();
  });

  test('lists every route in the order in which they are tried', () => {
    const routes = several.routes().map(({ text }) => text);
    expect(routes.indexOf('/v1/orders/latest')).toBeLessThan(routes.indexOf('/v1/orders/{id}'));
    const rules = several.routes().filter(({ kind }) => kind === 'rule');
    expect(rules.map(({ text }) => text)).toEqual(['/v1/files/img/{id}', '/v1/files/a/b']);
  });
});

test('a look-up in routes that branch at every step ends', () => {
  const branching = Array.from({ length: 2 ** 10 }, (_, bits) => {
    const steps = Array.from({ length: 10 }, (_step, at) => ((bits >> at) & 1 ? 'a' : `{p${at}}`));
    return declares(`GET /${steps.join('/')}/end${bits}`);
  });
  const resolver = new RouteResolver({ pacts: [], operations: branching });
  expect(resolver.templateOf('GET', '/a/a/a/a/a/a/a/a/a/a/nowhere')).toBeUndefined();
  expect(resolver.templateOf('GET', '/a/a/a/a/a/a/a/a/a/a/end0')).toContain('{p9}/end0');
});

test('what no contract names stays marked as a guess, however long', () => {
  const { operation, source } = new RouteResolver({ pacts: [] }).operationOf(
    seen(`/${'segment/'.repeat(10_000)}`),
  );
  expect([operation.length, source]).toEqual([204, 'heuristic']);
});
