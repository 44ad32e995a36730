/** One step of a saga; `undo` is called when a later step fails, never for the step that failed itself. */
export interface SagaStep {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly undo: () => Promise<void>;
}

/**
 * Runs steps in order. When one fails, the ones before it are undone last first and the failure is thrown on. An undo
 * that fails does not stop the others: it is reported in the thrown error's place as an AggregateError with the
 * original failure first.
 */
export async function runSaga(steps: readonly SagaStep[]): Promise<void> {
  const done: SagaStep[] = [];
  for (const step of steps) {
    try {
      await step.run();
    } catch (error) {
      throw await compensate(done, error);
    }
    done.push(step);
  }
}

async function compensate(done: readonly SagaStep[], failure: unknown): Promise<unknown> {
  const failedUndos: unknown[] = [];
  for (const step of done.toReversed()) {
    await step.undo().catch((error: unknown) => failedUndos.push(error));
  }
  if (failedUndos.length === 0) return failure;
  return new AggregateError(
    [failure, ...failedUndos],
    `${failedUndos.length} compensations failed`,
  );
}
