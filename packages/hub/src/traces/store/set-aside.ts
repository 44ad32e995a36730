import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../log.ts';

/** Spans of hubs before segments lie in one file, which is kept beside the new ones and not read. */
const oldFiles = ['spans.duckdb', 'spans.duckdb.wal'];

/** Renames what an older hub left, once, and says so. */
export async function setAsideOldSpans(dataDir: string, log: Log): Promise<void> {
  for (const name of oldFiles) {
    const [from, to] = [join(dataDir, name), join(dataDir, `${name}.old`)];
    try {
      await rename(from, to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    log('warn', 'spans of an older version are set aside: they are not read, and can be deleted', {
      file: to,
    });
  }
}
