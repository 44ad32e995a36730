import { timeAgo } from '../diff/time-ago.ts';
import {
  type ContentHistory,
  type ContentResult,
  failingSince,
  newestSuccess,
} from './content-history.ts';
import type { Blocker } from './deployment-blockers.ts';
import type { MatrixDestination } from './matrix-selector.ts';

/** What a program can go by; the sentences say the same to people. */
export type BlockerSituation =
  | 'kept-by-newer-version'
  | 'unstable'
  | 'broken'
  | 'never-kept'
  | 'provider-absent'
  | 'verified-by-newer-version'
  | 'not-verified'
  | 'no-pact'
  | 'unknown-version'
  | 'pending-failure';

export interface BlockerExplanation {
  readonly situation: BlockerSituation;
  /** Whose turn it is; undefined when nothing has to be done. */
  readonly mustAct:
    | { readonly role: 'consumer' | 'provider' | 'pacticipant'; readonly name: string }
    | undefined;
  /** Since when it has been so, UTC text; undefined when that is not known. */
  readonly since: string | undefined;
  readonly sentences: readonly string[];
}

/** Who kept a broken interaction last, and when (UTC text). */
export interface KeptLast {
  readonly providerVersion: string;
  readonly verifiedAt: string;
}

export interface BlockerContext {
  readonly history: ContentHistory;
  /** Of the interactions that failed, those that a version kept before. */
  readonly keptLast: readonly KeptLast[];
  readonly destination: MatrixDestination;
  readonly now: Date;
}

type FailedBlocker = Extract<Blocker, { kind: 'failed' }>;
type UnverifiedBlocker = Extract<Blocker, { kind: 'not-verified' }>;

/** Says in plain words what happened, whose turn it is and what helps. */
export function explainBlocker(blocker: Blocker, context: BlockerContext): BlockerExplanation {
  switch (blocker.kind) {
    case 'failed':
      return explainFailure(blocker, context);
    case 'not-verified':
      return explainMissingResult(blocker, context);
    case 'no-pact': {
      const { consumer, provider } = blocker.pair;
      return {
        situation: 'no-pact',
        mustAct: { role: 'consumer', name: consumer.name },
        since: undefined,
        sentences: [
          `The version of ${consumer.name} that is asked about has published no pact with ${provider.name}.`,
          'Publish it under this very version, or ask about another one.',
        ],
      };
    }
    case 'unknown-version': {
      const { pacticipant } = blocker.reason.selector;
      return {
        situation: 'unknown-version',
        mustAct: { role: 'pacticipant', name: pacticipant },
        since: undefined,
        sentences: [
          'Nothing is known about it yet.',
          `Publish the pacts or verification results of ${pacticipant} under this very version first, or check how it is written.`,
        ],
      };
    }
    case 'pending-failure':
      return {
        situation: 'pending-failure',
        mustAct: undefined,
        since: failingSince(context.history.results),
        sentences: [
          'Only interactions failed that the pact marks as pending, which does not stand in the way.',
        ],
      };
  }
}

function explainFailure(
  { row, isProviderAsked }: FailedBlocker,
  { history, keptLast, destination, now }: BlockerContext,
): BlockerExplanation {
  const provider = row.provider.name;
  const kept = newestSuccess(history.results);
  const told = {
    mustAct: { role: 'provider', name: provider } as const,
    since: failingSince(history.results),
  };
  const pending = pendingSentences(provider, history);
  const own = row.providerVersion?.id ?? 0;
  if (kept !== undefined && kept.versionId > own) {
    return {
      ...told,
      situation: 'kept-by-newer-version',
      sentences: [
        `Version ${kept.version} of ${provider}, which is newer, keeps this pact (verified ${ago(kept.at, now)}).`,
        goFirst(destination, isProviderAsked),
      ],
    };
  }
  if (kept?.versionId === own) {
    return {
      ...told,
      situation: 'unstable',
      sentences: [
        `The same version of ${provider} kept this pact ${ago(kept.at, now)}: what it answers, or the state it answers from, changes from run to run.`,
      ],
    };
  }
  const before = keptBefore(kept, keptLast);
  if (before !== undefined) {
    return {
      ...told,
      situation: 'broken',
      sentences: [
        `Version ${before.providerVersion} of ${provider} kept it (${ago(before.verifiedAt, now)}), so ${provider} has broken it since and must be repaired.`,
        ...pending,
      ],
    };
  }
  return {
    ...told,
    situation: 'never-kept',
    sentences: [
      `No version of ${provider} has ever kept what failed; ${row.consumer.name} published it ${ago(history.publishedAt, now)}.`,
      `${provider} must learn it, or ${row.consumer.name} must take it back.`,
      ...pending,
    ],
  };
}

