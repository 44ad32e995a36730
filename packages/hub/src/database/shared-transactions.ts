// Hot path: a commit waits for the disk, and costs more than all else that publishing does.
import { AsyncResource } from 'node:async_hooks';
import { CompiledQuery } from 'kysely';
import type { Database } from './database.ts';

/** More than these would let a read wait too long, because all use one connection. */
const AT_ONCE = 16;

interface Job {
  /** Runs the work; what it answers is kept until the commit. */
  readonly run: (tx: Database) => Promise<void>;
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Runs what is asked for at the same time in one transaction, so that one wait for the disk serves all. Each stays whole by itself:
 * one that throws is undone alone, and nobody gets an answer before the commit, nor any when the commit fails.
 */
export class SharedTransactions {
  readonly #db: Database;
  #waiting: Job[] = [];
  #isRunning = false;

  constructor(db: Database) {
    this.#db = db;
  }

  run<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    // Whoever asks first starts the transaction; what a request carries along must not be taken for another's.
    const bound = AsyncResource.bind(work);
    return new Promise<T>((resolve, reject) => {
      let settle: () => void = () => reject(new Error('The work never ran.'));
      this.#waiting.push({
        run: async (tx) => {
          const answer = await bound(tx);
          settle = () => resolve(answer);
        },
        succeed: () => settle(),
        fail: reject,
      });
      this.#start();
    });
  }

  /** Requests that have arrived already get their turn to join. */
  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => {
      const jobs = this.#waiting.splice(0, AT_ONCE);
      this.#runTogether(jobs)
        .catch((error: unknown) => {
          for (const job of jobs) job.fail(error);
        })
        .finally(() => {
          this.#isRunning = false;
          if (this.#waiting.length > 0) this.#start();
        });
    });
  }

  async #runTogether(jobs: readonly Job[]): Promise<void> {
    const [first] = jobs;
    if (jobs.length === 1 && first !== undefined) {
      await this.#db.transaction().execute(first.run);
      first.succeed();
      return;
    }
    const failures = new Map<Job, unknown>();
    await this.#db.transaction().execute(async (tx) => {
      for (const job of jobs) {
        await tx.executeQuery(savepoint);
        try {
          await job.run(tx);
        } catch (error) {
          failures.set(job, error);
          await tx.executeQuery(undo);
        }
      }
    });
    for (const job of jobs) {
      if (failures.has(job)) job.fail(failures.get(job));
      else job.succeed();
    }
  }
}

/** One hides the one before; the commit ends them all. */
const savepoint = CompiledQuery.raw('savepoint job');
const undo = CompiledQuery.raw('rollback to job');
