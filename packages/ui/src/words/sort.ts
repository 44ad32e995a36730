/** What rows are ordered by: the address holds it as `name` (rising) or `-name` (falling). */
export interface Sort<Column extends string> {
  readonly column: Column;
  readonly falling: boolean;
}

/** Columns by which a table can be ordered, with what is compared; what is null or undefined comes last either way. */
export type SortColumns<Row, Column extends string> = Readonly<
  Record<Column, (row: Row) => string | number | null | undefined>
>;

/** Reads an order; an unknown column falls back. */
export function readSort<Column extends string>(
  text: string | null,
  columns: SortColumns<never, Column>,
  fallback: Sort<Column>,
): Sort<Column> {
  const falling = text?.startsWith('-') === true;
  const name = falling ? text?.slice(1) : text;
  const column = (Object.keys(columns) as Column[]).find((known) => known === name);
  return column === undefined ? fallback : { column, falling };
}

export function writeSort<Column extends string>({ column, falling }: Sort<Column>): string {
  return falling ? `-${column}` : column;
}

/** The order after a click on a column: figures fall first, names rise first, the same column turns round. */
export function nextSort<Column extends string>(
  before: Sort<Column>,
  column: Column,
  isNumber: boolean,
): Sort<Column> {
  if (before.column === column) return { column, falling: !before.falling };
  return { column, falling: isNumber };
}

/** A sorted copy; rows that are equal keep their order. */
export function sortRows<Row, Column extends string>(
  rows: readonly Row[],
  columns: SortColumns<Row, Column>,
  { column, falling }: Sort<Column>,
): Row[] {
  const value = columns[column];
  return [...rows].sort((a, b) => compare(value(a), value(b), falling));
}

type Value = string | number | null | undefined;

function compare(a: Value, b: Value, falling: boolean): number {
  const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
  if (missing !== 0 || a === b) return missing;
  const order = (a ?? 0) < (b ?? 0) ? -1 : 1;
  return falling ? -order : order;
}
