/** No exception may outlive a quarter: what lasts longer is a decision about the contract. */
export const LONGEST_OVERRIDE_DAYS = 90;
const LONGEST_REASON = 1000;
const DAY_MS = 86_400_000;

/** Somebody's word that a version may go to an environment although a pair stands in the way. */
export interface Override {
  readonly id: string;
  /** What is to be deployed. */
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  /** The other side of the pair that is excused; without either all pairs are. */
  readonly consumer: string | undefined;
  readonly provider: string | undefined;
  readonly reason: string;
  readonly by: string;
  /** UTC text. */
  readonly createdAt: string;
  /** UTC text; from then on it does not count. */
  readonly until: string;
}

/** A pair that stands in the way of a version. */
export interface BlockedPair {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  readonly consumer: string;
  readonly provider: string;
}

/** The override that excuses the pair at that time, the one that names it before the one that excuses all. */
export function overrideFor(
  pair: BlockedPair,
  overrides: readonly Override[],
  now: Date,
): Override | undefined {
  const fitting = overrides.filter((override) => isInForce(override, now) && fits(override, pair));
  return (
    fitting.find(({ consumer, provider }) => (consumer ?? provider) !== undefined) ?? fitting[0]
  );
}

export function isInForce({ until }: Pick<Override, 'until'>, now: Date): boolean {
  return new Date(until) > now;
}

function fits(override: Override, pair: BlockedPair): boolean {
  return (
    override.pacticipant === pair.pacticipant &&
    override.version === pair.version &&
    override.environment === pair.environment &&
    (override.consumer ?? pair.consumer) === pair.consumer &&
    (override.provider ?? pair.provider) === pair.provider
  );
}

/** What somebody asks for. */
export interface AskedOverride {
  readonly pacticipant: string;
  readonly consumer: string | undefined;
  readonly provider: string | undefined;
  readonly reason: string;
  readonly until: Date;
}

/** Everything that is wrong with it, by member; empty when it may be kept. */
export function overrideDefects(
  asked: AskedOverride,
  now: Date,
): Readonly<Record<string, readonly string[]>> {
  const defects: Record<string, readonly string[]> = {};
  const { pacticipant, consumer, provider, reason } = asked;
  if (reason.trim() === '') defects.reason = ['must say why'];
  if (reason.length > LONGEST_REASON) {
    defects.reason = [`must have at most ${LONGEST_REASON} characters`];
  }
  const until = untilDefect(asked.until, now);
  if (until !== undefined) defects.until = [until];
  if (consumer !== undefined && provider !== undefined) {
    defects.consumer = ['name the other side of the pair only: the consumer or the provider'];
  } else if ((consumer ?? provider) === pacticipant) {
    defects[consumer === undefined ? 'provider' : 'consumer'] = [
      'must be the other side of the pair',
    ];
  }
  return defects;
}

function untilDefect(until: Date, now: Date): string | undefined {
  const time = until.getTime();
  if (Number.isNaN(time)) return 'must be a time, such as 2026-12-01 or 2026-12-01T12:00:00Z';
  if (time <= now.getTime()) return 'must be in the future';
  const latest = new Date(now.getTime() + LONGEST_OVERRIDE_DAYS * DAY_MS);
  return until > latest
    ? `must be within ${LONGEST_OVERRIDE_DAYS} days: ${latest.toISOString()} at the latest`
    : undefined;
}
