import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { CleanRunStore } from './clean-run-store.ts';
import type { PlannedClean } from './plan-clean.ts';
import { nothingRemoved, RemovalStore, type Removed } from './removal-store.ts';

/** Publications wait no longer than for one of these. */
const VERSIONS_AT_ONCE = 25;
const ROWS_AT_ONCE = 200;

export interface RemovalContext {
  readonly db: Database;
  readonly runUuid: string;
  /** The time until which the claim then counts; false when it is another's. */
  readonly prolong: (tx: Database) => Promise<boolean>;
  readonly isStopped: () => boolean;
}

/** Another hub has taken over, because this one was silent for too long. */
export class ClaimLostError extends Error {
  constructor() {
    super('Another hub has taken over the clean-up.');
    this.name = 'ClaimLostError';
  }
}

/**
 * Removes what was planned in small transactions, each whole by itself and each with the run's progress; answers what is gone. Between
 * two it rests as long as the last one took, so that requests get at least half of the time.
 */
export async function removePlanned(
  planned: PlannedClean,
  context: RemovalContext,
): Promise<Removed> {
  let removed = nothingRemoved;
  for (const step of stepsOf(planned)) {
    if (context.isStopped()) break;
    const start = performance.now();
    const before = removed;
    removed = await transact(context.db, async (tx) => {
      if (!(await context.prolong(tx))) throw new ClaimLostError();
      const after = added(before, await step(new RemovalStore(tx, planned.usedSince)));
      await new CleanRunStore(tx).progress(context.runUuid, after);
      return after;
    });
    await rest(performance.now() - start);
  }
  return removed;
}

type Step = (store: RemovalStore) => Promise<Removed>;

/** Branches first: their versions no longer head anything then. */
function stepsOf(planned: PlannedClean): readonly Step[] {
  const { decision, overwrittenPublications, overwrittenResults, orphanContents } = planned;
  const branches = decision.branches.map(({ id }) => id);
  const versions = decision.removed.map(({ versionId }) => versionId);
  return [
    ...chunks(branches, ROWS_AT_ONCE).map(
      (ids): Step =>
        (store) =>
          store.removeBranches(ids),
    ),
    ...chunks(versions, VERSIONS_AT_ONCE).map(
      (ids): Step =>
        (store) =>
          store.removeVersions(ids),
    ),
    ...chunks(overwrittenPublications, ROWS_AT_ONCE).map(
      (ids): Step =>
        (store) =>
          store.removePublications(ids),
    ),
    ...chunks(overwrittenResults, ROWS_AT_ONCE).map(
      (ids): Step =>
        (store) =>
          store.removeResults(ids),
    ),
    ...chunks(orphanContents, VERSIONS_AT_ONCE).map(
      (ids): Step =>
        (store) =>
          store.removeContents(ids),
    ),
  ];
}

function chunks(ids: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
    ids.slice(index * size, (index + 1) * size),
  );
}

function added(one: Removed, other: Removed): Removed {
  return {
    versions: one.versions + other.versions,
    branches: one.branches + other.branches,
    publications: one.publications + other.publications,
    contents: one.contents + other.contents,
    results: one.results + other.results,
  };
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
