import { setQuery, useSurroundings } from '../app/place.ts';
import { nextSort, type Sort, writeSort } from '../words/sort.ts';

interface SortHeadProps<Column extends string> {
  readonly column: Column;
  readonly label: string;
  readonly sort: Sort<Column>;
  /** What the column says, where its label is too short for it. */
  readonly title?: string;
  /** Names are to the left and rise first; everything else is a figure. */
  readonly text?: boolean;
}

/** A column's head that orders the table; the order stands in the address. */
export function SortHead<Column extends string>(props: SortHeadProps<Column>) {
  const { column, label, sort, title, text } = props;
  const { place } = useSurroundings();
  const active = sort.column === column;
  const next = nextSort(sort, column, text !== true);
  return (
    <th
      scope="col"
      className={text === true ? 'sortable' : 'sortable number'}
      aria-sort={active ? (sort.falling ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className="sort"
        title={title}
        onClick={() => setQuery(place, { sort: writeSort(next) })}
      >
        {label}
        <span className="sort-sign" aria-hidden="true">
          {active ? (sort.falling ? '▼' : '▲') : ''}
        </span>
      </button>
    </th>
  );
}
