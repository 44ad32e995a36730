import type { Removal } from '@concordat/api';
import { timeAgo } from '@concordat/domain';

const WORDS = { yes: '✓ yes', no: '✕ no', 'cannot-tell': '? cannot tell' } as const;
const SIGNS = { yes: '✓', no: '✕', 'cannot-tell': '?' } as const;
const MOST = 10;

/** The answer for people: why, who promised it, and who called it when. */
export function describeRemoval(removal: Removal, now: Date): string {
  const { answer, provider, operations, field, reasons, environment } = removal;
  const what = [operations.join(', '), ...(field === null ? [] : [field])].join('  ');
  const where = environment === null ? '' : ` in ${environment}`;
  return [
    `${WORDS[answer]}: ${what} of ${provider}${where}`,
    ...reasons.map((reason) => `  ${SIGNS[reason.answer]} ${reason.sentence}`),
    ...part('promised by', removal.promisedBy.map(describePromise)),
    ...part(
      'declared to be received by',
      removal.receivers.map(({ pacticipant, version }) => `${pacticipant} ${version}`),
    ),
    ...part(
      'called by',
      removal.calledBy.map((caller) => describeCaller(caller, now)),
    ),
    ...part(
      'seen by live guards',
      removal.fieldUsage.map((usage) => describeField(usage, now)),
    ),
    ...unknownField(removal),
  ].join('\n');
}

function part(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length - MOST;
  return [
    `  ${title}`,
    ...lines.slice(0, MOST).map((line) => `      ${line}`),
    ...(more > 0 ? [`      … and ${more} more`] : []),
  ];
}

function describePromise(promise: Removal['promisedBy'][number]): string {
  const { consumer, versions, environments, interactions } = promise;
  const where = environments.length === 0 ? '' : ` (${environments.join(', ')})`;
  return `${consumer} ${versions.join(', ')}${where}: ${interactions.join(', ')}`;
}

function describeCaller(caller: Removal['calledBy'][number], now: Date): string {
  const { consumer, version, environment, count, lastSeen, exemplarTraceId } = caller;
  const who = [consumer, version, environment && `in ${environment}`].filter(Boolean).join(' ');
  const times = `${Math.round(count)} times in the window`;
  return `${who}: ${times}, last ${timeAgo(new Date(lastSeen), now)}, trace ${exemplarTraceId}`;
}

function describeField(usage: Removal['fieldUsage'][number], now: Date): string {
  const { consumer, field, present, read, lastSeen } = usage;
  const reads = read === null ? 'reading not watched' : `read ${read} times`;
  return `${consumer} ${field}: there ${present} times, ${reads}, last ${timeAgo(new Date(lastSeen), now)}`;
}

/** A misspelled field is nobody's need. */
function unknownField({ field, promisedBy, fieldUsage, knownFields }: Removal): readonly string[] {
  if (field === null || promisedBy.length + fieldUsage.length > 0) return [];
  const known = knownFields.length === 0 ? 'none' : knownFields.join(', ');
  return [`  No pact and no live guard knows ${field}; the pacts name ${known}.`];
}
