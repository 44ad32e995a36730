import { once } from 'node:events';
import { createServer } from 'node:net';
import { loadConfig } from '../config/load-config.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type Check, failed, ok } from './check.ts';

/** The floor of `engines` in package.json. */
const FLOOR = [20, 19] as const;

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNew = major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1]);
  const wanted = FLOOR.join('.');
  if (isNew) return ok('Node', version);
  return failed('Node', `${version} is too old.`, `Install Node ${wanted} or newer.`);
}

/** A taken port is well when a hub runs there already, so it is only told. */
export async function checkPort(port: number): Promise<Check> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    return ok(`port ${port}`, 'is free.');
  } catch {
    return ok(
      `port ${port}`,
      'is taken; a hub of your own needs another, or it runs there already.',
    );
  }
}

export async function checkConfig(cwd: string, path: string | undefined): Promise<Check> {
  try {
    const { config } = await loadConfig(cwd, path);
    return ok('contracts config', `${config.services.length} services.`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return failed('contracts config', error.message, 'Correct it, or name another with --config.');
  }
}
