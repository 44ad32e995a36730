import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { CliError } from '../terminal/cli-error.ts';
import { OutputTail } from './output-tail.ts';
import { waitUntil } from './wait-until.ts';

export interface ProcessOptions {
  readonly name: string;
  /** `node` as program means the Node that runs the CLI. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How long a process may take from SIGTERM to its end before it is killed. */
const STOP_MS = 5000;

/** A process in a group of its own: Ctrl-C does not reach it, and stopping it also ends what it started. */
export class SupervisedProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #tail = new OutputTail();
  readonly #ended: Promise<void>;

  constructor(options: ProcessOptions) {
    const [program = 'node', ...args] = options.command;
    this.name = options.name;
    this.#child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#tail.write(chunk));
    this.#child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.#tail.write(chunk));
    this.#ended = endOf(this.#child, (message) => this.#tail.write(`${message}\n`));
  }

  /** Waits until `url` answers 200. A process that ends before, or takes too long, is an error with its last lines. */
  async ready(url: string, signal: AbortSignal, timeoutMs = 30_000): Promise<void> {
    const answer = await waitUntil(() => this.#answers(url), { timeoutMs, signal });
    if (answer === 'ready') return;
    const why = answer === 'ended' ? `ended ${this.#how()}` : `did not answer ${url} in time`;
    throw new CliError(`${this.name} ${why}. ${this.describeOutput()}`);
  }

  /** Waits for the end and answers the exit code; null when a signal ended it. */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  get hasEnded(): boolean {
    const { exitCode, signalCode, pid } = this.#child;
    return exitCode !== null || signalCode !== null || pid === undefined;
  }

  lastLines(count = 20): string {
    return this.#tail.last(count);
  }

  describeOutput(): string {
    const lines = this.lastLines();
    return lines === '' ? 'It wrote nothing.' : `Its last lines:\n${indent(lines)}`;
  }

  /** SIGTERM, and SIGKILL when that does not end it soon; resolves when it is gone. */
  async stop(): Promise<void> {
    const impatience = setTimeout(() => this.kill(), STOP_MS);
    this.#signal('SIGTERM');
    await this.#ended;
    clearTimeout(impatience);
    this.kill();
  }

  /** Ends the whole group at once, also what is left of it after the process itself ended. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  async #answers(url: string): Promise<'ready' | 'ended' | undefined> {
    if (this.hasEnded) return 'ended';
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      await response.body?.cancel();
      return response.status === 200 ? 'ready' : undefined;
    } catch {
      return undefined;
    }
  }

  #how(): string {
    const { exitCode, signalCode } = this.#child;
    if (signalCode !== null) return `by ${signalCode}`;
    return exitCode === null ? 'before it began' : `with exit code ${exitCode}`;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // Nobody of the group is left.
    }
  }
}

async function endOf(child: ChildProcess, note: (message: string) => void): Promise<void> {
  child.on('error', (error) => note(error.message));
  if (child.pid === undefined) await once(child, 'error').catch((error) => note(String(error)));
  else await new Promise<void>((resolve) => child.once('exit', () => resolve()));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
