import { withinMillis } from './within-millis.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof signals)[number];

const crashMillis = 1_000;
const repeatMillis = 100;

interface Queue {
  /** Sends what has ended so far; never rejects. */
  readonly flush: () => Promise<void>;
  /** Sends it all and stops; never rejects, within its own bound. */
  readonly stop: () => Promise<void>;
  readonly pending: () => number;
  /** The process ends without the rest. */
  readonly giveUp: (reason: string) => void;
}

/**
 * Sends the last spans however the process ends, and leaves its end as it would be without tracing: a signal that the
 * service handles itself is its own affair, one that it does not handle ends the process by that signal; an uncaught
 * exception is thrown on. Returns what takes all this away again.
 */
export function flushAtEnd(queue: Queue): () => void {
  const removals = [
    ...signals.map((signal) => onSignal(signal, queue)),
    onUncaughtException(queue),
    onBeforeExit(queue),
    onExit(queue),
  ];
  return () => {
    for (const remove of removals) remove();
  };
}

function onSignal(signal: Signal, queue: Queue): () => void {
  let isEnding = false;
  let repeating: NodeJS.Timeout | undefined;
  const end = (): void => {
    remove();
    process.kill(process.pid, signal);
  };
  const listener = (): void => {
    if (process.listenerCount(signal) > 1) {
      // The service ends in its own time: the spans of its last requests follow until it does.
      void queue.flush();
      repeating ??= setInterval(() => void queue.flush(), repeatMillis).unref();
      return;
    }
    if (isEnding) end();
    isEnding = true;
    void queue.stop().finally(end);
  };
  const remove = (): void => {
    clearInterval(repeating);
    process.off(signal, listener);
  };
  // First in line: a `once` listener of the service is gone from the count when it was called before.
  process.prependListener(signal, listener);
  return remove;
}

/** Only when nobody else handles it does the exception end the process; then it is thrown on as it came. */
function onUncaughtException(queue: Queue): () => void {
  const listener = (error: unknown): void => {
    if (process.listenerCount('uncaughtException') > 1) {
      void queue.flush();
      return;
    }
    void withinMillis(queue.flush(), crashMillis).finally(() => {
      remove();
      setImmediate(() => {
        throw error;
      });
    });
  };
  const remove = (): void => {
    process.off('uncaughtException', listener);
  };
  process.prependListener('uncaughtException', listener);
  return remove;
}

/**
 * When nothing keeps the process alive any more the last spans are sent. A hub that takes none must not hold it: what is
 * still going on after the bound is only the exporter trying again.
 */
function onBeforeExit(queue: Queue): () => void {
  const listener = (): void => {
    if (queue.pending() === 0) return;
    void queue.stop().finally(() => {
      if (process.listenerCount('beforeExit') === 0) process.exit();
    });
  };
  process.once('beforeExit', listener);
  return () => process.off('beforeExit', listener);
}

function onExit(queue: Queue): () => void {
  const listener = (): void =>
    queue.giveUp(
      `the process ended first; wait for 'await tracing.shutdown()' before process.exit()`,
    );
  process.once('exit', listener);
  return () => process.off('exit', listener);
}
