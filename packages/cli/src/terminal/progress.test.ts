import { expect, test } from 'vitest';
import { Progress } from './progress.ts';

const result = (): void => undefined;

test('on a terminal every step replaces the line, and the end clears it', () => {
  const lines: string[] = [];
  const progress = new Progress({ result, note: result, status: (text) => lines.push(text) });
  progress.update('1 of 2');
  progress.update('2 of 2');
  progress.end();
  expect(lines).toEqual(['1 of 2', '2 of 2', '']);
});

test('elsewhere short work says nothing, and long work something every two seconds', () => {
  const lines: string[] = [];
  let now = 0;
  const progress = new Progress({ result, note: (text) => lines.push(text) }, () => now);
  for (now = 0; now <= 5_000; now += 500) progress.update(`after ${now}`);
  progress.end();
  expect(lines).toEqual(['after 2000', 'after 4000']);
});
