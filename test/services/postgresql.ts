import { execFileSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, postgresqlFolders } from './find-program.ts';
import { freePort, OwnProcess } from './own-process.ts';
import type { StartedService, TestService } from './test-service.ts';

export const postgresql: TestService = {
  name: 'PostgreSQL',
  variable: 'CONCORDAT_TEST_DATABASE_URL',
  debianPackage: 'postgresql',
  isInstalled: () => program('initdb') !== undefined && program('postgres') !== undefined,
  start: () => startPostgresql(['fsync=off', 'synchronous_commit=off']),
};

function program(name: string): string | undefined {
  const [newest, ...others] = postgresqlFolders();
  return findProgram(name, newest === undefined ? [] : [newest, ...others]);
}

/** A server of its own; `durability` says what a crash may lose. */
export async function startPostgresql(durability: readonly string[]): Promise<StartedService> {
  const folder = await mkdtemp(join(tmpdir(), 'concordat-postgresql-'));
  const owner = unprivilegedUser();
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const port = await freePort();
  const initialise = new OwnProcess({
    command: program('initdb') ?? 'initdb',
    args: [
      '--auth=trust',
      '--username=postgres',
      '--encoding=UTF8',
      '--no-sync',
      `--pgdata=${data}`,
    ],
    ...owner,
  });
  if ((await initialise.ended()) !== 0) throw new Error(`initdb failed:\n${initialise.output}`);
  const settings = [...durability, 'listen_addresses=127.0.0.1', 'max_connections=200'];
  const server = new OwnProcess({
    command: program('postgres') ?? 'postgres',
    args: ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((one) => ['-c', one])],
    ...owner,
  });
  const stop = async (): Promise<void> => {
    await server.stop('SIGINT');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await server.ready(async () => server.output.includes('ready to accept connections'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { value: `postgres://postgres@127.0.0.1:${port}/postgres`, stop };
}

/** PostgreSQL refuses to run as root, so root runs it as the user that the Debian package made. */
function unprivilegedUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
