import { expect, test } from 'vitest';
import { nextSort, readSort, sortRows, writeSort } from './sort.ts';

interface Row {
  readonly name: string;
  readonly size: number | null;
}

const columns = { name: (row: Row) => row.name, size: (row: Row) => row.size };
const fallback = { column: 'size', falling: true } as const;

test.each([
  ['name', { column: 'name', falling: false }],
  ['-size', { column: 'size', falling: true }],
  ['-toString', fallback],
  ['', fallback],
  [null, fallback],
])('the order %j is read as %j', (text, sort) => {
  expect(readSort(text, columns, fallback)).toEqual(sort);
});

test('an order is written as it is read', () => {
  expect([writeSort(fallback), writeSort({ column: 'name', falling: false })]).toEqual([
    '-size',
    'name',
  ]);
});

test('a click turns a column round; figures start with the highest, names with the first', () => {
  expect(nextSort(fallback, 'size', true)).toEqual({ column: 'size', falling: false });
  expect(nextSort<'name' | 'size'>(fallback, 'name', false)).toEqual({
    column: 'name',
    falling: false,
  });
  expect(nextSort<'name' | 'size'>({ column: 'name', falling: false }, 'size', true)).toEqual(
    fallback,
  );
});

test('rows without a figure come last either way, equal ones keep their order', () => {
  const rows = [
    { name: 'none', size: null },
    { name: 'b', size: 2 },
    { name: 'a', size: 2 },
    { name: 'c', size: 7 },
  ];
  const names = (text: string) =>
    sortRows(rows, columns, readSort(text, columns, fallback)).map(({ name }) => name);
  expect(names('-size')).toEqual(['c', 'b', 'a', 'none']);
  expect(names('size')).toEqual(['b', 'a', 'c', 'none']);
  expect(names('name')).toEqual(['a', 'b', 'c', 'none']);
});
