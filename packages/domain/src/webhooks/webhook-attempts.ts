export type TriggeredStatus = 'not_run' | 'retrying' | 'success' | 'failure';

/** What an attempt leads to; `retryInSeconds` only when there will be another. */
export interface AttemptOutcome {
  readonly status: Exclude<TriggeredStatus, 'not_run'>;
  readonly retryInSeconds: number | undefined;
}

/** After the n-th failure the n-th pause of the schedule (seconds) follows; when the schedule is used up, that was it. */
export function attemptOutcome(attempt: {
  readonly success: boolean;
  /** This one included. */
  readonly attemptsMade: number;
  readonly retrySchedule: readonly number[];
}): AttemptOutcome {
  if (attempt.success) return { status: 'success', retryInSeconds: undefined };
  const pause = attempt.retrySchedule[attempt.attemptsMade - 1];
  if (pause === undefined) return { status: 'failure', retryInSeconds: undefined };
  return { status: 'retrying', retryInSeconds: pause };
}

/** How often it will be tried again at most. */
export function attemptsRemaining(triggered: {
  readonly status: TriggeredStatus;
  readonly attemptsMade: number;
  readonly retrySchedule: readonly number[];
}): number {
  if (triggered.status === 'success' || triggered.status === 'failure') return 0;
  return Math.max(0, triggered.retrySchedule.length + 1 - triggered.attemptsMade);
}
