// Hot path: runs for every observed call.
import { type Call, overflowName } from '@concordat/domain';
import type { DependencyMinutesTable } from '../database/tables/monitor-tables.ts';

type Row = { -readonly [Name in keyof DependencyMinutesTable]: DependencyMinutesTable[Name] };

const MOST_PAIRS = 10_000;
const MICROS_A_MINUTE = 60_000_000;
const MINUTES_AHEAD = 60;
/** A sender whose clock is wrong must not make a row for every minute since 1970. */
const MINUTES_BACK = 1440;

/** Calls since the last `take`, by who called whom and minute; pairs beyond the bound, since the start, count as one. */
export class DependencyTally {
  #rows = new Map<string, Row>();
  readonly #pairs = new Set<string>();

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** What went through a gateway is there as the gateway's own calls. */
  add(calls: readonly Call[], at: Date): void {
    const minute = Math.floor(at.getTime() / 60_000);
    const [earliest, latest] = [minute - MINUTES_BACK, minute + MINUTES_AHEAD];
    for (const call of calls) {
      if (call.via !== undefined) continue;
      const began = Math.floor(call.atMicros / MICROS_A_MINUTE);
      const row = this.#row(call, Math.min(Math.max(began, earliest), latest));
      row.calls += call.weight;
      if (!call.consumer.virtual && !call.provider.virtual) row.virtual = 0;
    }
  }

  take(): readonly DependencyMinutesTable[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    return rows;
  }

  #row({ consumer, provider, exchange }: Call, minute: number): Row {
    const isMessage = exchange.kind === 'message';
    const parent = (isMessage ? provider : consumer).service;
    const child = (isMessage ? consumer : provider).service;
    const key = `${minute}\n${parent}\n${child}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    return this.#isToldApart(`${parent}\n${child}`)
      ? this.#add(key, { parent, child, minute })
      : this.#overflow(minute);
  }

  #isToldApart(pair: string): boolean {
    if (this.#pairs.size < MOST_PAIRS) this.#pairs.add(pair);
    return this.#pairs.has(pair);
  }

  #overflow(minute: number): Row {
    const key = `${minute}\n`;
    const names = { parent: overflowName, child: overflowName, minute };
    return this.#rows.get(key) ?? this.#add(key, names);
  }

  #add(key: string, names: Pick<Row, 'parent' | 'child' | 'minute'>): Row {
    const row = { ...names, calls: 0, virtual: 1 };
    this.#rows.set(key, row);
    return row;
  }
}
