import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OutputTail } from '../processes/output-tail.ts';
import type { VerifierJob, VerifierMessage } from './verifier-job.ts';

/** The verifier's JSON, or why there is none: the native library ended its process, hung, or refused the work. */
export type VerifierAnswer =
  | { readonly kind: 'result'; readonly json: string }
  | {
      readonly kind: 'defect';
      readonly message: string;
      readonly lastTraceparent: string | undefined;
    };

export interface VerifierProcessOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The program; another one only in tests of what happens when the library crashes. */
  readonly program?: URL;
}

/** How long the verifier may be silent beyond the time of one request: it also retries provider states. */
const GRACE_MS = 20_000;

/**
 * The native verifier in a process of its own, started with the first job and kept for the next, because a crash or a
 * hang of the library must cost one result and not the runner.
 */
export class VerifierProcess {
  readonly #options: VerifierProcessOptions;
  readonly #graceMs: number;
  #child: ChildProcess | undefined;
  #tail = new OutputTail();

  constructor(options: VerifierProcessOptions, graceMs: number = GRACE_MS) {
    this.#options = options;
    this.#graceMs = graceMs;
  }

  /** One job at a time; never rejects. */
  verify(job: VerifierJob): Promise<VerifierAnswer> {
    const child = this.#running();
    let last: string | undefined;
    return new Promise((resolve) => {
      const settle = (answer: VerifierAnswer): void => {
        clearTimeout(silence);
        child.off('message', onMessage).off('close', onExit).off('error', onError);
        resolve(answer);
      };
      const fail = (message: string): void => {
        this.kill();
        settle({ kind: 'defect', message: `${message}${this.#said()}`, lastTraceparent: last });
      };
      const silence = setTimeout(
        () =>
          fail(
            `The verifier did nothing for ${(job.timeoutMs + this.#graceMs) / 1000} s and was ended.`,
          ),
        job.timeoutMs + this.#graceMs,
      );
      const onMessage = (message: VerifierMessage): void => {
        silence.refresh();
        if (message.kind === 'result') settle(message);
        else if (message.kind === 'defect') fail(`The verifier refused: ${message.message}`);
        else last = message.traceparent ?? last;
      };
      const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
        fail(`The verifier ended by ${signal ?? `exit code ${code}`} in the middle of its work.`);
      const onError = (error: Error): void => fail(`The verifier cannot run: ${error.message}`);
      child.on('message', onMessage).on('close', onExit).on('error', onError);
      child.send(job, (error) => {
        if (error !== null) fail(`The verifier cannot be reached: ${error.message}`);
      });
    });
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  #running(): ChildProcess {
    if (this.#child?.connected === true) return this.#child;
    this.#tail = new OutputTail();
    const { env, program = ownProgram() } = this.#options;
    const child = fork(fileURLToPath(program), [], {
      env: { ...withoutMisleading(env), PACT_DO_NOT_TRACK: 'true' },
      execArgv: program.pathname.endsWith('.ts') ? sourceArguments() : [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#tail.write(chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.#tail.write(chunk));
    this.#child = child;
    return child;
  }

  #said(): string {
    const lines = this.#tail.last(10);
    return lines === '' ? '' : ` Its last lines:\n${lines}`;
  }
}

function ownProgram(): URL {
  const end = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./verifier/main.${end}`, import.meta.url);
}

function sourceArguments(): string[] {
  return ['--conditions=@concordat/source', `--import=${import.meta.resolve('tsx')}`];
}

/**
 * The official verifier would send even loopback requests through a proxy, whatever NO_PROXY says. With
 * PACT_BROKER_BASE_URL it would replay all pacts of the broker beside the file it is given, and other PACT_* variables
 * would make it publish by itself or leave interactions out.
 */
function withoutMisleading(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(https?_proxy|all_proxy|pact_.*)$/i.test(name)),
  );
}
