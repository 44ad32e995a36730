import { type RawBuilder, sql } from 'kysely';

/** For the right of SET in an upsert: every one of these columns grows by what was to be inserted. */
export function added<Column extends string>(
  table: string,
  columns: readonly Column[],
): { readonly [Name in Column]: RawBuilder<number> } {
  return Object.fromEntries(
    columns.map((column) => [
      column,
      sql<number>`${sql.ref(`${table}.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
    ]),
  ) as { readonly [Name in Column]: RawBuilder<number> };
}

/** Sums of these columns under their own names. */
export function sums<Column extends string>(columns: readonly Column[]) {
  return columns.map((column) => sql<number>`sum(${sql.ref(column)})`.as(column));
}
