#!/usr/bin/env node
// A file that exists before the build, so that `npm ci` links the command. Before the build it runs the sources.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/main.js', import.meta.url);

if (existsSync(built)) {
  await import(built.href);
} else {
  const source = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const { signal, status } = spawnSync(
    process.execPath,
    [
      '--conditions=@concordat/source',
      `--import=${import.meta.resolve('tsx')}`,
      source,
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 1);
}
