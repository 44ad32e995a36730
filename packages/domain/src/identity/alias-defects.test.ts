import { expect, test } from 'vitest';
import { type AliasKnowledge, aliasDefects } from './alias-defects.ts';

const known: AliasKnowledge = {
  pacticipants: ['orders', 'web', 'Order Service'],
  aliases: [{ service: 'orders-svc', pacticipant: 'orders' }],
  forced: false,
};
const forced = { forced: true };

test.each<[string, string, string, Partial<AliasKnowledge>, readonly string[]]>([
  ['is fine', 'shop.orders', 'orders', {}, []],
  ['may be said twice', 'orders-svc', 'orders', {}, []],
  [
    'needs names',
    ' ',
    '',
    {},
    ['invalid: service is blank; give a name.', 'invalid: pacticipant is blank; give a name.'],
  ],
  [
    'has no spaces around',
    'orders ',
    'orders',
    {},
    ['invalid: service "orders " begins or ends with a space.'],
  ],
  ['has one line', 'a\nb', 'orders', {}, ['invalid: service holds a control character.']],
  [
    'is no essay',
    'a'.repeat(256),
    'orders',
    {},
    ['invalid: service has 256 characters, 255 at most.'],
  ],
  [
    'is another name',
    'orders',
    'orders',
    {},
    ['invalid: "orders" has that name already; it needs no alias.'],
  ],
  ['leads to a pacticipant', 'x', 'nobody', {}, ['unknown: There is no pacticipant "nobody".']],
  [
    'leads to a pacticipant that is spelled right',
    'x',
    'Orders',
    {},
    ['unknown: There is no pacticipant "Orders". Did you mean orders or Order Service?'],
  ],
  [
    'takes no calls of another pacticipant',
    'web',
    'Order Service',
    {},
    [
      'conflict: "web" is a pacticipant of its own, and its calls would be taken for those of "Order Service"; say that this is meant (force) when it is.',
    ],
  ],
  ['takes them when that is meant', 'web', 'Order Service', forced, []],
  [
    'has one meaning',
    'orders-svc',
    'web',
    {},
    ['conflict: "orders-svc" is an alias of "orders" already; remove that one first.'],
  ],
  [
    'leads to no alias',
    'x',
    'web',
    { aliases: [{ service: 'web', pacticipant: 'orders' }] },
    ['conflict: "web" is an alias itself, of "orders"; name "orders" instead.'],
  ],
  [
    'makes no circle',
    'orders',
    'web',
    forced,
    ['conflict: "orders" is what "orders-svc" is an alias of; it cannot be an alias too.'],
  ],
])('an alias %s', (...[, service, pacticipant, given, expected]) => {
  const defects = aliasDefects({ service, pacticipant }, { ...known, ...given });
  expect(defects.map(({ kind, message }) => `${kind}: ${message}`)).toEqual(expected);
});
