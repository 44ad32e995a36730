import type { CliEnvironment } from './config.ts';
import type { Output } from './terminal/output.ts';

/** 0 yes · 1 no · 2 could not tell, or used in a wrong way. */
export type ExitCode = 0 | 1 | 2;

/** What every command is given; `signal` is aborted by Ctrl-C and SIGTERM. */
export interface CliContext {
  readonly environment: CliEnvironment;
  readonly output: Output;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Called once by the command that ran. */
  readonly end: (code: ExitCode) => void;
}
