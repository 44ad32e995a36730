import { expect, test } from 'vitest';
import { RecentIds } from './recent-ids.ts';

test('the oldest ids are forgotten beyond the limit', () => {
  const ids = new RecentIds(2);
  for (const id of ['a', 'b', 'c']) ids.add(id);
  expect(['a', 'b', 'c'].map((id) => ids.has(id))).toEqual([false, true, true]);
});
