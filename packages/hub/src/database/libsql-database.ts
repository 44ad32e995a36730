import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Libsql from 'libsql';
import { boundParameters } from './bound-parameters.ts';

const KEPT_STATEMENTS = 1_000;

interface NativeStatement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

/**
 * The SQLite file as Kysely's SqliteDialect wants it: every parameter goes through `boundParameters`, and prepared
 * statements are kept by their text, because preparing costs several times what a point query does.
 */
export class LibsqlDatabase implements SqliteDatabase {
  readonly #native: Libsql.Database;
  readonly #statements = new Map<string, SqliteStatement>();

  /** `path` may be `:memory:`. The file is created; WAL and synchronous=FULL make an answered write survive kill -9. */
  constructor(path: string) {
    this.#native = new Libsql(path);
    this.#native.pragma('journal_mode = WAL');
    this.#native.pragma('synchronous = FULL');
    this.#native.pragma('foreign_keys = ON');
    this.#native.pragma('busy_timeout = 5000');
    this.#native.pragma('cache_size = -32000');
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = guarded(this.#native.prepare(sql) as unknown as NativeStatement);
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#native.close();
  }
}

function guarded(native: NativeStatement): SqliteStatement {
  return {
    reader: native.reader,
    all: (parameters) => native.all(boundParameters(parameters)),
    run: (parameters) => native.run(boundParameters(parameters)),
    iterate: (parameters) => native.iterate(boundParameters(parameters)),
  };
}
