import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFiles } from './find-files.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-files-'));
  await mkdir(join(folder, 'pacts/old'), { recursive: true });
  for (const name of [
    'pacts/web-shop.json',
    'pacts/web-stock.json',
    'pacts/note.txt',
    'pacts/old/a.json',
  ]) {
    await writeFile(join(folder, name), '{}');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  { caption: 'a path', names: ['pacts/note.txt'], found: ['pacts/note.txt'] },
  {
    caption: 'a folder: its JSON files',
    names: ['pacts'],
    found: ['pacts/web-shop.json', 'pacts/web-stock.json'],
  },
  {
    caption: 'a star inside a folder',
    names: ['pacts/web-*.json'],
    found: ['pacts/web-shop.json', 'pacts/web-stock.json'],
  },
  { caption: 'a question mark', names: ['pacts/web-sho?.json'], found: ['pacts/web-shop.json'] },
  {
    caption: 'two stars at any depth',
    names: ['**/*.json'],
    found: ['pacts/old/a.json', 'pacts/web-shop.json', 'pacts/web-stock.json'],
  },
  { caption: 'two stars at the end', names: ['pacts/old/**'], found: ['pacts/old/a.json'] },
  {
    caption: 'two names for the same file',
    names: ['pacts/note.txt', 'pacts/*.txt'],
    found: ['pacts/note.txt'],
  },
  { caption: 'no names', names: [], found: [] },
])('finds $caption', async ({ names, found }) => {
  expect(await findFiles(folder, names)).toEqual(found.map((name) => join(folder, name)));
});

test.each([
  { caption: 'a path that is not there', name: 'pacts/missing.json' },
  { caption: 'a glob in a folder that is not there', name: 'missing/*.json' },
  { caption: 'a glob that fits nothing', name: 'pacts/*.yaml' },
])('$caption is an error, not an empty list', async ({ name }) => {
  await expect(findFiles(folder, [name])).rejects.toThrow(`'${name}' names no file below`);
});
