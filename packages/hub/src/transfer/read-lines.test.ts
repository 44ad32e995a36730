import { expect, test } from 'vitest';
import { HubError } from '../http/hub-error.ts';
import { readLines } from './read-lines.ts';

async function lines(chunks: readonly string[], limit?: number): Promise<[number, string][]> {
  const source = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  const read: [number, string][] = [];
  for await (const { number, text } of readLines(source, limit)) read.push([number, text]);
  return read;
}

test.each<[string, readonly string[], [number, string][]]>([
  ['nothing has no line', [], []],
  [
    'chunks end where they like',
    ['a', 'b\nc', '\n'],
    [
      [1, 'ab'],
      [2, 'c'],
    ],
  ],
  [
    'blank lines are counted and not told',
    ['a\n\n  \nb\n'],
    [
      [1, 'a'],
      [4, 'b'],
    ],
  ],
  [
    'the last line may lack its end',
    ['a\nb'],
    [
      [1, 'a'],
      [2, 'b'],
    ],
  ],
  ['letters are put together again', ['\u00e9'.repeat(3)], [[1, 'ééé']]],
])('%s', async (...[, chunks, expected]) => {
  expect(await lines(chunks)).toEqual(expected);
});

test('a line over the limit is refused as soon as that shows', async () => {
  const refused = lines(['ab\n', 'abc', 'd', 'never read\n'], 3);
  await expect(refused).rejects.toThrow(HubError);
  await expect(refused).rejects.toThrow('Line 2 is longer than 3 bytes; nothing was imported.');
});
