import type { Summary } from '@concordat/api';
import type { Resource } from '../data/resource.ts';
import { formatCount, plural } from '../words/format.ts';
import { findingCount } from './counts.ts';

/** Everything the hub knows in one line. */
export function SummaryLine({ summary }: { readonly summary: Resource<Summary> }) {
  if (summary.kind === 'loading') return <p className="summary">Asking the hub…</p>;
  if (summary.kind === 'failed') return <p className="summary">{summary.problem.title}</p>;
  const { value } = summary;
  return (
    <p className="summary">
      {summaryParts(value).map(([count, words]) => (
        <span key={words}>
          <b>{count}</b> {words}
        </span>
      ))}
    </p>
  );
}

/** Figure and words of each part of the line. */
export function summaryParts(summary: Summary): readonly (readonly [string, string])[] {
  const findings = findingCount(summary);
  return [
    split(plural(summary.services, 'service')),
    split(plural(summary.contracts, 'contract')),
    [formatCount(summary.interactions), 'promised'],
    [formatCount(summary.verified), 'verified'],
    [formatCount(summary.used), 'used'],
    split(plural(summary.calls, 'call')),
    split(plural(findings, 'finding')),
  ];
}

function split(text: string): readonly [string, string] {
  const space = text.indexOf(' ');
  return [text.slice(0, space), text.slice(space + 1)];
}
