import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { formatDuration, plural } from '../words/format.ts';
import type { SpanTree } from './span-tree.ts';
import { hasChildren } from './span-tree.ts';
import type { WaterfallState } from './use-waterfall.ts';
import { WaterfallRow } from './waterfall-row.tsx';
import { axisTicks, rowHeight, rowWindow, scrollFor } from './waterfall-window.ts';

interface WaterfallProps {
  readonly tree: SpanTree;
  readonly state: WaterfallState;
}

/** Spans as a tree beside their times. Only rows in view are in the document. */
export function Waterfall({ tree, state }: WaterfallProps) {
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
      role="treegrid"
      aria-label="Spans"
      aria-rowcount={rows.length + 1}
      aria-colcount={2}
      tabIndex={0}
      aria-activedescendant={current >= 0 ? `span-${current}` : undefined}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={(event) => onWaterfallKey(event, tree, state)}
    >
      <WaterfallHead tree={tree} hidden={tree.spans.length - rows.length} />
      <div className="waterfall-rows" role="rowgroup" style={{ height: rows.length * rowHeight }}>
        {rows.slice(first, end).map((row, index) => (
          <WaterfallRow key={row} tree={tree} row={row} place={first + index} state={state} />
        ))}
      </div>
    </div>
  );
}

const headHeight = 32;

function WaterfallHead({ tree, hidden }: { readonly tree: SpanTree; readonly hidden: number }) {
  return (
    <div className="waterfall-head" role="row" aria-rowindex={1}>
      <span role="columnheader" className="waterfall-name">
        Service and operation
        {hidden > 0 && <span className="soft"> · {plural(hidden, 'span')} collapsed</span>}
      </span>
      <span
        role="columnheader"
        className="waterfall-times"
        aria-label="Time since the start of the trace"
      >
        {axisTicks(tree.duration).map((tick) => (
          <span key={tick} className="tick" style={{ left: `${(100 * tick) / tree.duration}%` }}>
            {formatDuration(tick)}
          </span>
        ))}
      </span>
    </div>
  );
}

/** Keys that only mean something while the waterfall has the focus. */
export function onWaterfallKey(
  event: Pick<KeyboardEvent, 'key' | 'preventDefault'>,
  tree: SpanTree,
  state: Pick<WaterfallState, 'rows' | 'current' | 'collapsed' | 'toggle' | 'open' | 'stand'>,
): void {
  const { rows, current, collapsed } = state;
  const at = rows.indexOf(current);
  const closed = collapsed.has(current);
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp': {
      const next =
        at < 0
          ? 0
          : Math.min(rows.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)));
      state.stand(rows[next] ?? -1);
      break;
    }
    case 'ArrowRight':
      if (!closed) return;
      state.toggle(current);
      break;
    case 'ArrowLeft':
      if (closed || current < 0) return;
      if (hasChildren(tree, current)) state.toggle(current);
      else state.stand(Math.max(0, tree.parent[current] ?? 0));
      break;
    case 'Enter':
      if (current < 0) return;
      state.open(current);
      break;
    default:
      return;
  }
  event.preventDefault();
}
