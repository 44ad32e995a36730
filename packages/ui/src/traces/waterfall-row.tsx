import { memo } from 'react';
import { Glyph } from '../parts/glyph.tsx';
import { formatDuration } from '../words/format.ts';
import { serviceColour } from '../words/service-colour.ts';
import type { PathPiece } from './critical-path.ts';
import { hasChildren, type SpanTree } from './span-tree.ts';
import type { TraceSpan } from './trace.ts';
import type { WaterfallState } from './use-waterfall.ts';
import { barOf, rowHeight } from './waterfall-window.ts';

/** What is made out among the spans. */
export interface WaterfallMarks {
  /** Rows that the search found. */
  readonly matches: ReadonlySet<number>;
  /** Pieces of the critical path by row. */
  readonly path: ReadonlyMap<number, readonly PathPiece[]>;
}

interface WaterfallRowProps {
  readonly tree: SpanTree;
  readonly row: number;
  /** Its place among the visible rows. */
  readonly place: number;
  readonly state: WaterfallState;
  readonly marks: WaterfallMarks;
}

const deepest = 24;

export const WaterfallRow = memo(function WaterfallRow({
  tree,
  row,
  place,
  state,
  marks,
}: WaterfallRowProps) {
  const span = tree.spans[row];
  if (span === undefined) return null;
  const depth = tree.depth[row] ?? 0;
  const parent = hasChildren(tree, row);
  return (
    <tr
      id={`span-${row}`}
      className={rowClass({ row, span, state, marks })}
      aria-rowindex={place + 2}
      aria-level={depth + 1}
      aria-expanded={parent ? !state.collapsed.has(row) : undefined}
      aria-selected={row === state.selected}
      style={{ top: place * rowHeight }}
      onClick={() => state.open(row)}
    >
      <td className="waterfall-name" style={{ paddingLeft: 8 + Math.min(depth, deepest) * 14 }}>
        <Caret
          row={row}
          state={state}
          parent={parent}
          hidden={(tree.subtreeEnd[row] ?? row + 1) - row - 1}
        />
        <span
          className={`service-stripe service-${serviceColour(span.service)}`}
          aria-hidden="true"
        />
        {span.failed && (
          <span className="span-failed">
            <Glyph state="verification-failed" />
            <span className="hidden">failed</span>
          </span>
        )}
        {tree.notes.has(row) && (
          <span className="span-note" title={tree.notes.get(row)}>
            <Glyph state="drift" />
            <span className="hidden">{tree.notes.get(row)}</span>
          </span>
        )}
        <span className="span-label" title={`${span.service}: ${span.name}`}>
          <b>{span.service}</b> {span.name}
        </span>
      </td>
      <td className="waterfall-times">
        <QueueBar tree={tree} span={span} wait={tree.queued.get(row)} />
        <Bar tree={tree} span={span} />
        {marks.path.get(row)?.map((piece) => (
          <PathMark key={piece.from} tree={tree} piece={piece} />
        ))}
      </td>
    </tr>
  );
});

function rowClass(
  props: Pick<WaterfallRowProps, 'row' | 'state' | 'marks'> & { readonly span: TraceSpan },
): string {
  const { row, span, state, marks } = props;
  const classes = ['span-row'];
  if (row === state.selected) classes.push('is-selected');
  if (row === state.current) classes.push('is-current');
  if (span.failed) classes.push('is-failed');
  if (marks.matches.has(row)) classes.push('is-match');
  return classes.join(' ');
}

/** A piece of the time that the whole trace waited for this span. */
function PathMark({ tree, piece }: { readonly tree: SpanTree; readonly piece: PathPiece }) {
  const { left, width } = barOf({ start: piece.from, duration: piece.to - piece.from }, tree);
  return (
    <span
      className="path-mark"
      style={{ left: `${left}%`, width: `${width}%` }}
      title={`On the critical path for ${formatDuration(piece.to - piece.from)}`}
    />
  );
}

interface CaretProps {
  readonly row: number;
  readonly state: WaterfallState;
  readonly parent: boolean;
  readonly hidden: number;
}

function Caret({ row, state, parent, hidden }: CaretProps) {
  if (!parent) return <span className="caret" />;
  const closed = state.collapsed.has(row);
  return (
    <button
      type="button"
      className={closed ? 'caret is-closed' : 'caret'}
      tabIndex={-1}
      aria-label={closed ? `Expand ${hidden} spans` : 'Collapse'}
      onClick={(event) => {
        event.stopPropagation();
        state.toggle(row);
      }}
    >
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <path d="M2 3.5 5 6.5 8 3.5" />
      </svg>
    </button>
  );
}

interface BarProps {
  readonly tree: SpanTree;
  readonly span: TraceSpan;
}

function Bar({ tree, span }: BarProps) {
  const { left, width } = barOf(span, tree);
  const before = left + width > 80;
  return (
    <span
      className={`span-bar service-${serviceColour(span.service)}${before ? ' label-before' : ''}`}
      style={{ left: `${left}%`, width: `${width}%` }}
    >
      <span className="span-duration">{formatDuration(span.duration)}</span>
    </span>
  );
}

/** The time a message waited between producer and consumer. */
function QueueBar({ tree, span, wait }: BarProps & { readonly wait: number | undefined }) {
  if (wait === undefined) return null;
  const { left, width } = barOf({ start: span.start - wait, duration: wait }, tree);
  const words = `in queue ${formatDuration(wait)}`;
  return (
    <span className="queue-bar" style={{ left: `${left}%`, width: `${width}%` }} title={words}>
      <span className={width > 32 ? 'queue-words' : 'hidden'}>{words}</span>
    </span>
  );
}
