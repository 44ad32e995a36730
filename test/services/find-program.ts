import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of an installed program, looked for in PATH and then in further folders; undefined when it is in none. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter);
  return [...path, '/usr/sbin', ...folders].map((folder) => join(folder, name)).find(isExecutable);
}

/** The newest PostgreSQL's folder of programs, where Debian keeps one a version. */
export function postgresqlFolders(): readonly string[] {
  return versionsIn('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`);
}

function versionsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort((one, other) => Number(other) - Number(one));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
