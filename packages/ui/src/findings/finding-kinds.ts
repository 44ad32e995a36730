import type { FindingResource } from '@concordat/api';

export type FindingKind = FindingResource['kind'];

/** Every kind in the order filters show it, with its words. */
export const findingKinds: readonly (readonly [
  kind: FindingKind,
  label: string,
  meaning: string,
])[] = [
  ['broken-promise', 'Broken promise', 'A real answer or message failed its contract'],
  ['unpromised-status', 'Unpromised status', 'The operation is promised, this status is not'],
  ['uncovered-call', 'Uncovered call', 'A consumer calls what none of its pacts promises'],
  ['undeclared-event', 'Undeclared event', 'Seen on a channel, missing in the AsyncAPI document'],
  ['unrecorded-version', 'Unrecorded version', 'Runs, but was never recorded as deployed'],
  ['silent-version', 'Silent version', 'Recorded as deployed, sends nothing'],
  ['silent-event', 'Silent event', 'Declared in the AsyncAPI document, never seen'],
  ['not-seen', 'Not seen', 'Promised, and enough traffic to say that nobody uses it'],
  ['unknown-consumer', 'Unknown consumer', 'Calls, and no contract knows it'],
  ['unknown-provider', 'Unknown provider', 'Is called, and no contract knows it'],
];

export function findingLabel(kind: FindingKind): string {
  return findingKinds.find(([known]) => known === kind)?.[1] ?? kind;
}

export function findingMeaning(kind: FindingKind): string {
  return findingKinds.find(([known]) => known === kind)?.[2] ?? '';
}

/** How a finding is drawn: as drift (▲), as a gap in the contracts (?), or as something without traffic (○). */
export function findingTone(
  kind: FindingKind,
): 'drift' | 'uncontracted' | 'unused' | 'verification-failed' {
  switch (kind) {
    case 'broken-promise':
      return 'verification-failed';
    case 'uncovered-call':
    case 'undeclared-event':
    case 'unknown-consumer':
    case 'unknown-provider':
      return 'uncontracted';
    case 'not-seen':
    case 'silent-event':
    case 'silent-version':
      return 'unused';
    default:
      return 'drift';
  }
}
