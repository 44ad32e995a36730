import type { EdgeDetail } from '@concordat/api';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { Glyph } from '../parts/glyph.tsx';
import { Link } from '../parts/link.tsx';
import { TransportMark } from '../parts/marks.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatMillis, formatShare, plural } from '../words/format.ts';
import { isJudged } from '../words/states.ts';
import { GuardWords } from './guard-words.tsx';

type Operation = EdgeDetail['operations'][number];

/** What really happened, operations that nobody promised first. */
export function ObservedOperations({ operations }: { readonly operations: readonly Operation[] }) {
  if (operations.length === 0) {
    return (
      <p className="soft">
        No call was seen between the two. Services without OpenTelemetry stay silent here.
      </p>
    );
  }
  const extra = operations.filter((operation) => !operation.promised && isJudged(operation));
  return (
    <>
      <p className={extra.length === 0 ? 'soft' : undefined}>{promiseWords(operations, extra)}</p>
      <div className="table-frame">
        <table className="wide">
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col">Promised</th>
              <th scope="col">Answers</th>
              <th scope="col" className="number">
                Calls
              </th>
              <th scope="col" className="number">
                Failed
              </th>
              <th scope="col" className="number">
                p50
              </th>
              <th scope="col" className="number">
                p95
              </th>
              <th scope="col">Last seen</th>
              <th scope="col">Trace</th>
            </tr>
          </thead>
          <tbody>
            {[...extra, ...operations.filter((operation) => !extra.includes(operation))].map(
              (operation) => (
                <OperationRow
                  key={`${operation.transport} ${operation.operation}`}
                  operation={operation}
                />
              ),
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

function promiseWords(operations: readonly Operation[], extra: readonly Operation[]): string {
  const judged = operations.filter(isJudged);
  if (judged.length === 0) {
    return 'Calls of databases and other remote procedures: no pact speaks of them.';
  }
  return extra.length === 0
    ? 'Every operation that was seen is promised by a pact.'
    : `${plural(extra.length, 'operation')} of ${formatCount(judged.length)} that no pact promises.`;
}

function OperationRow({ operation }: { readonly operation: Operation }) {
  const { place } = useSurroundings();
  const { exemplarTraceId, promised } = operation;
  return (
    <tr>
      <td>
        <code className="operation">{operation.operation}</code>
      </td>
      <td>
        {isJudged(operation) ? (
          <span className={`mark mark-${promised ? 'kept' : 'uncontracted'}`}>
            <Glyph state={promised ? 'kept' : 'uncontracted'} />
            {promised ? 'promised' : 'not promised'}
          </span>
        ) : (
          <TransportMark transport={operation.transport} />
        )}
      </td>
      <td>
        {statusWords(operation.statuses)}
        {operation.guard !== null && <GuardWords guard={operation.guard} />}
      </td>
      <td className="number">{formatCount(operation.calls)}</td>
      <td className="number">{formatShare(operation.failed, operation.calls)}</td>
      <td className="number">{formatMillis(operation.latency?.p50)}</td>
      <td className="number">{formatMillis(operation.latency?.p95)}</td>
      <td>
        <When at={operation.lastSeen} />
      </td>
      <td>
        {exemplarTraceId === null ? (
          <span className="soft">–</span>
        ) : (
          <Link
            to={hrefTo(place, { view: 'trace', traceId: exemplarTraceId })}
            row
            label={`Trace of ${operation.operation}`}
          >
            <code>{exemplarTraceId.slice(0, 8)}</code>
          </Link>
        )}
      </td>
    </tr>
  );
}

/** `201 × 40, 402 × 3`; a message and a call without an answer in words. */
export function statusWords(statuses: Readonly<Record<string, number>>): string {
  return Object.entries(statuses)
    .map(([status, count]) => {
      if (status === 'message') return `${plural(count, 'message')}`;
      return `${status === 'none' ? 'no answer' : status} × ${formatCount(count)}`;
    })
    .join(', ');
}
