import { CliError } from '../terminal/cli-error.ts';
import type { RunningServices, ServicesContext } from './start-services.ts';

/** One finite round of traffic; a round that fails is told with its own last lines and those of any service that died. */
export async function driveTraffic(
  command: readonly string[],
  { processes, urls }: RunningServices,
  context: ServicesContext,
): Promise<void> {
  const { supervisor, root, variables, support, signal } = context;
  const child = supervisor.start({
    name: 'traffic',
    command,
    cwd: root,
    env: { ...variables, ...support, ...urls },
  });
  const onAbort = (): void => child.kill();
  signal.addEventListener('abort', onAbort);
  const code = await child.end();
  signal.removeEventListener('abort', onAbort);
  await supervisor.stop(child);
  signal.throwIfAborted();
  if (code === 0) return;
  const dead = processes.filter((one) => one.hasEnded);
  const told = dead.map((one) => `${one.name} has ended. ${one.describeOutput()}`);
  throw new CliError([`the traffic failed. ${child.describeOutput()}`, ...told].join('\n'));
}
