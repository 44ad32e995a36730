import { describe, expect, test } from 'vitest';
import { KeptAnswers } from './kept-answers.ts';

/** Answers that count how often they were drawn. */
function keeping(bytes = 10_000) {
  let state = 'first';
  let drawn = 0;
  const kept = new KeptAnswers({ state: async () => state, bytes });
  return {
    change: (to: string) => {
      state = to;
    },
    ask: (question: string, meanwhile: () => void = () => undefined) =>
      kept.get(question, async () => {
        drawn += 1;
        meanwhile();
        return `${question} ${drawn}`;
      }),
  };
}

describe('an answer', () => {
  test('is drawn once while nothing changes, each question for itself', async () => {
    const { ask } = keeping();
    expect([await ask('a'), await ask('a'), await ask('b'), await ask('a')]).toEqual([
      'a 1',
      'a 1',
      'b 2',
      'a 1',
    ]);
  });

  test('is drawn again after a change, also when the change is undone under another name', async () => {
    const { ask, change } = keeping();
    await ask('a');
    change('second');
    expect(await ask('a')).toBe('a 2');
    change('third');
    expect(await ask('a')).toBe('a 3');
  });

  test('that was drawn while something changed is not kept', async () => {
    const { ask, change } = keeping();
    expect(await ask('a', () => change('second'))).toBe('a 1');
    expect(await ask('a')).toBe('a 2');
    expect(await ask('a')).toBe('a 2');
  });

  test('of an older state is not kept beside those of a newer one', async () => {
    const { ask, change } = keeping();
    let newer: Promise<string> | undefined;
    const older = await ask('a', () => {
      change('second');
      newer = ask('b');
    });
    expect([older, await newer]).toEqual(['a 1', 'b 2']);
    change('first');
    expect(await ask('a')).toBe('a 3');
  });

  test('that failed is asked for again', async () => {
    const kept = new KeptAnswers({ state: async () => '', bytes: 10_000 });
    await expect(kept.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await kept.get('a', async () => 'yes')).toBe('yes');
  });
});

describe('the memory', () => {
  test('is bounded: the oldest answers go first', async () => {
    const { ask } = keeping(650);
    for (const question of ['a', 'b', 'c', 'd']) await ask(question);
    expect([await ask('d'), await ask('c')]).toEqual(['d 4', 'c 3']);
    expect(await ask('a')).toBe('a 5');
  });

  test('takes no answer that is larger than all of it, and none at all when it has no size', async () => {
    const small = keeping(100);
    expect([await small.ask('a'), await small.ask('a')]).toEqual(['a 1', 'a 2']);
    const none = keeping(0);
    expect([await none.ask('a'), await none.ask('a')]).toEqual(['a 1', 'a 2']);
  });

  test('holds an answer once that two asked for at the same time', async () => {
    const { ask } = keeping();
    await Promise.all([ask('a'), ask('a')]);
    expect(await ask('a')).toBe(await ask('a'));
  });
});
