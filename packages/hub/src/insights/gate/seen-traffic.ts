import type { SeenTraffic } from '@concordat/domain';
import type { LedgerQuestion, UsageLedger } from '../ledger/ledger-entry.ts';
import type { PromiseStart, PromiseStore } from '../promise-store.ts';

/** Where and when traffic is looked at. */
export interface TrafficPlace {
  readonly environment: string | undefined;
  readonly since: Date;
  readonly until: Date;
}

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

interface Promised {
  readonly transport: 'http' | 'message';
  readonly shape: string;
}

const MINUTE_MS = 60_000;
const NOTHING: SeenTraffic = { watchedSince: 0, decidedAtMost: 0, calls: [], promises: [] };

/** Reads what was seen of one pair since each of its promises was watched; those watched from the same minute on share one reading. */
export class SeenTrafficReader {
  readonly #pair: Pair;
  readonly #place: TrafficPlace;
  readonly #ledger: UsageLedger;
  readonly #starts: ReadonlyMap<string, PromiseStart>;
  readonly #readings = new Map<number, Promise<Pick<SeenTraffic, 'calls' | 'promises'>>>();
  #totals: Promise<ReadonlyMap<string, number>> | undefined;

  private constructor(
    ledger: UsageLedger,
    asked: { readonly pair: Pair; readonly place: TrafficPlace },
    starts: readonly PromiseStart[],
  ) {
    this.#ledger = ledger;
    this.#pair = asked.pair;
    this.#place = asked.place;
    this.#starts = new Map(starts.map((start) => [keyOf(start), start]));
  }

  static async open(
    sources: { readonly ledger: UsageLedger; readonly promises: Pick<PromiseStore, 'between'> },
    pair: Pair,
    place: TrafficPlace,
  ): Promise<SeenTrafficReader> {
    const { consumer, provider } = pair;
    const starts = await sources.promises.between(pair);
    return new SeenTrafficReader(sources.ledger, { pair: { consumer, provider }, place }, starts);
  }

  /** Nothing for what is not watched: its uses are not counted. */
  async of(promised: Promised): Promise<SeenTraffic> {
    const start = this.#starts.get(keyOf(promised));
    if (start === undefined) return NOTHING;
    const isOlder = start.since <= this.#place.since.getTime() * 1000;
    const from = isOlder ? this.#place.since.getTime() : start.since / 1000;
    const { calls, promises } = await this.#read(Math.floor(from / MINUTE_MS));
    return {
      watchedSince: start.since,
      decidedAtMost: isOlder ? Number.POSITIVE_INFINITY : await this.#decidedSince(start),
      calls,
      promises,
    };
  }

  #read(sinceMinute: number): Promise<Pick<SeenTraffic, 'calls' | 'promises'>> {
    const known = this.#readings.get(sinceMinute);
    if (known !== undefined) return known;
    const question: LedgerQuestion = {
      ...this.#pair,
      environment: this.#place.environment,
      since: sinceMinute,
      until: Math.floor(this.#place.until.getTime() / MINUTE_MS),
    };
    const reading = Promise.all([
      this.#ledger.calls(question),
      this.#ledger.promises(question),
    ]).then(([calls, promises]) => ({ calls, promises }));
    this.#readings.set(sinceMinute, reading);
    return reading;
  }

  async #decidedSince({ transport, callsBefore }: PromiseStart): Promise<number> {
    this.#totals ??= this.#decidedEver();
    return Math.max(0, ((await this.#totals).get(transport) ?? 0) - callsBefore);
  }

  async #decidedEver(): Promise<ReadonlyMap<string, number>> {
    const totals = new Map<string, number>();
    for (const { transport, decided } of await this.#ledger.calls(this.#pair)) {
      totals.set(transport, (totals.get(transport) ?? 0) + decided);
    }
    return totals;
  }
}

function keyOf({ transport, shape }: Promised): string {
  return `${transport}\n${shape}`;
}
