import { InsightsError } from '@concordat/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { afterAnswer, afterFailure, type Resource, startPolling } from './resource.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const loading: Resource<number[]> = { kind: 'loading' };

test('equal data keeps its identity, other data replaces it', () => {
  const first = afterAnswer(loading, [1, 2], 10);
  const same = afterAnswer(first, [1, 2], 20);
  expect(same).toMatchObject({ kind: 'ready', at: 20 });
  expect(same.kind === 'ready' && first.kind === 'ready' && same.value === first.value).toBe(true);
  expect(afterAnswer(same, [3], 30)).toMatchObject({ value: [3] });
});

test('a failure before the first answer shows, a later one stands beside the last data until it is over', () => {
  const error = new InsightsError('no', { status: 503 });
  expect(afterFailure(loading, error)).toMatchObject({
    kind: 'failed',
    problem: { title: 'The hub failed' },
  });
  const stale = afterFailure(afterAnswer(loading, [1], 10), error);
  expect(stale).toMatchObject({
    kind: 'ready',
    value: [1],
    at: 10,
    problem: { title: 'The hub failed' },
  });
  expect(afterAnswer(stale, [1], 20)).toMatchObject({ problem: undefined });
});

function aPage() {
  let hidden = false;
  const listeners = new Set<() => void>();
  return {
    setHidden: (value: boolean) => {
      hidden = value;
      for (const listener of listeners) listener();
    },
    listeners,
    visibility: {
      hidden: () => hidden,
      onChange: (callback: () => void) => {
        listeners.add(callback);
        return () => listeners.delete(callback);
      },
    },
  };
}

test('polling asks again after each answer and failure, until it is stopped', async () => {
  const page = aPage();
  const seen: unknown[] = [];
  let asked = 0;
  const stop = startPolling({
    load: async () => {
      asked += 1;
      if (asked === 2) throw new Error('second');
      return asked;
    },
    onAnswer: (value) => seen.push(value),
    onFailure: (error) => seen.push((error as Error).message),
    every: 1000,
    visibility: page.visibility,
  });
  await vi.advanceTimersByTimeAsync(2500);
  expect(seen).toEqual([1, 'second', 3]);
  stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toBe(3);
  expect(page.listeners.size).toBe(0);
});

test('polling rests while the page is hidden and asks at once when it is seen again', async () => {
  const page = aPage();
  let asked = 0;
  const stop = startPolling({
    load: async () => {
      asked += 1;
      return asked;
    },
    onAnswer: () => undefined,
    onFailure: () => undefined,
    every: 1000,
    visibility: page.visibility,
  });
  await vi.advanceTimersByTimeAsync(0);
  page.setHidden(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBe(1);
  page.setHidden(false);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toBe(2);
  stop();
});

test('without an interval it asks once, and an answer after the stop is not reported', async () => {
  const page = aPage();
  const seen: number[] = [];
  let asked = 0;
  const stop = startPolling({
    load: async () => {
      asked += 1;
      return asked;
    },
    onAnswer: (value) => seen.push(value),
    onFailure: () => undefined,
    every: undefined,
    visibility: page.visibility,
  });
  stop();
  page.setHidden(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([asked, seen]).toEqual([1, []]);
});

test('news are asked after at once, and once more when they come while an answer is awaited', async () => {
  const page = aPage();
  const answers: (() => void)[] = [];
  let tell = (): void => undefined;
  const stop = startPolling({
    load: () => new Promise<void>((resolve) => answers.push(resolve)),
    onAnswer: () => undefined,
    onFailure: () => undefined,
    every: 1000,
    visibility: page.visibility,
    onNews: (callback) => {
      tell = callback;
      return () => {
        tell = () => undefined;
      };
    },
  });
  tell();
  tell();
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toHaveLength(2);
  answers[1]?.();
  await vi.advanceTimersByTimeAsync(500);
  expect(answers).toHaveLength(2);
  tell();
  expect(answers).toHaveLength(3);
  answers[2]?.();
  await vi.advanceTimersByTimeAsync(0);
  page.setHidden(true);
  tell();
  stop();
  tell();
  expect(answers).toHaveLength(3);
});
