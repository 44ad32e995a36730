#!/usr/bin/env node
import { runCli } from './cli.ts';
import { readCliEnvironment } from './config.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time somebody is impatient; the exit handlers still kill what was started.
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
  });
}

const code = await runCli(process.argv.slice(2), {
  environment: readCliEnvironment(process.env),
  cwd: process.cwd(),
  signal: interrupted.signal,
  output: {
    result: (text) => process.stdout.write(`${text}\n`),
    note: (text) => process.stderr.write(`${text}\n`),
    ...(process.stderr.isTTY
      ? { status: (text: string) => process.stderr.write(`\r\u001b[2K${text}`) }
      : {}),
  },
});
process.exitCode = code;
