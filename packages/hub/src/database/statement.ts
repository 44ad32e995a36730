// Hot path: building and compiling a query costs several times what SQLite needs to answer it.
import { type Compilable, type CompiledQuery, SelectQueryNode, SqliteAdapter } from 'kysely';
import type { Database } from './database.ts';
import { columnsOf, packed, unpacked } from './packed-rows.ts';
import { keepPrepared } from './prepared-names.ts';

/**
 * A query that is built once for each form its values take, and run with other values after that. Flags and what is undefined choose
 * the form; strings, numbers, null and lists of them are bound. Rows are of texts, integers and null: on SQLite those of a query that
 * names its columns come as JSON, where bytes fail and fractions keep 15 digits. PostgreSQL keeps the plan of such a query.
 */
export interface Statement<V, Row> {
  all(db: Database, values: V): Promise<Row[]>;
  first(db: Database, values: V): Promise<Row | undefined>;
}

/** Longer lists grow by this much and no longer double: a database binds some ten thousands of values, not more. */
const LONG_LIST = 1024;

/** Stands in a compiled query where a value goes. */
class Place {
  readonly name: string;
  readonly index: number | undefined;

  constructor(name: string, index?: number) {
    this.name = name;
    this.index = index;
  }
}

/** One form of a statement, compiled for one kind of database. */
interface Form<Row> {
  readonly compiled: CompiledQuery<Row>;
  /** Set when the rows come packed. */
  readonly columns: readonly string[] | undefined;
}

/**
 * `build` may ask whether a value is given, how long a list is and what a flag says, but not what any other value is. A list is for
 * `in`: it is filled up with its last value to the next power of two, so that a few forms serve every length.
 */
export function statement<V extends object, Row>(
  build: (db: Database, values: V) => Compilable<Row>,
): Statement<V, Row> {
  const byDialect = new WeakMap<object, Map<string, Form<Row>>>();
  const formFor = (db: Database, values: V): Form<Row> => {
    const dialect = db.getExecutor().adapter;
    const forms = byDialect.get(dialect) ?? new Map<string, Form<Row>>();
    const key = keyOf(values);
    const known = forms.get(key);
    if (known !== undefined) return known;
    const compiled = build(db, placesOf(values)).compile();
    const form = formOn(dialect, compiled);
    byDialect.set(dialect, forms.set(key, form));
    return form;
  };
  const all = async (db: Database, values: V): Promise<Row[]> => {
    const { compiled, columns } = formFor(db, values);
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Place ? valueAt(values, parameter) : parameter,
    );
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters });
    return columns === undefined ? rows : unpacked(rows, columns);
  };
  return { all, first: async (db, values) => (await all(db, values))[0] };
}

function formOn<Row>(dialect: object, compiled: CompiledQuery<Row>): Form<Row> {
  const columns = columnsOf(compiled);
  if (dialect instanceof SqliteAdapter) {
    const isPacked = columns !== undefined && SelectQueryNode.is(compiled.query);
    return isPacked
      ? { compiled: packed(compiled, columns), columns }
      : { compiled, columns: undefined };
  }
  // A kept plan for all columns of a table, whatever they are, fails when a newer hub adds one.
  if (columns !== undefined) keepPrepared(compiled.sql);
  return { compiled, columns: undefined };
}

function keyOf(values: object): string {
  let form = '';
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) form += `${name}:${roundedUp(value.length)},`;
    else if (value === undefined || typeof value === 'boolean') form += `${name}=${value},`;
    else form += `${name},`;
  }
  return form;
}

function placesOf<V extends object>(values: V): V {
  const places = Object.entries(values).map(([name, value]) => {
    if (Array.isArray(value)) {
      const length = roundedUp(value.length);
      return [name, Array.from({ length }, (_, index) => new Place(name, index))];
    }
    return [name, value === undefined || typeof value === 'boolean' ? value : new Place(name)];
  });
  return Object.fromEntries(places) as V;
}

function valueAt(values: object, { name, index }: Place): unknown {
  const value: unknown = (values as Readonly<Record<string, unknown>>)[name];
  if (index === undefined || !Array.isArray(value)) return value;
  return value[Math.min(index, value.length - 1)];
}

function roundedUp(length: number): number {
  if (length > LONG_LIST) return Math.ceil(length / LONG_LIST) * LONG_LIST;
  return length < 2 ? length : 2 ** Math.ceil(Math.log2(length));
}
