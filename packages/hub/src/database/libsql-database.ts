import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Libsql from 'libsql';
import { boundParameters } from './bound-parameters.ts';
import { changesContracts, isReading } from './changes-contracts.ts';

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
  /** Its number is another when somebody else has written to the file. */
  readonly #dataVersion: { get(parameters: readonly unknown[]): readonly unknown[] };
  #writes = 0;
  #contractWrites = 0;

  /** `path` may be `:memory:`. The file is created; WAL and synchronous=FULL make an answered write survive kill -9. */
  constructor(path: string) {
    this.#native = new Libsql(path);
    this.#native.pragma('journal_mode = WAL');
    this.#native.pragma('synchronous = FULL');
    this.#native.pragma('foreign_keys = ON');
    this.#native.pragma('busy_timeout = 5000');
    this.#native.pragma('cache_size = -32000');
    this.#dataVersion = this.#native.prepare('pragma data_version').raw() as unknown as {
      get(parameters: readonly unknown[]): readonly unknown[];
    };
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const native = guarded(this.#native.prepare(sql) as unknown as NativeStatement);
    const statement = isReading(sql) ? native : this.#counted(native, changesContracts(sql));
    if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Another text as soon as a statement that may change contracts begins, here or in another process. */
  state(): string {
    const [version] = this.#dataVersion.get([]);
    return `${this.#contractWrites}/${version}`;
  }

  /** Another text as soon as a statement that may change anything begins, here or in another process. */
  wholeState(): string {
    const [version] = this.#dataVersion.get([]);
    return `${this.#writes}/${version}`;
  }

  #counted(statement: SqliteStatement, isOfContracts: boolean): SqliteStatement {
    const counted =
      <T>(work: (parameters: readonly unknown[]) => T) =>
      (parameters: readonly unknown[]): T => {
        this.#writes += 1;
        if (isOfContracts) this.#contractWrites += 1;
        return work(parameters);
      };
    return {
      reader: statement.reader,
      all: counted(statement.all),
      run: counted(statement.run),
      iterate: counted(statement.iterate),
    };
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
