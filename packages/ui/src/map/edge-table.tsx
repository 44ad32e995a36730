import type { Edge } from '@concordat/api';
import { useState } from 'react';
import { hrefTo, hrefWith, useSurroundings } from '../app/place.ts';
import { Link } from '../parts/link.tsx';
import { EdgePill, Service, TransportMark } from '../parts/marks.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Empty } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatMillis, formatShare } from '../words/format.ts';
import { edgeRank } from '../words/states.ts';
import { compareText, edgeId } from './graph.ts';

const rowsAtOnce = 200;

/** The same edges as rows, worst first. */
export function EdgeTable({ edges }: { readonly edges: readonly Edge[] }) {
  const { place } = useSurroundings();
  const [limit, setLimit] = useState(rowsAtOnce);
  if (edges.length === 0) {
    return (
      <Empty title="No edge passes the filter">
        <p>
          <Link to={hrefWith(place, { q: undefined, problems: false, focus: undefined })}>
            Show all
          </Link>
        </p>
      </Empty>
    );
  }
  const rows = sortEdges(edges);
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Consumer</th>
            <th scope="col">Provider</th>
            <th scope="col">Over</th>
            <th scope="col" className="number">
              Verified
            </th>
            <th scope="col" className="number">
              Used
            </th>
            <th scope="col" className="number">
              Findings
            </th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col" className="number">
              Failed
            </th>
            <th scope="col" className="number">
              p95
            </th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, limit).map((edge) => (
            <EdgeRow key={edgeId(edge)} edge={edge} />
          ))}
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

function EdgeRow({ edge }: { readonly edge: Edge }) {
  const { place } = useSurroundings();
  const { consumer, provider } = edge;
  const to = hrefTo(place, { view: 'integration', consumer, provider });
  return (
    <tr>
      <td>
        <EdgePill edge={edge} />
      </td>
      <td>
        <Link to={to} row label={`${consumer} to ${provider}`}>
          <Service name={consumer} />
        </Link>
      </td>
      <td>
        <Service name={provider} />
      </td>
      <td>
        <TransportMark transport={edge.transport} />
      </td>
      <td className="number">{ofPromised(edge.verified, edge.promised)}</td>
      <td className="number">{ofPromised(edge.used, edge.promised)}</td>
      <td className="number">{formatCount(edge.findings)}</td>
      <td className="number">{formatCount(edge.calls)}</td>
      <td className="number">{formatShare(edge.failed, edge.calls)}</td>
      <td className="number">{formatMillis(edge.latency?.p95)}</td>
      <td>
        <When at={edge.lastSeen} />
      </td>
    </tr>
  );
}

function ofPromised(count: number, promised: number): string {
  return promised === 0 ? '–' : `${formatCount(count)} of ${formatCount(promised)}`;
}

/** Worst state first, then most findings, then by name. */
export function sortEdges(edges: readonly Edge[]): Edge[] {
  return [...edges].sort(
    (a, b) =>
      edgeRank(a) - edgeRank(b) || b.findings - a.findings || compareText(edgeId(a), edgeId(b)),
  );
}
