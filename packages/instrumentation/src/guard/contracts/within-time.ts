import { Script } from 'node:vm';

const key = Symbol.for('concordat.guard.work');
const shared = globalThis as { [key]?: (() => void) | undefined };
let script: Script | undefined;

/**
 * Runs the work and returns what it returns, or undefined when it is not done in time. A regular expression that backtracks for ever
 * can be ended no other way: node:vm watches the clock from another thread. It costs 0.1 ms, so it is for work that is suspect.
 */
export function withinTime<Result>(millis: number, work: () => Result): Result | undefined {
  let result: Result | undefined;
  const before = shared[key];
  shared[key] = () => {
    result = work();
  };
  script ??= new Script(`globalThis[Symbol.for('concordat.guard.work')]()`);
  try {
    script.runInThisContext({ timeout: millis });
    return result;
  } catch (error) {
    if (isTimeout(error)) return undefined;
    throw error;
  } finally {
    shared[key] = before;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
