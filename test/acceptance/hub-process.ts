import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface HubProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it as a power cut would, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

/**
 * A hub in a process of its own, with these variables; it ends with the test at the latest. `nodeEnv` are variables of Node.js
 * itself.
 */
export async function startHubProcess(
  dataDir: string,
  env: Readonly<Record<string, string>>,
  nodeEnv: Readonly<Record<string, string>> = {},
): Promise<HubProcess> {
  const main = fileURLToPath(new URL('./hub-child.ts', import.meta.url));
  const options = ['--import', 'tsx', '--conditions=@concordat/source', main, dataDir];
  const child = spawn(process.execPath, [...options, JSON.stringify(env)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...nodeEnv },
  });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  if (child.stdout === null) throw new Error('The child has no standard output.');
  const ready = once(createInterface({ input: child.stdout }), 'line');
  const died = gone.then(([code]) => Promise.reject(new Error(`The hub ended with ${code}.`)));
  const [url] = await Promise.race([ready, died]);
  died.catch(() => undefined);
  return { child, url: String(url), kill };
}
