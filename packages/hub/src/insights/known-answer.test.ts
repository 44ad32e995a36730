import { describe, expect, test, vi } from 'vitest';
import { KnownAnswer } from './known-answer.ts';

const book = {};
let clock = 0;
const aKnown = () => new KnownAnswer<string>(() => clock);
const draws = (...answers: readonly string[]) => {
  let at = 0;
  return vi.fn(async () => answers[at++] ?? '');
};

describe('a known answer', () => {
  test.each([
    ['is given again while nothing was written', { state: '1', book }, 0, 'first'],
    ['is drawn anew after any writing', { state: '2', book }, 0, 'second'],
    ['is drawn anew for other promises', { state: '1', book: {} }, 0, 'second'],
    ['is drawn anew after five seconds', { state: '1', book }, 5001, 'second'],
    ['is drawn anew where writing cannot be told', { state: undefined, book }, 0, 'second'],
  ] as const)('%s', async (...[, basis, later, expected]) => {
    clock = 0;
    const known = aKnown();
    const draw = draws('first', 'second');
    await known.get({ state: '1', book }, draw);
    clock = later;
    expect(await known.get(basis, draw)).toBe(expected);
  });

  test('is drawn once for all who ask at the same time', async () => {
    const known = aKnown();
    const draw = draws('first', 'second');
    const basis = { state: '1', book };
    expect(await Promise.all([known.get(basis, draw), known.get(basis, draw)])).toEqual([
      'first',
      'first',
    ]);
    expect(draw).toHaveBeenCalledTimes(1);
  });

  test('that took long to draw may be a little older than the last writing', async () => {
    clock = 0;
    const known = aKnown();
    const clockOfWork = vi
      .spyOn(performance, 'now')
      .mockReturnValueOnce(0)
      .mockReturnValueOnce(300);
    const draw = draws('first', 'second');
    await known.get({ state: '1', book }, draw);
    clockOfWork.mockRestore();
    clock = 1100;
    expect(await known.get({ state: '2', book }, draw)).toBe('first');
    clock = 1300;
    expect(await known.get({ state: '3', book }, draw)).toBe('second');
  });

  test('that could not be drawn is not kept', async () => {
    const known = aKnown();
    const basis = { state: '1', book };
    await expect(known.get(basis, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await known.get(basis, draws('first'))).toBe('first');
  });
});