function keptBefore(
  kept: ContentResult | undefined,
  keptLast: readonly KeptLast[],
): KeptLast | undefined {
  if (kept !== undefined) return { providerVersion: kept.version, verifiedAt: kept.at };
  return keptLast[0];
}

/** A provider that does not fail because of a pending pact does not know that others wait for it. */
function pendingSentences(provider: string, { isPending }: ContentHistory): readonly string[] {
  if (isPending !== true) return [];
  return [
    `The pact is pending for ${provider}: if its build asks for pending pacts, it stays green in spite of the failure, so tell its team.`,
  ];
}

function explainMissingResult(
  { row, wanted, isProviderAsked }: UnverifiedBlocker,
  context: BlockerContext,
): BlockerExplanation {
  const { history, destination, now } = context;
  const provider = row.provider.name;
  const kept = newestSuccess(history.results);
  const told = {
    mustAct: { role: 'provider', name: provider } as const,
    since: laterOf(history.publishedAt, history.wantedSince),
  };
  const seen = lastSeen(provider, context);
  if (wanted !== 'any' && wanted.length === 0) {
    const help =
      kept === undefined
        ? [...neverVerified(row, context), ...seen]
        : [
            `Version ${kept.version} of ${provider} has verified this pact (${ago(kept.at, now)}). ${goFirst(destination, isProviderAsked)}`,
          ];
    return {
      ...told,
      situation: 'provider-absent',
      sentences: [
        `No version of ${provider} is ${placeOf(destination)}.`,
        ...help,
        `If ${provider} is not needed there yet, as in a first deployment, leave it out of the question: --ignore ${provider}`,
      ],
    };
  }
  const own = wanted === 'any' ? [] : wanted;
  if (kept !== undefined && own.length > 0 && own.every(({ id }) => kept.versionId > id)) {
    return {
      ...told,
      situation: 'verified-by-newer-version',
      sentences: [
        `Version ${kept.version} of ${provider}, which is newer, has verified this pact (${ago(kept.at, now)}).`,
        goFirst(destination, isProviderAsked),
      ],
    };
  }
  const which = own.length === 0 ? 'any version' : `version ${numbers(own)}`;
  return {
    ...told,
    situation: 'not-verified',
    sentences: [
      ...(kept === undefined
        ? neverVerified(row, context)
        : [`Version ${kept.version} of ${provider} verified it ${ago(kept.at, now)}.`]),
      `The build of ${which} of ${provider} must verify it and publish the result; its selectors must pick this pact.`,
      ...seen,
    ],
  };
}

function neverVerified(
  row: UnverifiedBlocker['row'],
  { history, now }: BlockerContext,
): readonly string[] {
  const [latest] = history.results;
  return [
    `No version of ${row.provider.name} has verified this pact yet; ${row.consumer.name} published it ${ago(history.publishedAt, now)}.`,
    ...(latest === undefined
      ? []
      : [`Version ${latest.version} tried it ${ago(latest.at, now)} and failed.`]),
  ];
}

/** A provider that stopped publishing is the usual cause of a result that never comes. */
function lastSeen(provider: string, { history, now }: BlockerContext): readonly string[] {
  const { providerLastSeen } = history;
  return [
    providerLastSeen === undefined
      ? `${provider} has never published a verification result.`
      : `${provider} published its last verification result, of whatever pact, ${ago(providerLastSeen, now)}.`,
  ];
}

function goFirst({ environment }: MatrixDestination, isProviderAsked: boolean): string {
  if (isProviderAsked) return 'Take that one instead.';
  return environment === undefined
    ? 'Take that one first.'
    : `Deploy that one to ${environment} first, and record it.`;
}

function placeOf({ environment, tag, mainBranch }: MatrixDestination): string {
  if (environment !== undefined) return `recorded in ${environment}`;
  if (tag !== undefined) return `tagged ${tag}`;
  return mainBranch === true ? 'on its main branch' : 'known';
}

function laterOf(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}

function numbers(versions: readonly { readonly number: string }[]): string {
  return versions.map(({ number }) => number).join(' or ');
}

function ago(at: string, now: Date): string {
  return timeAgo(new Date(at), now);
}
