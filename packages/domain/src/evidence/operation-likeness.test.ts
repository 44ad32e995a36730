import { describe, expect, test } from 'vitest';
import { findOperations, mayBeOperation, nearNames } from './operation-likeness.ts';

const known = [
  'GET /v1/orders/{id}',
  'GET /v1/orders/{orderId}',
  'GET /v1/orders/latest',
  'GET /v1/{kind}/{id}',
  'POST /v1/orders',
  'GET /',
  'send order.placed',
];
const oneOrder = ['GET /v1/orders/{id}', 'GET /v1/orders/{orderId}'];

describe('the operations that somebody means', () => {
  test.each<[string, readonly string[]]>([
    ['GET /v1/orders/{id}', oneOrder],
    ['get /v1/orders/:id', oneOrder],
    ['GET /v1/orders/<int:id>/', oneOrder],
    ['GET /v1/orders/[id]', oneOrder],
    ['GET /v1/orders/*', oneOrder],
    ['GET /v1/orders/123', oneOrder],
    ['  GET   http://shop:3000/v1/orders/123?full=1#top ', oneOrder],
    ['GET /v1/orders/latest', ['GET /v1/orders/latest']],
    ['GET /v1/carts/7', ['GET /v1/{kind}/{id}']],
    ['GET /', ['GET /']],
    ['POST /v1/orders/', ['POST /v1/orders']],
    ['POST /v1/orders/{id}', []],
    ['GET /v1/orders/', []],
    ['GET /v1/orders//', []],
    ['DELETE /v1/orders/1', []],
    ['order.placed', []],
    ['/v1/orders/1', []],
  ])('%s', (asked, found) => {
    expect(findOperations(asked, known)).toEqual(found);
  });
});

test.each([
  ['GET /orders/mine', 'GET /orders/{id}', true],
  ['GET /orders/{name}', 'GET /orders/mine', true],
  ['GET /orders/mine', 'GET /orders/mine', true],
  ['GET /orders/mine', 'GET /orders/yours', false],
  ['GET /orders/1/items', 'GET /orders/{id}', false],
  ['PUT /orders/mine', 'GET /orders/{id}', false],
  ['send order.placed', 'GET /orders/{id}', false],
  ['GET /orders/{id}', 'send order.placed', false],
])('whether %s may be %s: %s', (seen, promised, expected) => {
  expect(mayBeOperation(seen, promised)).toBe(expected);
});

describe('names that are nearly the asked one', () => {
  test('the nearest first', () => {
    expect(nearNames('GET /v1/order/{id}', known).slice(0, 2)).toEqual(oneOrder);
    expect(nearNames('ordr.placed', ['order.placed', 'stock.low'])).toEqual(['order.placed']);
  });

  test('at most five, and none that have nothing in common', () => {
    const many = Array.from({ length: 9 }, (_, at) => `GET /orders/${at}`);
    expect(nearNames('GET /orders', many)).toHaveLength(5);
    expect(nearNames('zzz', known)).toEqual([]);
  });
});
