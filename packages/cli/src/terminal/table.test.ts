import { expect, test } from 'vitest';
import { formatTable } from './table.ts';

test('a table lines up its columns, numbers to the right', () => {
  const rows = [
    ['web → shop', '7', '✓ kept'],
    ['shop → stock', '1,204', '✕ broken'],
  ];
  expect(formatTable(['edge', 'calls', 'state'], rows)).toBe(
    [
      'edge          calls  state',
      '────────────  ─────  ────────',
      'web → shop        7  ✓ kept',
      'shop → stock  1,204  ✕ broken',
    ].join('\n'),
  );
});

test('a row with too few cells leaves the others empty', () => {
  expect(formatTable(['a', 'b'], [['x']])).toBe('a  b\n─  ─\nx');
});
