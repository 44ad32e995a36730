import type { FindingResource } from '@concordat/api';
import { type KeyboardEvent, useEffect, useMemo } from 'react';
import { setQuery, useSurroundings } from '../app/place.ts';
import { SearchField, Toggle } from '../parts/fields.tsx';
import { formatCount } from '../words/format.ts';
import { type PathPiece, piecesByRow } from './critical-path.ts';
import { findSpans, spanTexts, stepMatch } from './find-spans.ts';
import { SpanPanel } from './span-panel.tsx';
import type { SpanTree } from './span-tree.ts';
import { useWaterfall, type WaterfallState } from './use-waterfall.ts';
import { Waterfall } from './waterfall.tsx';

interface TimelineProps {
  readonly tree: SpanTree;
  readonly pieces: readonly PathPiece[];
  readonly findings: readonly FindingResource[];
}

/** The waterfall with its search, and everything about the open span beside it. */
export function TimelinePage({ tree, pieces, findings }: TimelineProps) {
  const { place } = useSurroundings();
  const find = place.query.get('find') ?? '';
  const showPath = place.query.get('path') !== 'off';
  const waterfall = useWaterfall(tree);
  const searching = find !== '';
  const texts = useMemo(() => (searching ? spanTexts(tree) : []), [tree, searching]);
  const matches = useMemo(() => findSpans(texts, find), [texts, find]);
  const marks = useMemo(
    () => ({
      matches: new Set(matches),
      path: showPath ? piecesByRow(pieces) : new Map<number, PathPiece[]>(),
    }),
    [matches, pieces, showPath],
  );
  const row = waterfall.selected;
  const span = tree.spans[row];
  return (
    <>
      <TimelineTools
        find={find}
        matches={matches}
        state={waterfall}
        showPath={showPath}
        tree={tree}
      />
      <div className="trace-body">
        <Waterfall tree={tree} state={waterfall} marks={marks} />
        {span !== undefined && (
          <SpanPanel
            tree={tree}
            row={row}
            span={span}
            findings={findings.filter((finding) => concerns(finding, span.service))}
            onClose={waterfall.close}
          />
        )}
      </div>
    </>
  );
}

interface TimelineToolsProps {
  readonly find: string;
  readonly matches: readonly number[];
  readonly state: WaterfallState;
  readonly showPath: boolean;
  readonly tree: SpanTree;
}

function TimelineTools({ find, matches, state, showPath, tree }: TimelineToolsProps) {
  const { place, takeCommands } = useSurroundings();
  const { current, reveal } = state;
  const go = (step: 1 | -1) => {
    const row = stepMatch(matches, current, step);
    if (row >= 0) reveal(row);
  };
  useEffect(
    () =>
      takeCommands((command) => {
        if (command !== 'next-match' && command !== 'previous-match') return false;
        const row = stepMatch(matches, current, command === 'next-match' ? 1 : -1);
        if (row >= 0) reveal(row);
        return true;
      }),
    [takeCommands, matches, current, reveal],
  );
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  };
  return (
    <div className="tools">
      <search className="span-search" onKeyDown={onKey}>
        <SearchField
          label="Find in this trace"
          value={find}
          onChange={(text) => setQuery(place, { find: text })}
        />
        {find !== '' && (
          <>
            <span className="showing" role="status">
              {matchWords(matches, current)}
            </span>
            <button
              type="button"
              className="button"
              aria-label="Previous match"
              disabled={matches.length === 0}
              onClick={() => go(-1)}
            >
              ↑
            </button>
            <button
              type="button"
              className="button"
              aria-label="Next match"
              disabled={matches.length === 0}
              onClick={() => go(1)}
            >
              ↓
            </button>
          </>
        )}
      </search>
      <Toggle
        pressed={showPath}
        onToggle={() => setQuery(place, { path: showPath ? 'off' : undefined })}
      >
        Critical path
      </Toggle>
      <ClocksToggle tree={tree} />
    </div>
  );
}

/** Only where clocks differ or spans share an id there is something to correct. */
function ClocksToggle({ tree }: { readonly tree: SpanTree }) {
  const { place } = useSurroundings();
  const aligned = tree.clocks === 'aligned';
  if (!aligned && tree.skewed.length === 0 && tree.sharedIds === 0) return null;
  return (
    <Toggle
      pressed={aligned}
      onToggle={() => setQuery(place, { clocks: aligned ? undefined : 'aligned' })}
    >
      Correct clocks and ids
    </Toggle>
  );
}

/** `3 of 17 matches`; before the first step only their number. */
export function matchWords(matches: readonly number[], current: number): string {
  if (matches.length === 0) return 'No match';
  const at = matches.indexOf(current);
  const words = matches.length === 1 ? 'match' : 'matches';
  const count = formatCount(matches.length);
  return at < 0 ? `${count} ${words}` : `${formatCount(at + 1)} of ${count} ${words}`;
}

function concerns(finding: FindingResource, service: string): boolean {
  return finding.consumer === service || finding.provider === service;
}
