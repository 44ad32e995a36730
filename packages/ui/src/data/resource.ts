import { explainProblem, type Problem } from './problem.ts';

/** Data of the hub as a view sees it. A failed refresh keeps the last value and says so beside it. */
export type Resource<T> =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'ready';
      readonly value: T;
      /** Milliseconds since 1970 of the last answer. */
      readonly at: number;
      readonly problem: Problem | undefined;
    }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** An answer came. Equal data keeps its identity, so that nothing is drawn again. */
export function afterAnswer<T>(before: Resource<T>, value: T, at: number): Resource<T> {
  const same = before.kind === 'ready' && JSON.stringify(before.value) === JSON.stringify(value);
  return { kind: 'ready', value: same ? before.value : value, at, problem: undefined };
}

/** A question failed. */
export function afterFailure<T>(before: Resource<T>, error: unknown): Resource<T> {
  const problem = explainProblem(error);
  return before.kind === 'ready' ? { ...before, problem } : { kind: 'failed', problem };
}

/** Whether the page can be seen, and when that changes. */
export interface Visibility {
  readonly hidden: () => boolean;
  /** Calls back at every change; returns how to stop. */
  readonly onChange: (callback: () => void) => () => void;
}

export interface Polling<T> {
  readonly load: () => Promise<T>;
  readonly onAnswer: (value: T) => void;
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds between an answer and the next question; undefined asks once. */
  readonly every: number | undefined;
  /** Asks no more after an answer of which this is true. */
  readonly until?: ((value: T) => boolean) | undefined;
  readonly visibility: Visibility;
  /** Calls back when there may be another answer; returns how to stop. */
  readonly onNews?: ((callback: () => void) => () => void) | undefined;
}

/** Asks now and again; stops while the page is hidden and asks at once when it is seen again. Returns how to stop. */
export function startPolling<T>(polling: Polling<T>): () => void {
  const { every, visibility } = polling;
  let stopped = false;
  let done = every === undefined;
  let asking = false;
  let outdated = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (): Promise<void> => {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    outdated = false;
    const report = await polling.load().then(
      (value) => () => {
        done ||= polling.until?.(value) === true;
        polling.onAnswer(value);
      },
      (error: unknown) => () => polling.onFailure(error),
    );
    asking = false;
    if (stopped) return;
    report();
    if (done || visibility.hidden()) return;
    if (outdated) await ask();
    else timer = setTimeout(() => void ask(), every);
  };
  const askIfSeen = () => {
    clearTimeout(timer);
    if (!done && !visibility.hidden()) void ask();
  };
  const unsubscribe = visibility.onChange(askIfSeen);
  const ignoreNews = polling.onNews?.(() => {
    outdated = asking;
    askIfSeen();
  });
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
    unsubscribe();
    ignoreNews?.();
  };
}
