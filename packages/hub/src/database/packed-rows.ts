// Hot path: libsql takes 0.3 µs or more for each cell it hands over, and a hundred rows of JSON text a third of what their cells take.
import {
  AliasNode,
  ColumnNode,
  type CompiledQuery,
  IdentifierNode,
  type OperationNode,
  ReferenceNode,
  type RootOperationNode,
  type SelectionNode,
  SelectQueryNode,
} from 'kysely';

/** The columns that a query selects or returns, in order; undefined when it does not name every one of them. */
export function columnsOf({ query }: CompiledQuery): readonly string[] | undefined {
  const names = (selectionsOf(query) ?? [undefined]).map(
    (node) => node && columnOf(node.selection),
  );
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? known : undefined;
}

/** The same query for SQLite, answering one row: a JSON text with all rows, each a list of its cells. It cannot hold bytes. */
export function packed<Row>(
  query: CompiledQuery<Row>,
  columns: readonly string[],
): CompiledQuery<Row> {
  const cells = columns.map((column) => `"${column}"`).join(', ');
  return {
    ...query,
    sql: `select json_group_array(json_array(${cells})) as "rows" from (${query.sql})`,
  };
}

/** The rows that a packed query has answered. */
export function unpacked<Row>(answer: readonly unknown[], columns: readonly string[]): Row[] {
  const [only] = answer as readonly { readonly rows: string }[];
  const rows: readonly (readonly unknown[])[] = JSON.parse(only?.rows ?? '[]');
  return rows.map((cells) => {
    const row: Record<string, unknown> = {};
    for (const [index, column] of columns.entries()) row[column] = cells[index];
    return row as Row;
  });
}

function selectionsOf(query: RootOperationNode): readonly SelectionNode[] | undefined {
  if (SelectQueryNode.is(query)) return query.selections;
  if (query.kind === 'RawNode' || !('returning' in query)) return undefined;
  return query.returning?.selections ?? [];
}

function columnOf(selection: OperationNode): string | undefined {
  if (AliasNode.is(selection)) {
    return IdentifierNode.is(selection.alias) ? selection.alias.name : undefined;
  }
  const column = ReferenceNode.is(selection) ? selection.column : selection;
  return ColumnNode.is(column) ? column.column.name : undefined;
}
