import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export interface ProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** A process in a group of its own, so that stopping it also ends what it started. */
export class OwnProcess {
  readonly #child: ChildProcess;
  readonly #name: string;
  #output = '';

  constructor(options: ProcessOptions) {
    this.#name = options.command;
    this.#child = spawn(options.command, options.args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output = `${this.#output}${chunk}`.slice(-20_000);
      });
    }
    this.#child.on('error', (error) => {
      this.#output += error.message;
    });
    process.once('exit', () => this.#signal('SIGKILL'));
  }

  /** Waits until `isReady` says yes; a process that ends before that is an error with its output. */
  async ready(isReady: () => Promise<boolean>, seconds = 90): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await isReady())) {
      if (this.#hasEnded) throw new Error(`${this.#name} ended while starting:\n${this.#output}`);
      if (Date.now() > deadline) {
        throw new Error(`${this.#name} is not ready after ${seconds} s:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Waits for the end and answers the exit code. */
  async ended(): Promise<number | null> {
    if (!this.#hasEnded) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#hasEnded) return;
    const end = once(this.#child, 'close');
    const impatience = setTimeout(() => this.#signal('SIGKILL'), 15_000);
    this.#signal(signal);
    await end;
    clearTimeout(impatience);
  }

  get output(): string {
    return this.#output;
  }

  get #hasEnded(): boolean {
    const { exitCode, signalCode, pid } = this.#child;
    return exitCode !== null || signalCode !== null || pid === undefined;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasEnded) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group has ended by itself meanwhile.
    }
  }
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No loopback port is free.');
  return address.port;
}

/** True when something answers on the port; with a greeting, only when it answers that with bytes. */
export function answers(
  port: number,
  { host = '127.0.0.1', greeting }: { readonly host?: string; readonly greeting?: string } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.on('error', () => settle(false));
    socket.on('close', () => settle(false));
    socket.on('data', () => settle(true));
    socket.on('connect', () => {
      if (greeting === undefined) settle(true);
      else socket.write(greeting);
    });
  });
}
