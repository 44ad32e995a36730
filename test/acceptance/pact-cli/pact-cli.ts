import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';

export interface CliResult {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** The program that `npx pact-broker`, `npx pact-verifier` and the others of @pact-foundation/pact-cli start. */
export const PROGRAM: string = createRequire(import.meta.url)(
  '@pact-foundation/pact-cli/src/pact-standalone.js',
).standalone().pactFullPath;

/**
 * Runs `pact broker …` (or another group's command) as a build would, with nothing of this machine's environment but
 * what `env` adds: a CI server's variables would be taken for the build's.
 */
export function pactCli(
  command: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly folder?: string;
    readonly group?: 'broker' | 'pactflow' | 'verifier';
  } = {},
): Promise<CliResult> {
  const env = {
    PATH: process.env.PATH,
    PACT_DO_NOT_TRACK: 'true',
    PACT_BROKER_HTTP_RETRIES: '0',
    ...options.env,
  };
  const words = [options.group ?? 'broker', ...command];
  return new Promise((resolve) => {
    execFile(PROGRAM, words, { env, cwd: options.folder }, (error, out, errors) => {
      resolve({ code: Number(error?.code ?? 0), output: `${out}${errors}` });
    });
  });
}

/** The commands that `--help` lists, of a group or of one of its commands. */
export async function commandsOf(
  group: 'broker' | 'pactflow',
  ...command: readonly string[]
): Promise<readonly string[]> {
  const { output } = await pactCli([...command, '--help'], { group });
  const [, listed = ''] = output.split(/^Commands:$/m);
  const [commands = ''] = listed.split(/^Options:$/m);
  const names = [...commands.matchAll(/^ {2}([a-z][a-z-]*) {2,}/gm)].map(([, name]) =>
    String(name),
  );
  return names.filter((name) => name !== 'help');
}

/** The long options that `--help` of a command lists, each with its short form where it has one. */
export async function optionsOf(
  command: string,
): Promise<readonly { readonly long: string; readonly short: string | undefined }[]> {
  const { output } = await pactCli([...command.split(' '), '--help']);
  const lines = output.matchAll(/^ +(?:(-\w), )?(--[a-z-]+)/gm);
  return [...lines].map(([, short, long = '']) => ({ long, short }));
}
