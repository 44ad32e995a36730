import type { EdgeDetail, OperationUsage } from '@concordat/api';
import { useState } from 'react';
import { useSurroundings } from '../app/place.ts';
import { useResource } from '../data/use-resource.ts';
import { Disclosure } from '../parts/disclosure.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Await } from '../parts/states.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { formatCount } from '../words/format.ts';

type Pair = Pick<EdgeDetail, 'consumer' | 'provider'>;

const rowsAtOnce = 50;

/** The same calls by versions and environment; asked when it is opened. */
export function VersionUsage(pair: Pair) {
  return (
    <Disclosure summary="By version and environment">
      <Usage {...pair} />
    </Disclosure>
  );
}

function Usage({ consumer, provider }: Pair) {
  const { client } = useSurroundings();
  const usage = useResource(`usage ${JSON.stringify([consumer, provider])}`, () =>
    client.usage(consumer, provider),
  );
  return (
    <Await resource={usage} what="who called what">
      {(operations) => <UsageTable pair={{ consumer, provider }} operations={operations} />}
    </Await>
  );
}

interface UsageTableProps {
  readonly pair: Pair;
  readonly operations: readonly OperationUsage[];
}

export function UsageTable({ pair, operations }: UsageTableProps) {
  const [limit, setLimit] = useState(rowsAtOnce);
  const rows = operations.flatMap(({ operation, callers }) =>
    callers
      .filter(({ consumer }) => consumer === pair.consumer)
      .map((caller) => ({ operation, ...caller })),
  );
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">{pair.consumer}</th>
            <th scope="col">{pair.provider}</th>
            <th scope="col">Environment</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col">Last seen</th>
            <th scope="col">Trace</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((row) => {
            const { operation, consumerVersion, providerVersion, environment } = row;
            return (
              <tr key={JSON.stringify([operation, consumerVersion, providerVersion, environment])}>
                <td>
                  <code className="operation">{operation}</code>
                </td>
                <td>{consumerVersion ?? '–'}</td>
                <td>{providerVersion ?? '–'}</td>
                <td>{environment ?? '–'}</td>
                <td className="number">{formatCount(row.count)}</td>
                <td>
                  <When at={row.lastSeen} />
                </td>
                <td>
                  <TraceLink traceId={row.exemplarTraceId} of={operation} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <MoreRows
        shown={Math.min(limit, rows.length)}
        total={rows.length}
        onMore={() => setLimit(limit + rowsAtOnce)}
      />
    </div>
  );
}
