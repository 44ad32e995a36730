import { expect, test } from 'vitest';
import { dependencyOrder } from './dependency-order.ts';

const calls: Readonly<Record<string, readonly string[]>> = {
  web: ['shop'],
  shop: ['stock', 'elsewhere'],
  stock: [],
  left: ['right'],
  right: ['left'],
};

test.each([
  {
    caption: 'providers come before their consumers',
    names: ['web', 'shop', 'stock'],
    order: ['stock', 'shop', 'web'],
  },
  { caption: 'a circle ends', names: ['left', 'right'], order: ['right', 'left'] },
  { caption: 'one that needs nobody of the list stays', names: ['shop'], order: ['shop'] },
])('$caption', ({ names, order }) => {
  const services = names.map((name) => ({ name }));
  const ordered = dependencyOrder(services, ({ name }) => calls[name] ?? []);
  expect(ordered.map(({ name }) => name)).toEqual(order);
});
