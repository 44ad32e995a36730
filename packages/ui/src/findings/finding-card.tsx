import type { FindingResource } from '@concordat/api';
import { Fragment } from 'react';
import { hrefTo, useSurroundings } from '../app/place.ts';
import { Link } from '../parts/link.tsx';
import { Arrow, KindPill, Service } from '../parts/marks.tsx';
import { TraceLink } from '../parts/trace-link.tsx';
import { When } from '../parts/when.tsx';
import { formatCount, formatDuration, formatShare, plural } from '../words/format.ts';
import { Acknowledging } from './acknowledging.tsx';
import { findingMeaning, findingTone } from './finding-kinds.ts';
import { FindingHistory, FindingState } from './finding-life.tsx';

interface FindingCardProps {
  readonly finding: FindingResource;
  /** Leaves out the link to the integration where the card stands on its page. */
  readonly within?: boolean;
}

/** One finding with what it rests on and where to look. */
export function FindingCard({ finding, within }: FindingCardProps) {
  const { place } = useSurroundings();
  const { kind, consumer, provider, operation, environment, exemplarTraceId } = finding;
  return (
    <article className="finding">
      <header>
        <span title={findingMeaning(kind)}>
          <KindPill kind={kind} />
        </span>
        <span className="pair">
          {consumer !== null && (
            <>
              <Service name={consumer} />
              <Arrow />
            </>
          )}
          <Service name={provider} />
        </span>
        {operation !== null && <code className="operation">{operation}</code>}
        {environment !== null && <span className="tag">{environment}</span>}
        <span className="finding-count">
          {countWords(finding)} <When at={finding.lastSeen} />
        </span>
      </header>
      <p className="sentence">{finding.sentence}</p>
      <Particulars finding={finding} />
      <FindingState finding={finding} />
      <footer>
        <span>{evidenceWords(finding)}</span>
        {versionWords(finding).map((words) => (
          <span key={words}>{words}</span>
        ))}
        <span>
          First seen <When at={finding.firstSeen} />
        </span>
        <span className="finding-links">
          {exemplarTraceId !== null && (
            <Link
              to={hrefTo(place, { view: 'trace', traceId: exemplarTraceId })}
              className="button"
              row
            >
              Open trace
            </Link>
          )}
          {consumer !== null && within !== true && (
            <Link
              to={hrefTo(place, { view: 'integration', consumer, provider })}
              className="button"
              row
            >
              Open integration
            </Link>
          )}
          <Acknowledging finding={finding} />
        </span>
      </footer>
      <FindingHistory finding={finding} />
    </article>
  );
}

/** What was answered, what did not fit, and more traces to look at. */
function Particulars({ finding }: { readonly finding: FindingResource }) {
  const { statuses, mismatches, exemplarTraceId } = finding;
  const more = finding.exemplarTraceIds.filter((traceId) => traceId !== exemplarTraceId);
  return (
    <>
      {mismatches.length > 0 && (
        <ul className="mismatches">
          {mismatches.map(({ part, rule, pointer }) => (
            <li key={`${part} ${rule} ${pointer}`}>
              {part} <code>{pointer || 'whole'}</code> breaks {rule}
            </li>
          ))}
        </ul>
      )}
      {statuses.length > 0 && <p>Answered {statuses.join(', ')}</p>}
      {more.length > 0 && (
        <p>
          More traces:
          {more.map((traceId) => (
            <Fragment key={traceId}>
              {' '}
              <TraceLink traceId={traceId} of="the same" />
            </Fragment>
          ))}
        </p>
      )}
    </>
  );
}

/** One finding in one line, where something else is the matter. */
export function FindingLine({ finding }: { readonly finding: FindingResource }) {
  const { place } = useSurroundings();
  const { consumer, provider, kind, sentence } = finding;
  return (
    <li className="finding-line">
      <KindPill kind={kind} />
      <span className="finding-line-words" title={sentence}>
        {sentence}
      </span>
      {consumer !== null && (
        <Link to={hrefTo(place, { view: 'integration', consumer, provider })}>
          Open integration
        </Link>
      )}
    </li>
  );
}

/** How often it was seen and that a time follows; what is about absence was not seen but checked. */
export function countWords({ kind, count }: Pick<FindingResource, 'kind' | 'count'>): string {
  return findingTone(kind) === 'unused' ? 'last checked' : `${plural(count, 'time')} · last`;
}

/** `Evidence: 1,204 calls in 2 h 5 min, every call sampled`. */
export function evidenceWords({ evidence }: Pick<FindingResource, 'evidence'>): string {
  const sampled =
    evidence.sampleRate >= 1
      ? 'every call sampled'
      : `${formatShare(evidence.sampleRate, 1)} sampled`;
  return `Evidence: ${formatCount(evidence.calls)} ${evidence.calls === 1 ? 'call' : 'calls'} in ${formatDuration(evidence.window * 1_000_000)}, ${sampled}`;
}

/** The versions on both sides that are known. */
export function versionWords(
  finding: Pick<FindingResource, 'consumer' | 'provider' | 'versions'>,
): string[] {
  const sides = [
    [finding.consumer, finding.versions.consumer],
    [finding.provider, finding.versions.provider],
  ] as const;
  return sides.flatMap(([name, versions]) =>
    name === null || versions.length === 0 ? [] : [`${name} ${versions.join(', ')}`],
  );
}
