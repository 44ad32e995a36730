import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatDuration, plural } from '../words/format.ts';
import type { SpanTree } from './span-tree.ts';
import { hasChildren } from './span-tree.ts';
import { neighbour, type WaterfallState } from './use-waterfall.ts';
import { type WaterfallMarks, WaterfallRow } from './waterfall-row.tsx';
import { axisTicks, rowHeight, rowWindow, scrollFor } from './waterfall-window.ts';

interface WaterfallProps {
  readonly tree: SpanTree;
  readonly state: WaterfallState;
  readonly marks: WaterfallMarks;
}

/** Spans as a tree beside their times. Only rows in view are in the document. */
export function Waterfall({ tree, state, marks }: WaterfallProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(720);
  const { rows, current } = state;
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const sizes = new ResizeObserver(() => setHeight(element.clientHeight));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => {
    const element = frame.current;
    const at = rows.indexOf(current);
    if (element === null || at < 0) return;
    const top = scrollFor(at, element.scrollTop, element.clientHeight - headHeight);
    if (top !== undefined) element.scrollTop = top;
  }, [rows, current]);
  const { first, end } = rowWindow(scrollTop, height, rows.length);
  return (
    <div
      ref={frame}
      className="waterfall"
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a treegrid is a table whose rows unfold
        role="treegrid"
        aria-label="Spans"
        aria-rowcount={rows.length + 1}
        tabIndex={0}
        aria-activedescendant={current >= 0 ? `span-${current}` : undefined}
        onKeyDown={(event) => onWaterfallKey(event, tree, state)}
      >
        <WaterfallHead tree={tree} hidden={tree.spans.length - rows.length} />
        <tbody style={{ height: rows.length * rowHeight }}>
          {rows.slice(first, end).map((row, index) => (
            <WaterfallRow
              key={row}
              tree={tree}
              row={row}
              place={first + index}
              state={state}
              marks={marks}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const headHeight = 32;

function WaterfallHead({ tree, hidden }: { readonly tree: SpanTree; readonly hidden: number }) {
  return (
    <thead>
      <tr className="waterfall-head" aria-rowindex={1}>
        <th scope="col" className="waterfall-name">
          Service and operation
          {hidden > 0 && <span className="soft"> · {plural(hidden, 'span')} collapsed</span>}
        </th>
        <th scope="col" className="waterfall-times" aria-label="Time since the start of the trace">
          {axisTicks(tree.duration).map((tick) => (
            <span key={tick} className="tick" style={{ left: `${(100 * tick) / tree.duration}%` }}>
              {formatDuration(tick)}
            </span>
          ))}
        </th>
      </tr>
    </thead>
  );
}

type KeyTarget = Pick<
  WaterfallState,
  'rows' | 'current' | 'collapsed' | 'toggle' | 'open' | 'stand'
>;

/** Keys that only mean something while the waterfall has the focus. */
export function onWaterfallKey(
  event: Pick<KeyboardEvent, 'key' | 'preventDefault'>,
  tree: SpanTree,
  state: KeyTarget,
): void {
  const act = waterfallAction(event.key, tree, state);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function waterfallAction(key: string, tree: SpanTree, state: KeyTarget): (() => void) | undefined {
  const { rows, current, collapsed } = state;
  if (key === 'ArrowDown') return () => state.stand(neighbour(rows, current, 1));
  if (key === 'ArrowUp') return () => state.stand(neighbour(rows, current, -1));
  if (current < 0) return undefined;
  const closed = collapsed.has(current);
  if (key === 'Enter') return () => state.open(current);
  if (key === 'ArrowRight' && closed) return () => state.toggle(current);
  if (key !== 'ArrowLeft' || closed) return undefined;
  if (hasChildren(tree, current)) return () => state.toggle(current);
  return () => state.stand(Math.max(0, tree.parent[current] ?? 0));
}
