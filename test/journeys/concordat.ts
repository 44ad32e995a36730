import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readCliEnvironment, runCli } from '@concordat/cli';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('../../packages/cli/bin/concordat.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface InsideOptions extends CallOptions {
  /** Aborting it is the command's Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Gets every text for standard output as it comes. */
  readonly onResult?: (text: string) => void;
}

export interface RunningCommand {
  readonly pid: number;
  /** Waits until standard output has a line that fits; rejects when the command ends before. */
  line(pattern: RegExp): Promise<string>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/**
 * Compiles what the command and the shop run, as a user's `npm run build` does; a compiler that finds nothing new takes a
 * second. What is wrong with types is for `npm run build` to say.
 */
export async function buildOnce(): Promise<void> {
  const projects = ['packages/cli', 'packages/reference-services', 'packages/instrumentation'];
  await promisify(execFile)('npx', ['tsc', '-b', ...projects], { cwd: root }).catch(
    () => undefined,
  );
}

/** Starts `concordat …` as a user does, with no PACT_BROKER_* of the caller. */
export function startConcordat(args: readonly string[], options: CallOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd ?? root,
    env: { ...ownEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }) as Ended);
  return {
    pid: child.pid ?? 0,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = stdout.split('\n').find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`It ended:\n${stdout}${stderr}`)));
        look();
      }),
    signal: (name) => child.kill(name),
    ended,
  };
}

export function concordat(args: readonly string[], options: CallOptions = {}): Promise<Ended> {
  return startConcordat(args, options).ended;
}

/** The same command line inside the test's own process; what it starts are real processes all the same. */
export async function concordatInside(
  args: readonly string[],
  options: InsideOptions = {},
): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  const code = await runCli(args, {
    environment: readCliEnvironment({ ...ownEnvironment(), ...options.env }),
    cwd: options.cwd ?? root,
    signal: options.signal ?? new AbortController().signal,
    output: {
      result: (text) => {
        written.stdout += `${text}\n`;
        options.onResult?.(text);
      },
      note: (text) => {
        written.stderr += `${text}\n`;
      },
    },
  });
  return { code, ...written };
}

/** Ids of the processes that carry this text in their environment, so that none can hide. */
export async function processesWith(mark: string): Promise<readonly string[]> {
  const script = `grep -slz -- "${mark}" /proc/[0-9]*/environ || true`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PACT_BROKER_|CONCORDAT_|OTEL_|VITEST|NODE_OPTIONS)/.test(name),
  );
  return Object.fromEntries(kept);
}
