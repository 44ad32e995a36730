import { expect, test } from 'vitest';
import { peerNames } from './peer-names.ts';

test.each([
  ['orders', []],
  ['orders:3000', ['orders']],
  ['Orders:3000', ['orders']],
  ['orders.shop.svc.cluster.local:8080', ['orders.shop.svc.cluster.local', 'orders']],
  ['orders.shop.svc', ['orders']],
  ['orders-0.orders.shop.svc.cluster.local', ['orders']],
  ['orders.service.consul:8080', ['orders.service.consul', 'orders']],
  ['v1.orders.service.dc1.consul', ['orders']],
  ['tasks.orders:80', ['tasks.orders', 'orders']],
  ['orders.internal', ['orders']],
  ['api.example.com:443', ['api.example.com']],
  ['10.0.0.7:8080', []],
  ['[::1]:8080', []],
  ['a:b:c', []],
])('a peer at %s may be called %j', (address, expected) => {
  expect(peerNames(address)).toEqual(expected);
});
