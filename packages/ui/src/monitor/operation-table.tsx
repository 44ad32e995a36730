import type { ServiceDetail } from '@concordat/api';
import { useState } from 'react';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { Link } from '../parts/link.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { SortHead } from '../parts/sort-head.tsx';
import {
  formatCount,
  formatDuration,
  formatMillis,
  formatRate,
  formatShare,
  plural,
} from '../words/format.ts';
import { readSort, sortRows } from '../words/sort.ts';
import { ErrorShare, Millis } from './figures.tsx';
import { type OperationFigures, operationColumns, operationName } from './operation-figures.ts';
import { SparkBars, SparkLine } from './sparkline.tsx';
import { readRange } from './time-range.ts';

const rowsAtOnce = 100;

interface OperationTableProps {
  readonly figures: readonly OperationFigures[];
  readonly detail: ServiceDetail;
}

/** One row an operation: what it costs the service, how often it is asked, how it answers. */
export function OperationTable({ figures, detail }: OperationTableProps) {
  const { place } = useSurroundings();
  const [limit, setLimit] = useState(rowsAtOnce);
  const sort = readSort(place.query.get('sort'), operationColumns, {
    column: 'impact',
    falling: true,
  });
  const head = { sort };
  return (
    <div className="table-frame">
      <table className="operations">
        <thead>
          <tr>
            <SortHead {...head} column="name" label="Operation" text />
            <SortHead {...head} column="rate" label="Rate" />
            <th scope="col">Calls and errors</th>
            <SortHead {...head} column="errors" label="Errors" />
            <SortHead {...head} column="p50" label="p50" />
            <SortHead {...head} column="p95" label="p95" />
            <SortHead {...head} column="p99" label="p99" />
            <th scope="col">p95 over time</th>
            <SortHead
              {...head}
              column="impact"
              label="Impact"
              title="Calls times their mean duration: the part of the time that this operation takes"
            />
            <th scope="col">Traces</th>
          </tr>
        </thead>
        <tbody>
          {sortRows(figures, operationColumns, sort)
            .slice(0, limit)
            .map((row) => (
              <OperationRow
                key={`${row.operation.kind} ${row.operation.name}`}
                figures={row}
                detail={detail}
              />
            ))}
        </tbody>
      </table>
      <MoreRows
        shown={Math.min(limit, figures.length)}
        total={figures.length}
        onMore={() => setLimit(limit + rowsAtOnce)}
      />
    </div>
  );
}

interface OperationRowProps {
  readonly figures: OperationFigures;
  readonly detail: ServiceDetail;
}

function OperationRow({ figures, detail }: OperationRowProps) {
  const { operation, impact, steps } = figures;
  const { kind, calls, rate, errorRate, latency } = operation;
  const name = operationName(operation.name);
  const step = formatDuration(detail.step * 1_000_000);
  const highest = Math.max(...steps.p95.map((value) => value ?? 0));
  return (
    <tr>
      <td>
        <span className="operation-name">
          <span className="tag">{kind}</span>
          {name === undefined ? (
            <span title="More names than the hub keeps apart: a span name should not hold ids">
              all other operations
            </span>
          ) : (
            <code className="operation">{name}</code>
          )}
        </span>
      </td>
      <td className="number" title={plural(Math.round(calls), 'call')}>
        {formatRate(rate)}
      </td>
      <td>
        <SparkBars
          values={steps.calls}
          failed={steps.errors}
          words={`${plural(calls, 'call')}, up to ${formatCount(Math.max(...steps.calls))} in ${step}`}
        />
      </td>
      <td className="number">
        <ErrorShare rate={errorRate} />
      </td>
      <Millis value={latency?.p50} />
      <Millis value={latency?.p95} />
      <Millis value={latency?.p99} />
      <td>
        <SparkLine values={steps.p95} words={`p95 up to ${formatMillis(highest)}`} />
      </td>
      <td className="number">
        <span className="share" aria-hidden="true">
          <span style={{ width: `${100 * impact}%` }} />
        </span>{' '}
        {formatShare(impact, 1)}
      </td>
      <td>
        <TraceLinks figures={figures} service={detail.service} />
      </td>
    </tr>
  );
}

function TraceLinks({
  figures,
  service,
}: {
  readonly figures: OperationFigures;
  readonly service: string;
}) {
  const { place } = useSurroundings();
  const { exemplarTraceId } = figures.operation;
  const operation = operationName(figures.operation.name);
  const words = operation ?? 'other operations';
  return (
    <span className="operation-traces">
      {operation !== undefined && (
        <Link
          to={hrefTo(
            place,
            { view: 'traces' },
            { service, operation, lookback: readRange(place.query) },
          )}
          label={`Traces of ${words}`}
          row
        >
          search
        </Link>
      )}
      {exemplarTraceId !== null && (
        <Link
          to={hrefTo(place, { view: 'trace', traceId: exemplarTraceId })}
          label={`Latest trace of ${words}`}
        >
          <code>{exemplarTraceId.slice(0, 8)}</code>
        </Link>
      )}
    </span>
  );
}
