import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const SPOOL_NAME = /^import-[0-9a-f-]{36}\.jsonl$/;

/** A new name for a file that an import is received into. */
export function spoolPath(folder: string): string {
  return join(folder, `import-${randomUUID()}.jsonl`);
}

/** Takes away what an import left that was cut by the end of the process. */
export async function removeLeftImports(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const left = (await readdir(folder)).filter((name) => SPOOL_NAME.test(name));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}
