import type { Edge } from '@concordat/api';
import { hrefTo, hrefWith, useSurroundings } from '../app/place.ts';
import { FactList } from '../parts/fact-list.tsx';
import { Link } from '../parts/link.tsx';
import { Service, StatePill, TransportMark } from '../parts/marks.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatDuration, formatShare } from '../words/format.ts';
import { stateReason, virtualMeaning } from '../words/states.ts';

/** The facts of one edge beside the map. */
export function EdgePanel({ edge }: { readonly edge: Edge }) {
  const { place } = useSurroundings();
  const { consumer, provider } = edge;
  return (
    <aside className="panel" aria-label={`${consumer} to ${provider}`}>
      <div className="panel-head">
        <StatePill state={edge.state} />
        <TransportMark transport={edge.transport} />
        <Link to={hrefWith(place, { edge: undefined })} className="close" label="Close the panel">
          ×
        </Link>
      </div>
      <h2 className="pair">
        <Service name={consumer} />
        <span className="pair-role">consumer of</span>
        <Service name={provider} />
      </h2>
      <p>{stateReason(edge)}</p>
      {edge.virtual && <p className="note">{virtualMeaning}.</p>}
      <FactList facts={edgeFacts(edge)} />
      <div className="panel-links">
        <Link
          to={hrefTo(place, { view: 'integration', consumer, provider })}
          className="button button-strong"
        >
          Open integration
        </Link>
        {edge.findings > 0 && (
          <Link to={hrefTo(place, { view: 'findings' }, { consumer, provider })} className="button">
            Findings
          </Link>
        )}
        {edge.calls > 0 && (
          <Link to={hrefTo(place, { view: 'traces' }, { service: provider })} className="button">
            Traces
          </Link>
        )}
      </div>
    </aside>
  );
}

function edgeFacts(edge: Edge) {
  return [
    ['Promised', formatCount(edge.promised)],
    [
      'Verified',
      edge.promised === 0 ? '–' : `${formatCount(edge.verified)} of ${formatCount(edge.promised)}`,
    ],
    ['Used', usageWords(edge)],
    ['Open findings', formatCount(edge.findings)],
    ['Calls', formatCount(edge.calls)],
    [
      'Failed',
      edge.calls === 0
        ? '–'
        : `${formatCount(edge.failed)} (${formatShare(edge.failed, edge.calls)})`,
    ],
    ['Mean duration', edge.meanDuration === null ? '–' : formatDuration(edge.meanDuration * 1000)],
    ['First seen', <When key="first" at={edge.firstSeen} />],
    ['Last seen', <When key="last" at={edge.lastSeen} />],
    ['Environments', edge.environments.length === 0 ? '–' : edge.environments.join(', ')],
  ] as const;
}

/** How many promises are used, and what is known of the rest. */
export function usageWords(edge: Edge): string {
  if (edge.promised === 0) return '–';
  const parts = [`${formatCount(edge.used)} of ${formatCount(edge.promised)}`];
  if (edge.notSeen > 0) parts.push(`${formatCount(edge.notSeen)} not seen`);
  if (edge.noEvidence > 0) parts.push(`${formatCount(edge.noEvidence)} without evidence`);
  return parts.join(', ');
}
