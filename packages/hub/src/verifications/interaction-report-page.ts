import type { ReportedMismatch } from '@concordat/domain';
import { escapeHtml, htmlPage } from '../http/html.ts';
import type { ReportedVerdict } from './interaction-report.ts';
import type { ReportView } from './interaction-report-resource.ts';

const MARKS = { passed: '✓ kept', failed: '✕ broken', 'not-reported': '○ not reported' } as const;

/** The results by interaction for people; everything that verifiers wrote is text. */
export function reportPage({ content, verification, verdicts }: ReportView): string {
  const { consumer, provider } = content;
  const title = `${consumer} → ${provider} ${verification.providerVersion}: what was verified`;
  const verdict = verification.success ? 'successful' : 'failed';
  return htmlPage(title, [
    `<p>Result ${verification.number}, ${verdict}, of ${escapeHtml(verification.createdAt)}.</p>`,
    `<ol>${verdicts.map(interactionItem).join('\n')}</ol>`,
  ]);
}

/** The anchor is the interaction's id, so that others can link to it. */
function interactionItem(verdict: ReportedVerdict): string {
  const { id, description, providerStates, outcome, interaction, lastKept } = verdict;
  const states = providerStates.filter((state) => state !== '');
  const facts = [
    ...(states.length === 0 ? [] : [`given ${states.join(', ')}`]),
    ...(interaction === undefined ? ['not an interaction of this pact'] : [interaction.summary]),
    ...(interaction?.isPending === true ? ['pending: may fail'] : []),
    ...(lastKept === undefined
      ? []
      : [`last kept by version ${lastKept.providerVersion} on ${lastKept.verifiedAt}`]),
    ...verdict.mismatches.map(mismatchLine),
  ];
  const anchor = id === undefined ? '' : ` id="${escapeHtml(id)}"`;
  const list = facts.map((fact) => `<li><pre>${escapeHtml(fact)}</pre></li>`).join('');
  const heading = `${MARKS[outcome]}: ${description === '' ? (id ?? '') : description}`;
  return `<li${anchor}><h2>${escapeHtml(heading)}</h2><ul>${list}</ul></li>`;
}

function mismatchLine({ attribute, identifier, description }: ReportedMismatch): string {
  const place = [attribute, identifier].filter((part) => part !== undefined).join(' ');
  return place === '' ? description : `${place}: ${description}`;
}
