import type { TransferRecord, TransferResult, TransferTally, TransferType } from '@concordat/api';
import type { Database } from '../database/database.ts';
import { importDefect } from './import-defect.ts';
import { KnownIdStore } from './known-id-store.ts';

/** What happens to a record that says something else than the hub: the import fails, the hub's or the file's version stays. */
export type OnConflict = 'fail' | 'skip' | 'overwrite';

export interface Numbered<R extends TransferRecord = TransferRecord> {
  readonly line: number;
  readonly record: R;
}

export interface Conflict {
  readonly line: number;
  readonly detail: string;
}

const LISTED_CONFLICTS = 100;

/** One import while it is written: its transaction, what is known by name, and what became of each record. */
export class ImportScope {
  readonly tx: Database;
  readonly known: KnownIdStore;
  readonly conflicts: Conflict[] = [];
  readonly tallies: Partial<Record<TransferType, Mutable<TransferTally>>> = {};
  readonly webhooksWithoutSecrets: TransferResult['webhooksWithoutSecrets'] = [];
  conflictCount = 0;
  readonly #onConflict: OnConflict;

  constructor(tx: Database, onConflict: OnConflict) {
    this.tx = tx;
    this.known = new KnownIdStore(tx);
    this.#onConflict = onConflict;
  }

  count(type: TransferType, what: keyof TransferTally, by = 1): void {
    this.tallies[type] ??= { created: 0, updated: 0, unchanged: 0, skipped: 0 };
    this.tallies[type][what] += by;
  }

  /** True when the file's version is to replace the hub's; the record is counted either way. */
  overwrites({ line, record }: Numbered, detail: string): boolean {
    if (this.#onConflict === 'overwrite') {
      this.count(record.type, 'updated');
      return true;
    }
    this.count(record.type, 'skipped');
    if (this.#onConflict === 'fail') {
      this.conflictCount += 1;
      if (this.conflicts.length < LISTED_CONFLICTS) this.conflicts.push({ line, detail });
    }
    return false;
  }
}

/** The id behind a name that a record refers to; records come after what they refer to. */
export function idOr(id: number | undefined, { line, record }: Numbered, missing: string): number {
  if (id !== undefined) return id;
  throw importDefect(
    line,
    `refers to ${missing}, which neither the hub nor a line before this ${record.type} has`,
  );
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
