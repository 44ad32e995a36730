import { CliError } from '../terminal/cli-error.ts';

export interface Steps {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Says what is being done and how long it took; a failure is told with the step's name. */
export async function step<T>(steps: Steps, title: string, work: () => Promise<T>): Promise<T> {
  steps.signal.throwIfAborted();
  const start = performance.now();
  try {
    const result = await work();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    steps.progress(`✓ ${title} (${seconds} s)`);
    return result;
  } catch (cause) {
    steps.signal.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`The demo stopped at '${title}': ${reason}`, { cause });
  }
}
