import type { GuardVerdict } from '@concordat/domain';
import type { Watch } from '../capture/client-exchange.ts';
import { recordingView } from './recording-view.ts';

/** So long after an answer is complete the host may read of it. */
const readingMillis = 1_000;
const mostWatches = 200;

/** What is read of one answer. */
export interface FieldReading extends Watch {
  /** The same response, whose `json()` gives a view that notes what is read. */
  around(response: Response): Response;
}

/** Holds verdicts back until the host has had time to read, then tells what it read; bounded in number. */
export class FieldWatch {
  readonly #pending = new Set<() => void>();

  /** undefined when as many answers as may be are being watched. */
  begin(): FieldReading | undefined {
    if (this.#pending.size >= mostWatches) return undefined;
    let read: Set<string> | undefined;
    return {
      around: (response) => {
        const { json } = response;
        const value = async (): Promise<unknown> => {
          const body: unknown = await json.call(response);
          read ??= new Set();
          return recordingView(body, read);
        };
        return Object.defineProperty(response, 'json', {
          value,
          configurable: true,
          writable: true,
        });
      },
      hold: (verdicts, emit) => this.#hold(() => emit(told(verdicts, read))),
    };
  }

  /** Tells now what would be told later. */
  flush(): void {
    for (const tell of [...this.#pending]) tell();
  }

  #hold(tell: () => void): void {
    const once = (): void => {
      if (!this.#pending.delete(once)) return;
      clearTimeout(timer);
      tell();
    };
    const timer = setTimeout(once, readingMillis);
    timer.unref();
    this.#pending.add(once);
  }
}

function told(
  verdicts: readonly GuardVerdict[],
  read: ReadonlySet<string> | undefined,
): readonly GuardVerdict[] {
  return verdicts.map((verdict) => ({
    ...verdict,
    fieldsRead: read === undefined ? undefined : [...read],
  }));
}
