import type { Edge } from '@concordat/api';
import { hrefTo, hrefWith, useSurroundings } from '../app/place.ts';
import { FactList } from '../parts/fact-list.tsx';
import { Link } from '../parts/link.tsx';
import { EdgePill, Service, TransportMark } from '../parts/marks.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatMillis, formatRate, formatShare } from '../words/format.ts';
import { isJudged, stateReason, virtualMeaning } from '../words/states.ts';
import { recentSeconds, recentWords } from './map-scene.ts';

interface EdgePanelProps {
  readonly edge: Edge;
  /** The same edge with the figures of the last minutes. */
  readonly recent: Edge | undefined;
}

/** The facts of one edge beside the map. */
export function EdgePanel({ edge, recent }: EdgePanelProps) {
  const { place } = useSurroundings();
  const { consumer, provider } = edge;
  // A database, a remote procedure and a guessed peer send no spans: their callers do.
  const spanned = edge.virtual || !isJudged(edge) ? consumer : provider;
  return (
    <aside className="panel" aria-label={`${consumer} to ${provider}`}>
      <div className="panel-head">
        <EdgePill edge={edge} />
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
      <FactList facts={[...recentFacts(recent), ...edgeFacts(edge)]} />
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
          <Link to={hrefTo(place, { view: 'traces' }, { service: spanned })} className="button">
            Traces
          </Link>
        )}
        {edge.calls > 0 && (
          <Link to={hrefTo(place, { view: 'service', service: spanned })} className="button">
            Monitor
          </Link>
        )}
      </div>
    </aside>
  );
}

function recentFacts(recent: Edge | undefined) {
  if (recent === undefined) return [];
  const { calls, errorRate, latency } = recent;
  const parts =
    calls === 0
      ? ['no call']
      : [
          formatRate(calls / recentSeconds),
          `${formatShare(errorRate, 1)} failed`,
          ...(latency === null ? [] : [`p95 ${formatMillis(latency.p95)}`]),
        ];
  return [[`In the ${recentWords}`, parts.join(' · ')] as const];
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
    ['Mean duration', formatMillis(edge.meanDuration)],
    ...latencyFacts(edge),
    ['First seen', <When key="first" at={edge.firstSeen} />],
    ['Last seen', <When key="last" at={edge.lastSeen} />],
    ['Environments', edge.environments.length === 0 ? '–' : edge.environments.join(', ')],
  ] as const;
}

/** Durations of both sides where they are known: the difference is the way between them. */
function latencyFacts({ latency, clientLatency, transitLatency, transport }: Edge) {
  const rows = [
    ['p50, p95, p99', latency],
    [transport === 'message' ? 'Sending took' : 'As the caller saw it', clientLatency],
    ['From sent to received', transitLatency],
  ] as const;
  return rows.flatMap(([name, values]) => {
    if (values === null) return [];
    const { p50, p95, p99 } = values;
    return [[name, [p50, p95, p99].map(formatMillis).join(' · ')] as const];
  });
}

/** How many promises are used, and what is known of the rest. */
export function usageWords(edge: Edge): string {
  if (edge.promised === 0) return '–';
  const parts = [`${formatCount(edge.used)} of ${formatCount(edge.promised)}`];
  if (edge.notSeen > 0) parts.push(`${formatCount(edge.notSeen)} not seen`);
  if (edge.noEvidence > 0) parts.push(`${formatCount(edge.noEvidence)} without evidence`);
  return parts.join(', ');
}
