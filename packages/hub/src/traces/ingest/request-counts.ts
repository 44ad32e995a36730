import type { Transport, UnkeptSignal } from '../receive/span-intake.ts';
import type { IngestCounts } from './ingest.ts';

/** Counts of what never reaches the engine. */
export class RequestCounts {
  readonly #unkept: Record<UnkeptSignal, number> = { metrics: 0, logs: 0 };
  readonly #unreadable: Partial<Record<Transport, number>> = {};

  countUnkept(signal: UnkeptSignal): void {
    this.#unkept[signal] += 1;
  }

  countUnreadable(transport: Transport): void {
    this.#unreadable[transport] = (this.#unreadable[transport] ?? 0) + 1;
  }

  counts(): Pick<IngestCounts, 'unkept' | 'unreadable'> {
    return { unkept: { ...this.#unkept }, unreadable: { ...this.#unreadable } };
  }
}
