import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from './load-config.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concordat-config-'));
  await mkdir(join(folder, 'contracts'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const shop = {
  name: 'shop',
  version: '1',
  process: { command: ['node', 'shop.js'], health: '/health' },
};
const config = { environment: 'production', services: [shop] };

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}

describe('the list of services', () => {
  test.each([
    {
      name: 'contracts/concordat.config.ts',
      text: `const config: object = ${JSON.stringify(config)};\nexport default config;`,
    },
    { name: 'contracts/concordat.config.mjs', text: `export default ${JSON.stringify(config)};` },
    { name: 'contracts/concordat.config.json', text: JSON.stringify(config) },
  ])('is found and read as $name', async ({ name, text }) => {
    await write(name, text);
    await write('package.json', '{}');
    const loaded = await loadConfig(folder, undefined);
    expect(loaded).toEqual({ config, folder: join(folder, 'contracts'), root: folder });
  });

  test('may be anywhere when it is named; without a package.json commands run beside it', async () => {
    await write('contracts/other.json', JSON.stringify(config));
    const loaded = await loadConfig(folder, 'contracts/other.json');
    expect(loaded.root).toBe(join(folder, 'contracts'));
  });

  test.each([
    {
      caption: 'missing',
      text: undefined,
      words: /concordat\.config\.ts does not exist; name the list/,
    },
    {
      caption: 'broken',
      text: 'export default {',
      words: /concordat\.config\.ts cannot be loaded: /,
    },
    {
      caption: 'without a default export',
      text: 'export const config = 1;',
      words: /concordat\.config\.ts is no list of services:/,
    },
  ])('$caption is an error that names the file', async ({ text, words }) => {
    if (text !== undefined) await write('contracts/concordat.config.ts', text);
    await expect(loadConfig(folder, undefined)).rejects.toThrow(words);
  });

  test('all that is wrong is said at once', async () => {
    const wrong = {
      environment: '',
      services: [{ ...shop, process: { command: [], health: 'x' } }],
    };
    await write('contracts/concordat.config.json', JSON.stringify(wrong));
    const loading = loadConfig(folder, undefined);
    await expect(loading).rejects.toThrow(/environment: [\s\S]*command: [\s\S]*health: /);
  });

  test.each([
    {
      caption: 'two services of one name',
      services: [shop, shop],
      words: 'two have the same name',
    },
    {
      caption: 'a call to nobody',
      services: [{ ...shop, calls: ['stock'] }],
      words: "'stock' is no service of this list",
    },
  ])('$caption is an error', async ({ services, words }) => {
    await write('contracts/concordat.config.json', JSON.stringify({ ...config, services }));
    await expect(loadConfig(folder, undefined)).rejects.toThrow(words);
  });
});
