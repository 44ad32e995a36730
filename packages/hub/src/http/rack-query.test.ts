import { describe, expect, test } from 'vitest';
import { parseRackQuery, textParameter } from './rack-query.ts';

const plain = (query: string): unknown => JSON.parse(JSON.stringify(parseRackQuery(query)));

describe("Rack's nested query", () => {
  test.each([
    ['nothing', '', {}],
    ['plain values, the last counts', 'a=1&b=2&a=3', { a: '3', b: '2' }],
    ['a name without a value', 'a&b=', { a: null, b: '' }],
    ['spaces as plus and percent', 'a=b+c%20d%2e', { a: 'b c d.' }],
    ['broken percent-encoding stays as it is', 'a=%zz', { a: '%zz' }],
    ['empty parts are skipped', '&&a=1&', { a: '1' }],
    [
      'a new element starts when the last one has the key',
      'q[][pacticipant]=A&q[][version]=1&q[][pacticipant]=B&q[][latest]=true',
      {
        q: [
          { pacticipant: 'A', version: '1' },
          { pacticipant: 'B', latest: 'true' },
        ],
      },
    ],
    [
      'other parameters in between do not end an element',
      'q[][pacticipant]=X&latestby=cvp&q[][version]=V',
      { q: [{ pacticipant: 'X', version: 'V' }], latestby: 'cvp' },
    ],
    [
      'the second brackets may be missing',
      'q[]pacticipant=A&q[]version=1',
      { q: [{ pacticipant: 'A', version: '1' }] },
    ],
    ['brackets may be encoded', 'q%5B%5D%5Bpacticipant%5D=A', { q: [{ pacticipant: 'A' }] }],
    ['lists of plain values', 'success[]=true&success[]=', { success: ['true', ''] }],
    ['nested maps', 'a[b][c]=1&a[b][d]=2&a[e]=3', { a: { b: { c: '1', d: '2' }, e: '3' } }],
    [
      'a list in an element',
      'q[][tags][]=a&q[][tags][]=b&q[][x]=1',
      { q: [{ tags: ['a', 'b'], x: '1' }] },
    ],
    [
      'a map in an element',
      'q[][a][b]=1&q[][a][c]=2&q[][a][b]=3',
      { q: [{ a: { b: '1', c: '2' } }, { a: { b: '3' } }] },
    ],
    [
      'an element whose key is a text already',
      'q[][a]=1&q[][a][b]=2',
      { q: [{ a: '1' }, { a: { b: '2' } }] },
    ],
    ['a list after a text is dropped', 'a=1&a[]=2', { a: '1' }],
    ['a map after a text is dropped', 'a=1&a[b]=2', { a: '1' }],
    ['an element after a text is dropped', 'a=1&a[][b]=2', { a: '1' }],
    ['a bracket at the start is part of the name', '[a]=1', { '[a]': '1' }],
    ['an open bracket is part of the name', 'a[b=1', { a: { '[b': '1' } }],
  ])('%s', (_caption, query, expected) => {
    expect(plain(query)).toEqual(expected);
  });

  test('names cannot reach a prototype', () => {
    const query = parseRackQuery('__proto__[polluted]=1&q[__proto__]=2');
    expect(Object.keys(query)).toEqual(['__proto__', 'q']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('nesting without end is cut', () => {
    expect(() => parseRackQuery(`a${'[b]'.repeat(10_000)}=1`)).not.toThrow();
  });
});

test.each([
  ['a=1', '1'],
  ['a=', undefined],
  ['a', undefined],
  ['a[]=1', undefined],
  ['', undefined],
])('the text of a in %j is %j', (query, expected) => {
  expect(textParameter(parseRackQuery(query), 'a')).toBe(expected);
});
