import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Command } from '../app/keys.ts';
import { setQuery, useSurroundings } from '../app/place.ts';
import { ancestorsOf, collapsibleRows, type SpanTree, visibleRows } from './span-tree.ts';

/** What the reader did to a waterfall. The open span and `all collapsed` stand in the address. */
export interface WaterfallState {
  /** Rows of the tree that show, in order. */
  readonly rows: readonly number[];
  readonly collapsed: ReadonlySet<number>;
  /** Row of the open span; -1: none. */
  readonly selected: number;
  /** Row the keys stand on; -1: none. */
  readonly current: number;
  readonly toggle: (row: number) => void;
  readonly open: (row: number) => void;
  readonly close: () => void;
  readonly stand: (row: number) => void;
  /** Stands on a row and unfolds what hides it. */
  readonly reveal: (row: number) => void;
}

export function useWaterfall(tree: SpanTree): WaterfallState {
  const { place, takeCommands } = useSurroundings();
  const spanId = place.query.get('span') ?? '';
  const selected = useMemo(
    () => tree.spans.findIndex((span) => span.spanId === spanId),
    [tree, spanId],
  );
  const [collapsed, setCollapsed] = useState<ReadonlySet<number>>(() =>
    firstCollapsed(tree, selected, place.query),
  );
  const [current, stand] = useState(selected);
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const toggle = useCallback((row: number) => setCollapsed((before) => toggled(before, row)), []);
  const open = useCallback(
    (row: number) => {
      stand(row);
      setQuery(place, { span: tree.spans[row]?.spanId }, 'push');
    },
    [place, tree],
  );
  const reveal = useCallback(
    (row: number) => {
      setCollapsed((before) => unfolded(tree, before, row));
      stand(row);
    },
    [tree],
  );
  const close = useCallback(() => setQuery(place, { span: undefined }), [place]);
  const onCommand = useCallback(
    (command: Command) => {
      switch (command) {
        case 'next-row':
        case 'previous-row':
          stand(neighbour(rows, current, command === 'next-row' ? 1 : -1));
          return true;
        case 'collapse-all':
        case 'expand-all':
          setCollapsed(command === 'expand-all' ? new Set() : collapsibleRows(tree));
          setQuery(place, { collapsed: command === 'collapse-all' });
          return true;
        case 'close':
          if (spanId === '') return false;
          close();
          return true;
        default:
          return false;
      }
    },
    [rows, current, tree, place, spanId, close],
  );
  useEffect(() => {
    if (selected >= 0) reveal(selected);
  }, [selected, reveal]);
  useEffect(() => takeCommands(onCommand), [takeCommands, onCommand]);
  return { rows, collapsed, selected, current, toggle, open, close, stand, reveal };
}

/** Rows collapsed at first: all when the address says so, but never one above the open span. */
export function firstCollapsed(
  tree: SpanTree,
  selected: number,
  query: URLSearchParams,
): Set<number> {
  const rows = query.get('collapsed') === '1' ? collapsibleRows(tree) : new Set<number>();
  if (selected >= 0) for (const row of ancestorsOf(tree, selected)) rows.delete(row);
  return rows;
}

/** The same rows without those above a row; the same set when none is. */
function unfolded(
  tree: SpanTree,
  collapsed: ReadonlySet<number>,
  row: number,
): ReadonlySet<number> {
  const hiding = ancestorsOf(tree, row).filter((above) => collapsed.has(above));
  if (hiding.length === 0) return collapsed;
  const next = new Set(collapsed);
  for (const above of hiding) next.delete(above);
  return next;
}

export function toggled(rows: ReadonlySet<number>, row: number): Set<number> {
  const next = new Set(rows);
  if (!next.delete(row)) next.add(row);
  return next;
}

/** The visible row after a step; a row that is hidden now counts as the one it is hidden in. */
export function neighbour(rows: readonly number[], current: number, step: 1 | -1): number {
  if (rows.length === 0) return -1;
  if (current < 0) return rows[0] ?? -1;
  let at = rows.findLastIndex((row) => row <= current);
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  return rows[at] ?? -1;
}
