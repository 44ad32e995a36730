import { type Call, type GuardVerdict, overflowName } from '@concordat/domain';
import type { FieldUsageTable } from '../../database/tables/guard-tables.ts';

type Row = { -readonly [Name in keyof FieldUsageTable]: FieldUsageTable[Name] };
type Names = Pick<Row, 'provider' | 'operation' | 'consumer' | 'consumer_version' | 'environment'>;

const MICROS_A_DAY = 86_400_000_000;
/** Pointers told apart since the start, of one operation and of all; those beyond count as `overflowName`. */
const limits = { ofOperation: 500, ofAll: 200_000 } as const;

/** What the fields that guards saw add to the database with the next write: by day, and for all time as day 0. */
export class FieldTally {
  readonly #known = new Map<string, Set<string>>();
  #size = 0;
  #rows = new Map<string, Row>();

  /** `latestMicros`: calls that claim to be later than this are counted at this time, because clocks go wrong. */
  add(call: Call, latestMicros: number): void {
    if (call.guard === undefined) return;
    const at = Math.min(Math.max(call.atMicros, 0), latestMicros);
    const day = Math.max(1, Math.floor(at / MICROS_A_DAY));
    for (const verdict of call.guard) {
      if (verdict.fields.length === 0) continue;
      const names = namesOf(verdict, call);
      const pointers = this.#boundedPointers(names, verdict.fields);
      const read = verdict.fieldsRead && new Set(verdict.fieldsRead);
      for (const pointer of pointers)
        for (const bucket of [0, day])
          addTo(this.#row(names, pointer, bucket), { isRead: read?.has(pointer), at, call });
    }
  }

  take(): readonly FieldUsageTable[] {
    const rows = [...this.#rows.values()];
    this.#rows = new Map();
    return rows;
  }

  /** The whole is always there, so that its count says how often fields were looked at. */
  #boundedPointers({ provider, operation }: Names, fields: readonly string[]): ReadonlySet<string> {
    const key = `${provider}\n${operation}`;
    const known = this.#known.get(key) ?? new Set([overflowName]);
    this.#known.set(key, known);
    const pointers = new Set(['']);
    for (const pointer of fields) pointers.add(this.#admit(known, pointer));
    return pointers;
  }

  #admit(known: Set<string>, pointer: string): string {
    if (known.has(pointer) || pointer === '') return pointer;
    if (known.size > limits.ofOperation || this.#size >= limits.ofAll) return overflowName;
    known.add(pointer);
    this.#size += 1;
    return pointer;
  }

  #row(names: Names, pointer: string, day: number): Row {
    const key = JSON.stringify([names, pointer, day]);
    const row = this.#rows.get(key) ?? {
      ...{ ...names, pointer, day, present: 0, watched: 0, times_read: 0 },
      ...{ first_seen: Number.MAX_SAFE_INTEGER, last_seen: 0, exemplar_trace_id: '' },
    };
    this.#rows.set(key, row);
    return row;
  }
}

/** The version is only known of who is named: a verdict may name another than whoever sent the spans. */
function namesOf({ consumer, provider, operation }: GuardVerdict, call: Call): Names {
  const version = call.consumer.service === consumer ? call.consumer.version : undefined;
  return {
    ...{ provider, operation, consumer },
    consumer_version: version ?? '',
    environment: call.environment ?? '',
  };
}

function addTo(
  row: Row,
  { isRead, at, call }: { isRead: boolean | undefined; at: number; call: Call },
): void {
  row.present += 1;
  row.watched += isRead === undefined ? 0 : 1;
  row.times_read += isRead === true ? 1 : 0;
  row.first_seen = Math.min(row.first_seen, at);
  if (at >= row.last_seen) {
    row.last_seen = at;
    row.exemplar_trace_id = call.traceId;
  }
}
