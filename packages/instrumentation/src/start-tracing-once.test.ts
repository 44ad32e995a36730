import { expect, test } from 'vitest';
import { startTracing } from './start-tracing-once.ts';

test('tracing starts once, says so when asked for something else, and can start again when it was stopped', async () => {
  const said: string[] = [];
  const say = (line: string): unknown => said.push(line);
  const env = { OTEL_SDK_DISABLED: 'true' };
  const first = startTracing({ env, say });
  expect(startTracing()).toBe(first);
  expect(said).toEqual([]);
  expect(startTracing({ service: 'orders', say })).toBe(first);
  expect(said).toEqual([expect.stringContaining('runs already, so the options')]);
  expect(first.dropped()).toBe(0);
  await first.shutdown();
  const second = startTracing({ env, say });
  expect(second).not.toBe(first);
  await second.shutdown();
});
