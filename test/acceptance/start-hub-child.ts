import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RunningHub } from '@concordat/hub';

/** A hub in a process of its own. */
export interface HubChild {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ports: RunningHub['ports'];
}

/** A hub in a process of its own, with these variables, to be killed; resolves when it is ready. */
export async function startHubChild(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<HubChild> {
  const main = fileURLToPath(new URL('./hub-child.ts', import.meta.url));
  const options = ['--import', 'tsx', '--conditions=@concordat/source', main, dataDir];
  const child = spawn(process.execPath, [...options, JSON.stringify(env)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) throw new Error('The child has no standard output.');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: url } = await lines.next();
  const { value: ports } = await lines.next();
  if (ports === undefined) throw new Error('The hub ended before it was ready.');
  return { child, url: String(url), ports: JSON.parse(ports) };
}
