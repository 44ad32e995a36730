import { useState } from 'react';
import { hrefTo, hrefWith, useSurroundings } from '../app/place.ts';
import { groupBy } from '../map/graph.ts';
import { Link } from '../parts/link.tsx';
import { Arrow, Service } from '../parts/marks.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Empty } from '../parts/states.tsx';
import { formatDuration, plural } from '../words/format.ts';
import { PromiseMark, usePairPromises } from './promise-card.tsx';
import { fitPromise, type PromisedInteraction } from './promise-fit.ts';
import type { SpanTree } from './span-tree.ts';
import { exchangeWords, type TraceCall } from './trace-calls.ts';

const rowsAtOnce = 200;

interface CallTableProps {
  readonly tree: SpanTree;
  readonly calls: readonly TraceCall[];
}

/** Every call between services, pair by pair, with the promise it used. */
export function CallTable({ tree, calls }: CallTableProps) {
  const [limit, setLimit] = useState(rowsAtOnce);
  if (calls.length === 0) {
    return (
      <Empty title="No call between services">
        <p>
          All spans come from one service, or the others did not pass on the trace: a call needs
          spans on both sides, the second naming the first as its parent.
        </p>
      </Empty>
    );
  }
  const pairs = groupBy(calls.slice(0, limit), (call) => `${call.consumer}\n${call.provider}`);
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Asked and answered</th>
            <th scope="col">Contract</th>
            <th scope="col">Interaction</th>
            <th scope="col" className="number">
              Took
            </th>
          </tr>
        </thead>
        {[...pairs].map(([key, group]) => (
          <PairRows key={key} tree={tree} calls={group} />
        ))}
      </table>
      <MoreRows
        shown={Math.min(limit, calls.length)}
        total={calls.length}
        onMore={() => setLimit(limit + rowsAtOnce)}
      />
    </div>
  );
}

function PairRows({ tree, calls }: CallTableProps) {
  const { place } = useSurroundings();
  const { consumer, provider } = calls[0] ?? { consumer: '', provider: '' };
  const promises = usePairPromises({ consumer, provider });
  return (
    <tbody>
      <tr className="pair-row">
        <th scope="rowgroup" colSpan={4}>
          <Link
            to={hrefTo(place, { view: 'integration', consumer, provider })}
            className="pair"
            row
          >
            <Service name={consumer} />
            <Arrow />
            <Service name={provider} />
          </Link>{' '}
          <span className="soft">{plural(calls.length, 'call')}</span>
        </th>
      </tr>
      {calls.map((call) => (
        <CallRow
          key={call.to}
          tree={tree}
          call={call}
          promises={promises.kind === 'ready' ? promises.value : undefined}
        />
      ))}
    </tbody>
  );
}

interface CallRowProps {
  readonly tree: SpanTree;
  readonly call: TraceCall;
  /** undefined: not known yet, or the hub could not say. */
  readonly promises: readonly PromisedInteraction[] | undefined;
}

function CallRow({ tree, call, promises }: CallRowProps) {
  const { place } = useSurroundings();
  const span = tree.spans[call.to];
  const fit = promises === undefined ? undefined : fitPromise(call.exchange, promises);
  return (
    <tr>
      <td>
        <Link to={hrefWith(place, { span: span?.spanId, part: undefined })} row>
          <code className="operation">{exchangeWords(call.exchange)}</code>
        </Link>
      </td>
      <td>{fit === undefined ? <span className="soft">…</span> : <PromiseMark fit={fit} />}</td>
      <td className="interaction">
        {fit !== undefined && 'interactions' in fit
          ? fit.interactions.map(({ description }) => description).join(' or ')
          : ''}
      </td>
      <td className="number">{formatDuration(span?.duration ?? 0)}</td>
    </tr>
  );
}
