import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('no more work runs at once than there are slots, and all of it is done', async () => {
  const slots = new Slots(['a', 'b']);
  const state = { running: 0, most: 0 };
  const done = await Promise.all(
    [1, 2, 3, 4, 5].map((number) =>
      slots.use(async () => {
        state.running += 1;
        state.most = Math.max(state.most, state.running);
        await Promise.resolve();
        state.running -= 1;
        return number;
      }),
    ),
  );
  expect({ done, most: state.most }).toEqual({ done: [1, 2, 3, 4, 5], most: 2 });
});

test('work that fails gives its slot back', async () => {
  const slots = new Slots(['only']);
  const failing = slots.use(() => Promise.reject(new Error('broken')));
  await expect(failing).rejects.toThrow('broken');
  expect(await slots.use(async (slot) => slot)).toBe('only');
});
