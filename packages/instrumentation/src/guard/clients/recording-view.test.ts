import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { recordingView } from './recording-view.ts';

const value = () => ({
  id: 7,
  items: [
    { sku: 'a', price: { cents: 1 } },
    { sku: 'b', price: { cents: 2 } },
  ],
  by: { 'ada@example.com': true },
  none: null,
});

function viewed() {
  const read = new Set<string>();
  const view = recordingView(value(), read) as ReturnType<typeof value>;
  return { view, told: () => [...read] };
}

describe('a view that notes what is read', () => {
  test.each<{
    what: string;
    use: (view: ReturnType<typeof value>) => unknown;
    reads: readonly string[];
  }>([
    { what: 'a member', use: (view) => view.id, reads: ['/id'] },
    {
      what: 'a member of a list',
      use: (view) => view.items[1]?.sku,
      reads: ['/items', '/items/*/sku'],
    },
    {
      what: 'each of a list',
      use: (view) => view.items.map(({ price }) => price.cents),
      reads: ['/items', '/items/*/price', '/items/*/price/cents'],
    },
    { what: 'the length of a list', use: (view) => view.items.length, reads: ['/items'] },
    {
      what: 'what may be data',
      use: (view) => view.by['ada@example.com'],
      reads: ['/by', '/by/*'],
    },
    {
      what: 'names alone',
      use: (view) => Object.keys(view).includes('id') && 'id' in view,
      reads: [],
    },
    { what: 'what is not there', use: (view) => (view as { other?: number }).other, reads: [] },
    {
      what: 'a copy of the first level',
      use: (view) => ({ ...view }),
      reads: ['/id', '/items', '/by', '/none'],
    },
  ])('notes $what', ({ use, reads }) => {
    const { view, told } = viewed();
    use(view);
    expect(told()).toEqual(reads);
  });

  test('is in all else like the value', () => {
    const { view } = viewed();
    expect(JSON.stringify(view)).toBe(JSON.stringify(value()));
    expect(Object.keys(view)).toEqual(Object.keys(value()));
    expect(isDeepStrictEqual({ ...view, items: [...view.items] }, value())).toBe(true);
    expect(Array.isArray(view.items)).toBe(true);
    expect(view.items).toBe(view.items);
    expect(view.items.indexOf(view.items[1] as never)).toBe(1);
    expect(view).toEqual(value());
    view.id = 8;
    expect(view.id).toBe(8);
    Object.freeze(view);
    expect(view.items[0]?.sku).toBe('a');
  });

  test.each([7, 'text', null, undefined])('of what has no members is the value: %s', (plain) => {
    expect(recordingView(plain, new Set())).toBe(plain);
  });

  test('notes a bounded number of members', () => {
    const letters = Array.from('abcdefghijklmnopqrst');
    const wide = Object.fromEntries(letters.flatMap((a) => letters.map((b) => [a + b, 1])));
    const read = new Set<string>();
    JSON.stringify(recordingView(wide, read));
    expect(read.size).toBe(100);
  });
});
