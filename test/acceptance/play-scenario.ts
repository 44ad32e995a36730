import { execFile } from 'node:child_process';
import { createServer } from 'node:net';

const SCENARIO = new URL('../cases/broker-exchanges/scenario.mjs', import.meta.url).pathname;

/** Plays the recorded scenario against a hub; `options` say which part, and what becomes of the answers. */
export async function playScenario(base: string, options: readonly string[]): Promise<void> {
  const sink = await freePort();
  const own = ['--base', base, '--sink-port', `${sink}`, '--quiet'];
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, [SCENARIO, ...own, ...options], (error, _out, errors) => {
      // Exit code 1 says that something differs: which is what the file is for.
      if (error === null || error.code === 1) resolve();
      else reject(new Error(`the scenario could not be played: ${errors}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
