import type { Database } from '../../database/database.ts';
import { type FieldAnswer, type FieldQuestion, FieldUsageStore } from './field-usage-store.ts';
import { GuardCountStore } from './guard-count-store.ts';

interface GuardAnswersDeps {
  readonly db: Database;
  /** Resolves when what guards have said so far is in the database. */
  readonly flush: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** What live guards have said, for those who ask; nothing that was told before the question is missing. */
export class GuardAnswers {
  readonly #deps: GuardAnswersDeps;
  readonly #fields: FieldUsageStore;
  readonly #counts: GuardCountStore;
  #forgetting: Promise<void> = Promise.resolve();

  constructor(deps: GuardAnswersDeps) {
    this.#deps = deps;
    this.#fields = new FieldUsageStore(deps.db);
    this.#counts = new GuardCountStore(deps.db);
  }

  async fieldUsage(question: FieldQuestion): Promise<FieldAnswer> {
    await this.#deps.flush();
    return await this.#fields.of(question);
  }

  /** Drops what is told by minute or day and older than this, in the background; totals of all time stay. A failure is reported. */
  forgetBefore(time: Date): void {
    const minute = Math.floor(time.getTime() / 60_000);
    const forget = async (): Promise<void> => {
      await this.#counts.forgetBefore(minute);
      await this.#fields.forgetBefore(minute);
    };
    this.#forgetting = this.#forgetting.then(forget).catch(this.#deps.onError);
  }

  async close(): Promise<void> {
    await this.#forgetting;
  }
}
