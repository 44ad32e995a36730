import { expect, test } from 'vitest';
import { SharedAnswer } from './shared-answer.ts';

test('who asks meanwhile shares the next answer, also after one that failed', async () => {
  const asked: { done: (answer: string) => void; failed: (error: Error) => void }[] = [];
  const shared = new SharedAnswer(
    () => new Promise<string>((done, failed) => void asked.push({ done, failed })),
  );
  const first = shared.get();
  const others = [shared.get(), shared.get()];
  expect(asked).toHaveLength(1);
  asked[0]?.failed(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.done('second');
  expect(await Promise.all(others)).toEqual(['second', 'second']);
  const later = shared.get();
  asked[2]?.done('third');
  expect(await later).toBe('third');
});
