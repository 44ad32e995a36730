import type { RefusalReason } from './refusal.ts';
import type { Transport } from './span-intake.ts';

/** What became of one request or datagram. */
export type Answer = 'taken' | RefusalReason;

/** Requests by the way they came and what became of them, since the start. */
export type AnswerFigures = Readonly<
  Partial<Record<Transport, Readonly<Partial<Record<Answer, number>>>>>
>;

/** Counts every body that a listener heard of, also those that never reach the intake. */
export class AnswerCounts {
  readonly #counts: Partial<Record<Transport, Partial<Record<Answer, number>>>> = {};

  count(transport: Transport, answer: Answer): void {
    const counts = this.#counts[transport] ?? {};
    counts[answer] = (counts[answer] ?? 0) + 1;
    this.#counts[transport] = counts;
  }

  figures(): AnswerFigures {
    return structuredClone(this.#counts);
  }
}
