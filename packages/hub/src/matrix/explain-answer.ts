import {
  type Blocker,
  type BlockerExplanation,
  type ContentHistory,
  deploymentBlockers,
  explainBlocker,
  type JudgedRow,
  type KeptLast,
  type ReportedMismatch,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import type { MatrixAnswer } from './answer-question.ts';
import { BlockerStore } from './blocker-store.ts';
import { NUMBER_OFFSET } from './matrix-row-store.ts';

/** Nobody reads more at once; the verdict's own reasons are always complete. */
const EXPLAINED = 50;

/** An interaction that failed, or of which the pact says that it may. */
export interface FailedInteraction {
  readonly id: string | undefined;
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly isPending: boolean;
  readonly mismatches: readonly ReportedMismatch[];
  readonly lastKept: KeptLast | undefined;
  readonly traceId: string | undefined;
}

/** What a result says about its interactions; `told` is false when the verifier said nothing about them. */
export interface FailedInteractions {
  readonly total: number;
  readonly told: boolean;
  readonly failed: readonly FailedInteraction[];
}

/** What the matrix itself does not know. */
export interface ExplanationSources {
  readonly db: Database;
  readonly failedInteractions: (verificationId: number) => Promise<FailedInteractions>;
  /** Whether a failure of the content would leave the build of that provider version green. */
  readonly isPending: (run: {
    readonly pactVersionId: number;
    readonly providerId: number;
    readonly providerVersionId: number;
  }) => Promise<boolean>;
  readonly now: Date;
}

export interface ExplainedBlocker {
  readonly blocker: Blocker;
  readonly explanation: BlockerExplanation;
  readonly history: ContentHistory | undefined;
  /** Undefined for what has no result. */
  readonly interactions: FailedInteractions | undefined;
}

/** Why the answer is as it is, each obstacle with what is known about it. */
export async function explainAnswer(
  { facts }: MatrixAnswer,
  sources: ExplanationSources,
): Promise<readonly ExplainedBlocker[]> {
  const explained: ExplainedBlocker[] = [];
  for (const blocker of deploymentBlockers(facts).slice(0, EXPLAINED)) {
    const history = await historyOf(blocker, sources);
    const interactions = await interactionsOf(blocker, sources);
    const keptLast = (interactions?.failed ?? []).flatMap(({ lastKept }) => lastKept ?? []);
    const context = { keptLast, destination: facts.destination, now: sources.now };
    const explanation = explainBlocker(blocker, { ...context, history: history ?? NO_HISTORY });
    explained.push({ blocker, explanation, history, interactions });
  }
  return explained;
}

const NO_HISTORY: ContentHistory = {
  publishedAt: '',
  results: [],
  providerLastSeen: undefined,
  wantedSince: undefined,
  isPending: undefined,
};

async function historyOf(
  blocker: Blocker,
  { db, isPending }: ExplanationSources,
): Promise<ContentHistory | undefined> {
  if (!('row' in blocker)) return undefined;
  const store = new BlockerStore(db);
  const content = await store.content(blocker.row);
  if (content === undefined) return undefined;
  const wanted = versionsOf(blocker);
  const newest = Math.max(...wanted);
  return {
    ...(await store.history(content, wanted)),
    isPending:
      wanted.length === 0 ? undefined : await isPending({ ...content, providerVersionId: newest }),
  };
}

function versionsOf(blocker: Extract<Blocker, { row: JudgedRow }>): readonly number[] {
  const { providerVersion } = blocker.row;
  if (providerVersion !== undefined) return [providerVersion.id];
  if (blocker.kind !== 'not-verified' || blocker.wanted === 'any') return [];
  return blocker.wanted.map(({ id }) => id);
}

async function interactionsOf(
  blocker: Blocker,
  { failedInteractions }: ExplanationSources,
): Promise<FailedInteractions | undefined> {
  if (!('row' in blocker) || blocker.row.verification === undefined) return undefined;
  return failedInteractions(blocker.row.verification.number - NUMBER_OFFSET);
}
