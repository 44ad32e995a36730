import { useMemo, useState } from 'react';
import { hrefTo, setQuery, useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Service } from '../parts/marks.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Await } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatCount, formatDuration } from '../words/format.ts';
import {
  type ComparedSpan,
  type Comparison,
  compareTraces,
  type Difference,
} from './compare-traces.ts';
import type { Trace, TraceSpan } from './trace.ts';

interface ComparisonViewProps {
  readonly first: string;
  readonly second: string;
}

/** Two traces laid over each other: what only one of them did, and what took longer. */
export function ComparisonView({ first, second }: ComparisonViewProps) {
  const { place, client } = useSurroundings();
  const left = useResource(`trace ${first}`, () => client.trace(first, 'recorded'));
  const right = useResource(`trace ${second}`, () => client.trace(second, 'recorded'));
  const json = `${place.hub}api/traces?traceID=${encodeURIComponent(first)}&traceID=${encodeURIComponent(second)}&raw=true`;
  return (
    <>
      <ViewHead title="Two traces compared" json={json}>
        <p className="trace-facts">
          <TraceLink name="A" traceId={first} />
          <TraceLink name="B" traceId={second} />
          <Link to={hrefTo(place, { view: 'comparison', first: second, second: first })}>Swap</Link>
        </p>
      </ViewHead>
      <Await resource={left} what="trace A">
        {(a) => (
          <Await resource={right} what="trace B">
            {(b) => <ComparisonPage first={a} second={b} />}
          </Await>
        )}
      </Await>
    </>
  );
}

function TraceLink({ name, traceId }: { readonly name: string; readonly traceId: string }) {
  const { place } = useSurroundings();
  return (
    <span>
      <b>{name}</b>{' '}
      <Link to={hrefTo(place, { view: 'trace', traceId })}>
        <code>{traceId}</code>
      </Link>
    </span>
  );
}

const rowsAtOnce = 200;

/** The differences of two traces, in the order of the tree. */
function ComparisonPage({ first, second }: { readonly first: Trace; readonly second: Trace }) {
  const { place } = useSurroundings();
  const [limit, setLimit] = useState(rowsAtOnce);
  const comparison = useMemo(() => compareTraces(first, second), [first, second]);
  const only = place.query.get('only') === '1';
  const rows = only
    ? comparison.rows.filter(({ difference }) => difference !== 'same')
    : comparison.rows;
  const longest = Math.max(1, ...comparison.durations);
  return (
    <>
      <div className="tools">
        <p className="showing" role="status">
          {comparisonWords(comparison)}
        </p>
        <Toggle pressed={only} onToggle={() => setQuery(place, { only: !only })}>
          Differences only
        </Toggle>
      </div>
      {rows.length > 0 && (
        <div className="table-frame">
          <table className="comparison">
            <thead>
              <tr>
                <th scope="col">Service and operation</th>
                <th scope="col">Difference</th>
                <th scope="col" className="number">
                  A
                </th>
                <th scope="col" className="number">
                  B
                </th>
                <th scope="col" className="number">
                  B − A
                </th>
                <th scope="col">
                  <span className="hidden">Lengths to scale</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, limit).map((row, index) => (
                <ComparedRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: span ids may come twice, and the rows never change
                  key={index}
                  row={row}
                  longest={longest}
                  traces={[first.traceId, second.traceId]}
                />
              ))}
            </tbody>
          </table>
          <MoreRows
            shown={Math.min(limit, rows.length)}
            total={rows.length}
            onMore={() => setLimit(limit + rowsAtOnce)}
          />
        </div>
      )}
    </>
  );
}

/** `A took 40 ms, B 90 ms: 7 spans alike, 1 only in B, 2 longer in B.` */
export function comparisonWords({ counts, durations }: Comparison): string {
  const parts = differenceWords.flatMap(([difference, , words]) =>
    counts[difference] === 0 ? [] : [`${formatCount(counts[difference])} ${words}`],
  );
  return `A took ${formatDuration(durations[0])}, B ${formatDuration(durations[1])}: ${parts.join(', ') || 'no spans'}.`;
}

/** Words in a row and in the line above. */
const differenceWords: readonly (readonly [Difference, row: string, line: string])[] = [
  ['same', '', 'alike'],
  ['outcome', 'failed in one', 'failed in one only'],
  ['only-first', 'only in A', 'only in A'],
  ['only-second', 'only in B', 'only in B'],
  ['longer', 'longer in B', 'longer in B'],
  ['shorter', 'shorter in B', 'shorter in B'],
];

interface ComparedRowProps {
  readonly row: ComparedSpan;
  readonly longest: number;
  readonly traces: readonly [string, string];
}

function ComparedRow({ row, longest, traces }: ComparedRowProps) {
  const { first, second, difference, depth } = row;
  const span = first ?? second;
  if (span === undefined) return null;
  const words = differenceWords.find(([known]) => known === difference)?.[1];
  const by =
    first === undefined || second === undefined ? undefined : second.duration - first.duration;
  return (
    <tr className={`is-${difference}`}>
      <td style={{ paddingLeft: 10 + Math.min(depth, 20) * 14 }}>
        <Service name={span.service} /> {span.name}
      </td>
      <td>{words}</td>
      <SpanCell span={first} traceId={traces[0]} />
      <SpanCell span={second} traceId={traces[1]} />
      <td className="number">
        {by === undefined || by === 0 ? '–' : `${by > 0 ? '+' : ''}${formatDuration(by)}`}
      </td>
      <td className="lengths" aria-hidden="true">
        {[first, second].map((side, index) => (
          <span
            key={index === 0 ? 'a' : 'b'}
            className={index === 0 ? 'length-a' : 'length-b'}
            style={{
              width: `${side === undefined ? 0 : Math.max(0.5, (100 * side.duration) / longest)}%`,
            }}
          />
        ))}
      </td>
    </tr>
  );
}

function SpanCell({
  span,
  traceId,
}: {
  readonly span: TraceSpan | undefined;
  readonly traceId: string;
}) {
  const { place } = useSurroundings();
  if (span === undefined) return <td className="number soft">–</td>;
  return (
    <td className={span.failed ? 'number bad' : 'number'}>
      <Link to={hrefTo(place, { view: 'trace', traceId }, { span: span.spanId })} row>
        {formatDuration(span.duration)}
      </Link>
    </td>
  );
}
