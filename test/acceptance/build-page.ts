import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = join(root, 'packages/ui/dist');
const sources = [
  'packages/ui/src',
  'packages/ui/public',
  'packages/ui/index.html',
  'packages/ui/vite.config.ts',
  'packages/api/src',
];

/** Builds the page unless what was built is newer than everything it is made of. Returns its folder. */
export async function buildPage(): Promise<string> {
  if (isStale()) {
    // The test runner sets NODE_ENV to test, which would bundle React's development build.
    const env = { ...process.env, NODE_ENV: 'production' };
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const cwd = join(root, 'packages/ui');
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd,
      env,
    });
  }
  return page;
}

function isStale(): boolean {
  const built = join(page, 'index.html');
  if (!existsSync(built)) return true;
  return Math.max(...sources.map((path) => newest(join(root, path)))) > statSync(built).mtimeMs;
}

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}
