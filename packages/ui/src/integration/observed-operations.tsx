import type { EdgeDetail } from '@concordat/api';
import { Mark, TransportMark } from '../parts/marks.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatMillis, formatShare, plural } from '../words/format.ts';
import { isJudged } from '../words/states.ts';
import { CanIRemove } from './can-i-remove.tsx';
import { GuardWords } from './guard-words.tsx';
import { VersionUsage } from './version-usage.tsx';

type Operation = EdgeDetail['operations'][number];

/** What really happened, operations that nobody promised first. */
export function ObservedOperations({ detail }: { readonly detail: EdgeDetail }) {
  const { operations } = detail;
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
                  provider={detail.provider}
                  operation={operation}
                />
              ),
            )}
          </tbody>
        </table>
      </div>
      <VersionUsage consumer={detail.consumer} provider={detail.provider} />
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

function OperationRow({
  provider,
  operation,
}: {
  readonly provider: string;
  readonly operation: Operation;
}) {
  const { exemplarTraceId, promised } = operation;
  return (
    <tr>
      <td>
        <code className="operation">{operation.operation}</code>
        {isJudged(operation) && <CanIRemove provider={provider} operation={operation.operation} />}
      </td>
      <td>
        {isJudged(operation) ? (
          <Mark state={promised ? 'kept' : 'uncontracted'}>
            {promised ? 'promised' : 'not promised'}
          </Mark>
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
        <TraceLink traceId={exemplarTraceId} of={operation.operation} />
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
