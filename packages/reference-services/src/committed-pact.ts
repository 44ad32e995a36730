import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mayUpdatePacts } from './config.ts';

/** The pact that a consumer's tests write and that is committed in `contracts/pacts`. */
export interface CommittedPact {
  readonly consumer: string;
  readonly provider: string;
  /** A folder of its own, where the pact library writes. */
  readonly dir: string;
}

/**
 * Options of tests that use the library's mock server: it answers a request before it has noted it, so on a busy machine
 * its own check can come too early and find the request missing.
 */
export const mockServerTest = { retry: 3 } as const;

const committedFolder = new URL('../../../contracts/pacts/', import.meta.url);

/** Where the pact between these two is committed. */
export function committedPactPath(consumer: string, provider: string): string {
  return new URL(`${consumer}-${provider}.json`, committedFolder).pathname;
}

/** Starts from an empty folder, so that nothing of an earlier run is merged in. */
export async function newPact(consumer: string, provider: string): Promise<CommittedPact> {
  const dir = await mkdtemp(join(tmpdir(), `${consumer}-${provider}-`));
  return { consumer, provider, dir };
}

/**
 * Compares what the tests wrote with what is committed and throws when they differ, with what to do. With
 * UPDATE_PACTS=1 the committed file is replaced instead.
 */
export async function keepPact(pact: CommittedPact): Promise<void> {
  const name = `${pact.consumer}-${pact.provider}.json`;
  const written = await readFile(join(pact.dir, name), 'utf8');
  await rm(pact.dir, { recursive: true });
  const path = committedPactPath(pact.consumer, pact.provider);
  const committed = await readFile(path, 'utf8').catch(() => '');
  if (committed === written) return;
  if (!mayUpdatePacts()) {
    throw new Error(
      `contracts/pacts/${name} is not what the tests of ${pact.consumer} promise now; if the change is meant, run UPDATE_PACTS=1 npm test and commit the file`,
    );
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, written);
}
