import type { FindingResource } from '@concordat/api';
import { useState } from 'react';
import { FindingLine } from '../findings/finding-card.tsx';
import { plural } from '../words/format.ts';

/** More would push the trace itself out of sight. */
const linesAtOnce = 2;

/** What is found in a trace, what concerns a pair of services first. */
export function TraceFindings({ findings }: { readonly findings: readonly FindingResource[] }) {
  const [all, showAll] = useState(false);
  if (findings.length === 0) return null;
  const ordered = [...findings].sort(
    (a, b) => Number(a.consumer === null) - Number(b.consumer === null),
  );
  const hidden = findings.length - linesAtOnce;
  return (
    <ul className="trace-findings" aria-label="Findings in this trace">
      {(all ? ordered : ordered.slice(0, linesAtOnce)).map((finding) => (
        <FindingLine key={finding.id} finding={finding} />
      ))}
      {hidden > 0 && !all && (
        <li>
          <button type="button" className="button button-quiet" onClick={() => showAll(true)}>
            {plural(hidden, 'more finding')}
          </button>
        </li>
      )}
    </ul>
  );
}
