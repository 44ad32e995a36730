import {
  type CompiledPact,
  compilePact,
  guardedShape,
  type PromisedInteraction,
} from '@concordat/conformance';
import {
  type AskedRow,
  type EvidenceFloor,
  type FailingInteraction,
  type InteractionOutcome,
  judgeBlockedRow,
  type PromisedOperation,
  type RowJudgement,
} from '@concordat/domain';
import type { UsageLedger } from '../ledger/ledger-entry.ts';
import type { PromiseBook } from '../promise-book.ts';
import type { PromiseStore } from '../promise-store.ts';
import { SeenTrafficReader, type TrafficPlace } from './seen-traffic.ts';

export type RowPlace = TrafficPlace & { readonly environment: string };

/** What a result says about an interaction; `interaction` is the promise it is about, undefined when the result names none. */
export interface InteractionOutcomeOf {
  readonly interaction: InteractionName | undefined;
  readonly isPending: boolean;
  readonly outcome: InteractionOutcome;
}

export interface InteractionName {
  readonly description: string;
  readonly providerStates: readonly string[];
}

export interface RowSources {
  readonly ledger: UsageLedger;
  readonly promises: Pick<PromiseStore, 'between'>;
  /** JSON text of a content; undefined when there is none. */
  readonly contentOf: (pact: {
    readonly consumer: string;
    readonly provider: string;
    readonly sha: string;
  }) => Promise<string | undefined>;
  readonly book: () => Promise<PromiseBook>;
  /** Empty when the verifier told nothing. */
  readonly outcomesOf: (verification: number) => Promise<readonly InteractionOutcomeOf[]>;
  /** Those of a content that the versions have all kept as part of other contents. */
  readonly keptElsewhere: (row: AskedRow) => Promise<readonly InteractionName[]>;
  readonly floor: EvidenceFloor;
}

/** What traffic says about each row that stands in the way, in their order. */
export async function judgeRows(
  rows: readonly AskedRow[],
  place: RowPlace,
  sources: RowSources,
): Promise<readonly RowJudgement[]> {
  const book = await sources.book();
  const judged: RowJudgement[] = [];
  for (const row of rows) judged.push(await judgeRow(row, place, { ...sources, current: book }));
  return judged;
}

type Sources = RowSources & { readonly current: PromiseBook };

async function judgeRow(row: AskedRow, place: RowPlace, sources: Sources): Promise<RowJudgement> {
  const pact = compilePact((await sources.contentOf(row)) ?? '');
  const { failing, kept } = await failingOf(row, pact, sources);
  const running = runningShapes(row, place, sources.current);
  const reader = await SeenTrafficReader.open(sources, row, place);
  const names = failing.map(({ interaction }) => interaction);
  const described: FailingInteraction[] = [];
  for (const { interaction, outcome } of failing) {
    described.push({
      ...interaction,
      outcome,
      guardedShape: guardedShape(interaction),
      indistinguishableFrom: pact.interactions
        .filter((other) => other.shape === interaction.shape && !names.includes(other))
        .map(({ description }) => description),
      isPromisedByRunning: row.asked === 'provider' || running.has(interaction.shape),
      seen: await reader.of(interaction),
    });
  }
  return judgeBlockedRow({
    ...row,
    environment: place.environment,
    floor: sources.floor,
    keptElsewhere: kept,
    promised: promisedOperations([pact, ...pactsOfPair(row, sources.current)]),
    knownOperations: knownOperations(row.provider, sources.current),
    failing: described,
  });
}

interface Failing {
  readonly interaction: PromisedInteraction;
  readonly outcome: FailingInteraction['outcome'];
}

/** The interactions of the row that were not kept, and how many are left out because the version kept them elsewhere. */
async function failingOf(
  row: AskedRow,
  { interactions }: CompiledPact,
  sources: Sources,
): Promise<{ readonly failing: readonly Failing[]; readonly kept: number }> {
  if (row.verification === undefined) {
    const kept = new Set((await sources.keptElsewhere(row)).map(keyOf));
    const failing = interactions
      .filter((interaction) => !kept.has(keyOf(interaction)))
      .map((interaction) => ({ interaction, outcome: 'unverified' as const }));
    return { failing, kept: interactions.length - failing.length };
  }
  const outcomes = await sources.outcomesOf(row.verification);
  return { failing: failedIn(interactions, outcomes), kept: 0 };
}

function failedIn(
  interactions: readonly PromisedInteraction[],
  outcomes: readonly InteractionOutcomeOf[],
): readonly Failing[] {
  const told = new Map<string, Failing['outcome']>();
  for (const { interaction, isPending, outcome } of outcomes) {
    if (interaction === undefined || isPending || outcome === 'passed') continue;
    const key = keyOf(interaction);
    if (told.get(key) !== 'failed') told.set(key, outcome === 'failed' ? 'failed' : 'unverified');
  }
  const failing = interactions.flatMap((interaction) => {
    const outcome = told.get(keyOf(interaction));
    return outcome === undefined ? [] : [{ interaction, outcome }];
  });
  const isTold = failing.some(({ outcome }) => outcome === 'failed');
  const hasStranger = outcomes.some(
    ({ interaction, outcome }) => interaction === undefined && outcome === 'failed',
  );
  return isTold && !hasStranger
    ? failing
    : interactions.map((interaction) => ({ interaction, outcome: 'untold' }));
}

function keyOf({ description, providerStates }: InteractionName): string {
  return JSON.stringify([description, providerStates]);
}

function pactsOfPair(row: AskedRow, book: PromiseBook): readonly CompiledPact[] {
  return book.pactsBetween(row, undefined).map(({ compiled }) => compiled);
}

/** What the consumer's versions that are recorded there promise to need; the pact of the one that is asked about says nothing. */
function runningShapes(
  row: AskedRow,
  { environment }: RowPlace,
  book: PromiseBook,
): ReadonlySet<string> {
  const running = book
    .pactsBetween(row, environment)
    .filter(({ environments }) => environments.includes(environment));
  return new Set(
    running.flatMap(({ compiled }) => compiled.interactions.map(({ shape }) => shape)),
  );
}

function promisedOperations(
  pacts: readonly CompiledPact[],
): ReadonlyMap<string, PromisedOperation> {
  const found = new Map<string, { statuses: Set<number>; shapes: Set<string> }>();
  for (const { operation, status, shape } of pacts.flatMap(({ interactions }) => interactions)) {
    const known = found.get(operation) ?? { statuses: new Set(), shapes: new Set() };
    found.set(operation, known);
    known.shapes.add(shape);
    if (status !== undefined) known.statuses.add(status);
  }
  return new Map(
    [...found].map(([operation, { statuses, shapes }]) => [
      operation,
      { statuses: [...statuses], shapes: [...shapes] },
    ]),
  );
}

function knownOperations(provider: string, book: PromiseBook): ReadonlySet<string> {
  const pacts = book.pairs().filter((pair) => pair.provider === provider);
  return new Set([
    ...pacts
      .flatMap((pair) => book.pactsBetween(pair, undefined))
      .flatMap(({ compiled }) => compiled.interactions.map(({ operation }) => operation)),
    ...book.providerContracts
      .ofProvider(provider)
      .flatMap(({ operations }) => operations.map(({ key }) => key)),
  ]);
}
