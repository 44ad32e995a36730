import type { EdgeDetail } from '@concordat/api';
import { useState } from 'react';
import { MoreRows } from '../parts/more-rows.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { formatCount } from '../words/format.ts';

const rowsAtOnce = 20;

/** What the consumer was doing when it called: the reason why there are calls. */
export function TriggerTable({ detail }: { readonly detail: EdgeDetail }) {
  const [limit, setLimit] = useState(rowsAtOnce);
  const { consumer, triggeredBy } = detail;
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">{consumer} was answering</th>
            <th scope="col">It called</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col">Last seen</th>
            <th scope="col">Trace</th>
          </tr>
        </thead>
        <tbody>
          {triggeredBy.slice(0, limit).map((trigger) => (
            <tr key={JSON.stringify([trigger.operation, trigger.kind, trigger.outbound])}>
              <td>
                <span className="tag">{trigger.kind}</span>{' '}
                <code className="operation">{trigger.operation}</code>
              </td>
              <td>
                <code className="operation">{trigger.outbound}</code>
              </td>
              <td className="number">{formatCount(trigger.calls)}</td>
              <td>
                <When at={trigger.lastSeen} />
              </td>
              <td>
                <TraceLink traceId={trigger.exemplarTraceId} of={trigger.operation} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MoreRows
        shown={Math.min(limit, triggeredBy.length)}
        total={triggeredBy.length}
        onMore={() => setLimit(limit + rowsAtOnce)}
      />
    </div>
  );
}
