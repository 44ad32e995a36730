import { describe, expect, test } from 'vitest';
import { suggestAliases } from './suggest-aliases.ts';

function seen(service: string, virtual = false) {
  return { service, calls: 3, lastSeen: 7, virtual };
}

describe('a service whose name nearly matches', () => {
  test.each<[string, readonly string[], string]>([
    ['Orders', ['orders', 'web'], 'orders 0.9: only case, plural or separators differ'],
    ['order_history', ['OrderHistory'], 'OrderHistory 0.9: only case, plural or separators differ'],
    ['orders-service', ['orders'], 'orders 0.86: the ending "service" is left out'],
    ['orders-api', ['OrdersApi'], 'OrdersApi 0.9: only case, plural or separators differ'],
    ['orders', ['orders-api'], 'orders-api 0.86: the ending "api" is left out'],
    [
      'ordersSvc',
      ['Orders App'],
      'Orders App 0.81: the ending "svc" is left out, the ending "app" is left out',
    ],
    ['orders-prod', ['orders'], 'orders 0.76: the ending "prod" is left out'],
    [
      'orders-svc-prod',
      ['orders'],
      'orders 0.72: the ending "prod" is left out, the ending "svc" is left out',
    ],
    ['shop.orders', ['orders'], 'orders 0.72: the namespace "shop." is left out'],
    ['shop/orders', ['orders', 'shop'], 'orders 0.72: the namespace "shop/" is left out'],
    [
      'shop/orders',
      ['shop-orders', 'orders'],
      'shop-orders 0.9: only case, plural or separators differ',
    ],
    ['orders', ['shop/orders'], 'shop/orders 0.72: the namespace "shop/" is left out'],
  ])('%s among %j gets %s', (service, pacticipants, expected) => {
    const found = suggestAliases([seen(service)], pacticipants, new Set());
    expect(
      found.map(
        ({ pacticipant, score, reasons }) => `${pacticipant} ${score}: ${reasons.join(', ')}`,
      ),
    ).toEqual([expected]);
  });

  test.each<[string, string, readonly string[], readonly string[]]>([
    ['is a pacticipant itself', 'orders', ['orders', 'Orders'], []],
    ['has an alias', 'Orders', ['orders'], ['Orders']],
    ['is like none', 'payments', ['orders'], []],
    ['is no name', '/', ['orders'], []],
    ['is only an ending', 'api', ['orders'], []],
  ])('gets none when it %s', (...[, service, pacticipants, aliases]) => {
    expect(suggestAliases([seen(service)], pacticipants, new Set(aliases))).toEqual([]);
  });

  test('keeps what was seen of it, and the surest and busiest comes first', () => {
    const services = [
      { ...seen('web-prod'), calls: 900 },
      { ...seen('Orders'), calls: 1 },
      { ...seen('ORDERS'), calls: 2 },
      { ...seen('ORDER'), calls: 2 },
    ];
    const found = suggestAliases(services, ['orders', 'web'], new Set());
    expect(found.map(({ service }) => service)).toEqual(['ORDER', 'ORDERS', 'Orders', 'web-prod']);
    expect(found.at(-1)).toMatchObject({ calls: 900, lastSeen: 7, virtual: false });
  });

  test('is a weak suggestion when two are as near', () => {
    const [found] = suggestAliases([seen('orders')], ['orders-svc', 'Orders-API'], new Set());
    expect(found).toMatchObject({
      pacticipant: 'Orders-API',
      score: 0.43,
      alternatives: ['orders-svc'],
    });
  });

  test('may be an address', () => {
    const [found] = suggestAliases(
      [seen('orders-svc.shop.svc.cluster.local:80', true)],
      ['orders'],
      new Set(),
    );
    expect(found).toMatchObject({ pacticipant: 'orders', score: 0.81 });
    expect(found?.reasons[0]).toBe('the address "orders-svc.shop.svc.cluster.local:80" names it');
  });
});
