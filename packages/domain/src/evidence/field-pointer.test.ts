import { expect, test } from 'vitest';
import { namesField, readFieldPointer } from './field-pointer.ts';

test.each([
  ['/items/0/sku', '/items/*/sku'],
  ['/items/*/sku', '/items/*/sku'],
  [' /0/1 ', '/*/*'],
  ['/a~1b/c~0d', '/a~1b/c~0d'],
  ['/7up', '/7up'],
  ['items/0/sku', undefined],
  ['/items/', undefined],
  ['/', undefined],
  ['', undefined],
  ['/a~2', undefined],
  ['$.items[0].sku', undefined],
])('%j is the field %j', (text, field) => {
  expect(readFieldPointer(text)).toBe(field);
});

test.each([
  ['/items/*/sku', '/items/*/sku', true],
  ['/items/*/sku', '/items', true],
  ['/items', '/items/*/sku', false],
  ['/items/*/name', '/items/*/sku', false],
  ['/prices/*', '/prices/eur', true],
  ['/prices/eur', '/prices/*', true],
])('whether the pact that names %s needs %s: %s', (pointer, field, expected) => {
  expect(namesField(pointer, field)).toBe(expected);
});
