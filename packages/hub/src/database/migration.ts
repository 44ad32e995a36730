import type { ColumnDefinitionBuilder, Kysely } from 'kysely';

export type Dialect = 'sqlite' | 'postgres';

/** A numbered step of the schema: never edited once released, and written to run on SQLite and PostgreSQL alike. */
export interface Migration {
  readonly name: string;
  up(db: Kysely<unknown>, dialect: Dialect): Promise<void>;
}

/** The type of a primary key that the database counts up; never given out twice. */
export function idType(dialect: Dialect): 'integer' | 'serial' {
  return dialect === 'sqlite' ? 'integer' : 'serial';
}

/** Makes a column of `idType` the counting primary key. */
export function countingKey(dialect: Dialect) {
  return (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    dialect === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey();
}

/** Makes a column refer to `table.id`; the row goes when the other row goes. */
export function belongsTo(table: string) {
  return (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
    column.notNull().references(`${table}.id`).onDelete('cascade');
}

/** A column that must have a value. */
export function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull();
}

/** A plain index; the place is the table, then its columns in order. */
export async function createIndex(
  db: Kysely<unknown>,
  name: string,
  [table, ...columns]: readonly [string, ...string[]],
): Promise<void> {
  await db.schema.createIndex(name).on(table).columns(columns).execute();
}
