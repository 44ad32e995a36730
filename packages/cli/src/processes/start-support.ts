import type { SupportDefinition } from '../config/concordat-config.ts';
import { freePort } from './free-port.ts';
import type { Supervisor } from './supervisor.ts';

export interface SupportContext {
  readonly supervisor: Supervisor;
  readonly variables: NodeJS.ProcessEnv;
  readonly root: string;
  readonly signal: AbortSignal;
}

/** Starts what the services need beside each other; a variable that is set already names one, which is used then. */
export async function startSupport(
  definitions: readonly SupportDefinition[],
  context: SupportContext,
): Promise<Readonly<Record<string, string>>> {
  const started = await Promise.all(definitions.map((one) => startOne(one, context)));
  return Object.fromEntries(started);
}

async function startOne(
  { name, process, variable, value }: SupportDefinition,
  { supervisor, variables, root, signal }: SupportContext,
): Promise<readonly [string, string]> {
  const given = variables[variable];
  if (given !== undefined && given !== '') return [variable, given];
  const port = await freePort('127.0.0.1');
  const child = supervisor.start({
    name,
    command: process.command,
    cwd: root,
    env: { ...variables, ...process.env, PORT: String(port) },
  });
  await child.ready(`http://127.0.0.1:${port}${process.health}`, signal);
  return [variable, value.replaceAll('{port}', String(port))];
}
