import { expect, test } from 'vitest';
import { waitUntil } from './wait-until.ts';

test('the first answer that is there wins', async () => {
  let asked = 0;
  const ask = async (): Promise<string | undefined> => {
    asked += 1;
    return asked === 3 ? 'here' : undefined;
  };
  const answer = await waitUntil(ask, { timeoutMs: 5000, intervalMs: 1 });
  expect({ answer, asked }).toEqual({ answer: 'here', asked: 3 });
});

test('it asks once even when there is no time, and then gives up', async () => {
  let asked = 0;
  const ask = async (): Promise<undefined> => {
    asked += 1;
  };
  expect(await waitUntil(ask, { timeoutMs: 0 })).toBeUndefined();
  expect(asked).toBe(1);
});

test('an abort ends the wait at once', async () => {
  const abort = new AbortController();
  const waiting = waitUntil(async () => undefined, {
    timeoutMs: 60_000,
    intervalMs: 60_000,
    signal: abort.signal,
  });
  abort.abort();
  await expect(waiting).rejects.toThrow('aborted');
});
