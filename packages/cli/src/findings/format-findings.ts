import type { FindingResource } from '@concordat/api';
import { describeFinding } from './describe-finding.ts';
import { type FileOf, sarifOf } from './sarif.ts';

export const findingFormats = ['text', 'json', 'sarif', 'markdown'] as const;
export type FindingFormat = (typeof findingFormats)[number];

/** All findings as one text. */
export function formatFindings(
  findings: readonly FindingResource[],
  format: FindingFormat,
  fileOf: FileOf,
): string {
  switch (format) {
    case 'json':
      return JSON.stringify({ findings });
    case 'sarif':
      return JSON.stringify(sarifOf(findings, fileOf), null, 2);
    case 'markdown':
      return markdownOf(findings);
    case 'text':
      return findings.length === 0
        ? '✓ No findings: traffic and contracts agree.'
        : findings.map(describeFinding).join('\n');
  }
}

function markdownOf(findings: readonly FindingResource[]): string {
  if (findings.length === 0) return '✓ No findings: traffic and contracts agree.';
  const rows = findings.map((finding) => {
    const { id, kind, state, consumer, provider, operation, environment, count } = finding;
    const peers = consumer === null ? provider : `${consumer} → ${provider}`;
    const cells = [kind, state, peers, operation ?? '', environment ?? '', String(count), id];
    return `| ${cells.map(cellOf).join(' | ')} |\n`;
  });
  const sentences = findings.map(({ kind, sentence }) => `- **${kind}** ${plain(sentence)}\n`);
  return `| kind | state | between | operation | environment | count | id |\n|---|---|---|---|---|---|---|\n${rows.join('')}\n${sentences.join('')}`.trimEnd();
}

function cellOf(text: string): string {
  return plain(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Names come from traffic: nothing of them may become markup. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#]/g, '\\$&');
}
