import {
  type AskedRow,
  type Blocker,
  deploymentBlockers,
  describeReason,
  type MatrixFacts,
  nothingToCompare,
  type Override,
  overrideFor,
  type RowJudgement,
} from '@concordat/domain';
import { HubError } from '../http/hub-error.ts';
import type { MatrixAnswer } from './answer-question.ts';
import { NUMBER_OFFSET } from './matrix-row-store.ts';

/** Where and when traffic is looked at. */
export interface TrafficPlace {
  readonly environment: string;
  readonly since: Date;
  readonly until: Date;
}

/** What the matrix itself does not know: what is called, and who has excused what. */
export interface TrafficGate {
  /** One judgement a row, in their order. */
  readonly judge: (
    rows: readonly AskedRow[],
    place: TrafficPlace,
  ) => Promise<readonly RowJudgement[]>;
  /** Those in force for an environment. */
  readonly overrides: (environment: string, now: Date) => Promise<readonly Override[]>;
}

interface Side {
  readonly name: string;
  readonly version: string | null;
}

/** Something that stands in the way; of an unknown version no side is known. */
export interface Obstacle {
  /** As the answer's notices say it. */
  readonly text: string;
  readonly consumer: Side | null;
  readonly provider: Side | null;
  /** The version that is asked about; undefined when none is known. */
  readonly asked: { readonly pacticipant: string; readonly version: string } | undefined;
  /** Undefined where there is no pact. */
  readonly row: AskedRow | undefined;
}

/** What stands in the way, in the order of the errors. */
export function obstaclesIn({ facts }: MatrixAnswer): readonly Obstacle[] {
  return deploymentBlockers(facts)
    .filter(({ kind }) => kind !== 'pending-failure')
    .map((blocker) => obstacleOf(blocker, facts));
}

function obstacleOf(blocker: Blocker, facts: MatrixFacts): Obstacle {
  const text = describeReason(blocker.reason);
  if (blocker.kind === 'failed' || blocker.kind === 'not-verified') {
    return rowObstacle(blocker, text, facts);
  }
  if (blocker.kind !== 'no-pact') {
    return { text, consumer: null, provider: null, asked: undefined, row: undefined };
  }
  const { consumer, provider } = blocker.pair;
  const [version] = versionsOf(consumer.id, facts);
  return {
    text,
    consumer: { name: consumer.name, version: version ?? null },
    provider: { name: provider.name, version: null },
    asked: version === undefined ? undefined : { pacticipant: consumer.name, version },
    row: undefined,
  };
}

type RowBlocker = Extract<Blocker, { kind: 'failed' | 'not-verified' }>;

function rowObstacle(blocker: RowBlocker, text: string, facts: MatrixFacts): Obstacle {
  const { row, isProviderAsked } = blocker;
  const { consumer, consumerVersion, provider, providerVersion, verification } = row;
  const [wantedVersion] = versionsOf(provider.id, facts);
  const providerNumber = providerVersion?.number ?? wantedVersion;
  const askedSide = isProviderAsked
    ? { pacticipant: provider.name, version: providerNumber }
    : { pacticipant: consumer.name, version: consumerVersion.number };
  const { version, pacticipant } = askedSide;
  return {
    text,
    consumer: { name: consumer.name, version: consumerVersion.number },
    provider: { name: provider.name, version: providerVersion?.number ?? null },
    asked: version === undefined ? undefined : { pacticipant, version },
    row: {
      consumer: consumer.name,
      consumerVersion: consumerVersion.number,
      provider: provider.name,
      asked: isProviderAsked ? 'provider' : 'consumer',
      otherVersions: otherVersions(row, facts),
      sha: row.sha,
      verification: verification === undefined ? undefined : verification.number - NUMBER_OFFSET,
      wanted:
        blocker.kind === 'failed' || blocker.wanted === 'any'
          ? []
          : blocker.wanted.map(({ id }) => id),
    },
  };
}

/** Versions of the same consumer whose pacts with the provider are rows of the same answer. */
function otherVersions(row: RowBlocker['row'], { rows }: MatrixFacts): readonly string[] {
  const others = rows.filter(
    (each) =>
      each.consumer.id === row.consumer.id &&
      each.provider.id === row.provider.id &&
      each.consumerVersion.id !== row.consumerVersion.id,
  );
  return [...new Set(others.map(({ consumerVersion }) => consumerVersion.number))];
}

/** The versions of a pacticipant that the question names. */
function versionsOf(pacticipantId: number, { selectors }: MatrixFacts): readonly string[] {
  return selectors.flatMap(({ versions, ...selector }) =>
    selector.pacticipantId === pacticipantId && selector.isSpecified && versions !== 'any'
      ? versions.map(({ number }) => number)
      : [],
  );
}

/** What traffic says about each obstacle; nothing about those that are no rows. */
export async function judgeObstacles(
  obstacles: readonly Obstacle[],
  place: TrafficPlace,
  gate: TrafficGate,
): Promise<readonly RowJudgement[]> {
  const rows = obstacles.flatMap(({ row }) => row ?? []);
  const judged = [...(rows.length === 0 ? [] : await gate.judge(rows, place))];
  return obstacles.map(({ row }) =>
    row === undefined ? nothingToCompare : (judged.shift() ?? nothingToCompare),
  );
}

/** Who has excused each obstacle, if anybody. */
export async function overridesOf(
  obstacles: readonly Obstacle[],
  where: { readonly environment: string; readonly now: Date },
  gate: TrafficGate,
): Promise<readonly (Override | undefined)[]> {
  const { environment, now } = where;
  if (obstacles.length === 0) return [];
  const overrides = await gate.overrides(environment, now);
  return obstacles.map(({ asked, consumer, provider }) => {
    if (asked === undefined || consumer === null || provider === null) return undefined;
    const pair = { ...asked, environment, consumer: consumer.name, provider: provider.name };
    return overrideFor(pair, overrides, now);
  });
}

/** Where the question asks about; those who mark environments by tags name them alike. */
export function environmentOf({ facts }: MatrixAnswer): string {
  const { environment, tag } = facts.destination;
  const name = environment ?? tag;
  if (name !== undefined) return name;
  throw new HubError('VALIDATION_FAILED', 'Traffic and overrides belong to an environment.', {
    errors: { environment: ['must be given, for traffic and overrides are those of one'] },
  });
}
