import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { CliError } from '../terminal/cli-error.ts';

/**
 * Files named by a path, a folder (all its `*.json`) or a glob with `*`, `**` and `?`; sorted, each once. A name that
 * finds nothing is an error, because publishing nothing in silence is how a contract gets lost.
 */
export async function findFiles(
  base: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => findOne(base, name)));
  return [...new Set(found.flat())].sort();
}

async function findOne(base: string, name: string): Promise<readonly string[]> {
  const path = resolve(base, name);
  const kind = await kindOf(path);
  if (kind === 'file') return [path];
  const files =
    kind === 'folder' ? await filesUnder(path, /^[^/]+\.json$/) : await filesOfGlob(base, name);
  if (files.length > 0) return files;
  throw new CliError(`'${name}' names no file below ${base}.`);
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}

async function filesOfGlob(base: string, glob: string): Promise<readonly string[]> {
  const parts = glob.split('/');
  const fixed = parts.findIndex((part) => /[*?]/.test(part));
  if (fixed < 0) return [];
  const folder = resolve(
    base,
    parts.slice(0, fixed).join('/') || (glob.startsWith('/') ? '/' : '.'),
  );
  return filesUnder(folder, patternOf(parts.slice(fixed).join('/')));
}

async function filesUnder(folder: string, pattern: RegExp): Promise<readonly string[]> {
  if ((await kindOf(folder)) !== 'folder') return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern.test(relative(folder, path).split(sep).join('/')));
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (wild) => wildcards[wild] ?? wild);
  return new RegExp(`^${source}$`);
}

const wildcards: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
