import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A hub in a process of its own, to be killed; resolves when it is ready. */
export async function startHubChild(
  dataDir: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const main = fileURLToPath(new URL('./hub-child.ts', import.meta.url));
  const options = ['--import', 'tsx', '--conditions=@concordat/source', main, dataDir];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('The child has no standard output.');
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, url: String(url) };
}
