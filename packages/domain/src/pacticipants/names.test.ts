import { expect, test } from 'vitest';
import { displayNameOf } from './display-name.ts';
import { similarNames } from './similar-names.ts';

test.each([
  ['storefront', ['Storefront', 'Cart'], ['Storefront']],
  ['store-front', ['Storefront'], []],
  [
    'foo-service',
    ['Foo Service', 'FooServices', 'FooAPI', 'foo::provider', 'Bar'],
    ['Foo Service', 'FooServices', 'FooAPI', 'foo::provider'],
  ],
  ['Orders', ['order_api'], ['order_api']],
  ['known', ['known', 'Known'], []],
])('%s among %j is like %j', (name, existing, expected) => {
  expect(similarNames(name, existing)).toEqual(expected);
});

test.each([
  ['foo-bar_baz', 'Foo Bar Baz'],
  ['LabelMade', 'Label Made'],
  ['team a/svc one', 'Team A/svc One'],
  ['XMLReader', 'XML Reader'],
  ['Temp1', 'Temp1'],
])('%s is shown as %s', (name, expected) => {
  expect(displayNameOf(name)).toBe(expected);
});
