import {
  decideDeployment,
  type IgnoreSelector,
  type Integration,
  infersOthers,
  inMatrixOrder,
  isLatestBy,
  type JudgedRow,
  keepLatest,
  type MatrixFacts,
  type MatrixRow,
  type MatrixSelector,
  type MatrixVerdict,
  markIgnored,
  matrixDefects,
  mostRecent,
  type ResolvedSelector,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { HubError } from '../http/hub-error.ts';
import { MatrixStore } from './matrix-store.ts';
import { markPendingFailures } from './pending-failure-store.ts';
import type { MatrixQuestion } from './read-question.ts';
import { type Pacticipant, VersionStore } from './version-store.ts';

/** How many rows an answer shows when the question sets no limit; the verdict always rests on all of them. */
const SHOWN_ROWS = 100;

export interface MatrixAnswer {
  /** What the verdict rests on. */
  readonly facts: MatrixFacts;
  readonly verdict: MatrixVerdict;
  readonly rows: readonly JudgedRow[];
  readonly hasIgnored: boolean;
}

/** Answers a matrix question; one that makes no sense is refused with everything that is wrong with it. */
export async function answerQuestion(
  question: MatrixQuestion,
  db: Database,
  options: { readonly showsAllRows?: boolean; readonly versions?: VersionStore } = {},
): Promise<MatrixAnswer> {
  const { versions = new VersionStore(db) } = options;
  const known = await knownPacticipants(question, versions);
  const specified = await resolveSpecified(question, known, versions);
  const matrix = new MatrixStore(db);
  const infers = infersOthers(question.destination);
  const { integrations, others } =
    infers || specified.length === 1
      ? await matrix.integrationsOf(specified)
      : { integrations: await matrix.integrationsAmong(idsOf(specified)), others: [] };
  const inferred = infers ? await resolveInferred(question, others, versions) : [];
  const selectors = [...specified, ...inferred];
  const rows = await findRows(question, selectors, {
    db,
    matrix,
    showsAllRows: options.showsAllRows,
  });
  const ignored = await ignoreSelectors(question, known, versions);
  const facts: MatrixFacts = {
    selectors,
    ignored,
    destination: question.destination,
    integrations: required(integrations),
    rows: rows.all,
  };
  return {
    facts,
    verdict: decideDeployment(facts),
    rows: markIgnored(rows.shown, ignored),
    hasIgnored: question.ignored.length > 0,
  };
}

async function knownPacticipants(
  question: MatrixQuestion,
  versions: VersionStore,
): Promise<ReadonlyMap<string, Pacticipant>> {
  const named = [...question.selectors, ...question.ignored];
  const names = named.flatMap(({ pacticipant }) => pacticipant ?? []);
  const environments = [...question.selectors, question.destination].flatMap(
    ({ environment }) => environment ?? [],
  );
  const numbers = named.flatMap(({ version }) => version ?? []);
  await versions.learn({ pacticipants: names, environments, numbers });
  const pacticipants = await versions.pacticipants([...new Set(names)]);
  const known = new Map(pacticipants.map((pacticipant) => [pacticipant.name, pacticipant]));
  const defects = matrixDefects(question, {
    pacticipants: new Set(known.keys()),
    environments: await versions.environmentNames(environments),
  });
  if (defects.length > 0) {
    throw new HubError('VALIDATION_FAILED', 'The matrix question makes no sense.', {
      errors: defects,
    });
  }
  return known;
}

/** A main branch is spoken of by its name. */
async function resolveSpecified(
  { selectors }: MatrixQuestion,
  known: ReadonlyMap<string, Pacticipant>,
  versions: VersionStore,
): Promise<readonly ResolvedSelector[]> {
  const resolved: ResolvedSelector[] = [];
  for (const { pacticipant: name = '', ...rest } of selectors) {
    const pacticipant = known.get(name);
    if (pacticipant === undefined) continue;
    const selector = named({ pacticipant: name, ...rest }, pacticipant);
    resolved.push({
      selector,
      isSpecified: true,
      pacticipantId: pacticipant.id,
      versions: await versions.resolve(selector, pacticipant),
    });
  }
  return resolved;
}

async function resolveInferred(
  { destination }: MatrixQuestion,
  others: readonly Pacticipant[],
  versions: VersionStore,
): Promise<readonly ResolvedSelector[]> {
  if (others.length === 0) return [];
  const resolved = await versions.resolveAll(destination, others);
  return others.map((pacticipant) => ({
    selector: named({ pacticipant: pacticipant.name, ...destination }, pacticipant),
    isSpecified: false,
    pacticipantId: pacticipant.id,
    versions: resolved === 'any' ? 'any' : (resolved.get(pacticipant.id) ?? []),
  }));
}

function named(selector: MatrixSelector, { mainBranch }: Pacticipant): MatrixSelector {
  if (selector.mainBranch !== true || mainBranch === null) return selector;
  return { ...selector, branch: mainBranch };
}

interface FoundRows {
  readonly all: readonly MatrixRow[];
  readonly shown: readonly MatrixRow[];
}

async function findRows(
  { latestBy, success, limit }: MatrixQuestion,
  selectors: readonly ResolvedSelector[],
  context: {
    readonly db: Database;
    readonly matrix: MatrixStore;
    readonly showsAllRows: boolean | undefined;
  },
): Promise<FoundRows> {
  const isReduced = latestBy !== undefined && isLatestBy(latestBy);
  const found = await context.matrix.rows({ selectors, onlyLatest: isReduced });
  const limited = limit === undefined ? found : mostRecent(found, Number(limit));
  const ordered = inMatrixOrder(limited);
  const latest = isReduced ? keepLatest(ordered, latestBy) : ordered;
  const wanted =
    success === undefined
      ? latest
      : latest.filter((row) => success.includes(row.verification?.success ?? null));
  const all = await markPendingFailures(wanted, context.db);
  if (context.showsAllRows === true || limit !== undefined) return { all, shown: all };
  return { all, shown: inMatrixOrder(mostRecent(all, SHOWN_ROWS)) };
}

async function ignoreSelectors(
  { ignored }: MatrixQuestion,
  known: ReadonlyMap<string, Pacticipant>,
  versions: VersionStore,
): Promise<readonly IgnoreSelector[]> {
  const result: IgnoreSelector[] = [];
  for (const { pacticipant: name = '', version } of ignored) {
    const pacticipant = known.get(name);
    const found =
      pacticipant === undefined || version === undefined
        ? 'any'
        : await versions.resolve({ pacticipant: name, version }, pacticipant);
    result.push({
      pacticipant: name,
      version,
      isKnownPacticipant: pacticipant !== undefined,
      isKnownVersion: found === 'any' || found.length > 0,
    });
  }
  return result;
}

function required(integrations: readonly Integration[]): readonly Integration[] {
  return integrations.filter(({ isRequired }) => isRequired);
}

function idsOf(selectors: readonly ResolvedSelector[]): readonly number[] {
  return [...new Set(selectors.map(({ pacticipantId }) => pacticipantId))];
}
