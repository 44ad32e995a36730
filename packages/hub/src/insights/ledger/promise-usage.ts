import { guardedShape, isGuardedShape, type PromisedInteraction } from '@concordat/conformance';
import type { EvidenceFloor } from '@concordat/domain';
import { type CompiledInForce, distinctInteractions, type PromiseBook } from '../promise-book.ts';
import type { PromiseStart } from '../promise-store.ts';
import type { LedgerEntry, PromiseEntry } from './ledger-entry.ts';
import { lookedAt, type UsageVerdict, unwatched, usesOf, verdictOf } from './usage-evidence.ts';

/** What the ledger has about one pair. */
export interface PairLedger {
  readonly consumer: string;
  readonly provider: string;
  readonly calls: readonly LedgerEntry[];
  readonly promises: readonly PromiseEntry[];
  /** By transport and shape. */
  readonly starts: ReadonlyMap<string, PromiseStart>;
}

/** One promise of a pair; whose it is and whether the pacts that speak in the environment have it. */
export interface PairPromise {
  readonly interaction: PromisedInteraction;
  readonly pacts: readonly CompiledInForce[];
  readonly isInForce: boolean;
  /** Descriptions of the promises that spans cannot tell from it. */
  readonly indistinguishableFrom: readonly string[];
}

export interface VersionVerdict extends UsageVerdict {
  readonly version: string | undefined;
  readonly environment: string | undefined;
}

export interface PromiseVerdict extends UsageVerdict {
  readonly consumerVersions: readonly VersionVerdict[];
  readonly providerVersions: readonly VersionVerdict[];
  readonly guarded: number | undefined;
}

interface Place {
  readonly book: PromiseBook;
  readonly floor: EvidenceFloor;
  readonly environment: string | undefined;
}

export function startKey({ transport, shape }: Pick<PromiseStart, 'transport' | 'shape'>): string {
  return `${transport}\n${shape}`;
}

/** Promises of the pacts that speak in the environment, then those that only other versions have and that were used. */
export function promisesOf(ledger: PairLedger, place: Place): readonly PairPromise[] {
  const { consumer, provider } = ledger;
  const speaking = new Set(place.book.pactsBetween({ consumer, provider }, place.environment));
  const used = new Set(ledger.promises.map(({ shape }) => shape));
  const all = distinctInteractions(place.book.allPactsBetween({ consumer, provider }))
    .map(({ interaction, pacts }) => {
      const isInForce = pacts.some((pact) => speaking.has(pact));
      return { interaction, pacts, isInForce };
    })
    .filter(({ interaction, isInForce }) => isInForce || used.has(interaction.shape));
  return all.map((promise) => ({
    ...promise,
    indistinguishableFrom: all
      .filter(
        ({ interaction }) =>
          interaction !== promise.interaction && interaction.shape === promise.interaction.shape,
      )
      .map(({ interaction }) => interaction.description),
  }));
}

export function judgePromise(
  promise: PairPromise,
  ledger: PairLedger,
  place: Place,
): PromiseVerdict {
  const { transport, shape } = promise.interaction;
  const start = ledger.starts.get(startKey({ transport, shape }));
  const calls = ledger.calls.filter((call) => call.transport === transport);
  const uses = ledger.promises.filter((entry) => entry.shape === shape);
  const judge = (used: readonly PromiseEntry[], looked: readonly LedgerEntry[]): UsageVerdict => {
    const evidence = start === undefined ? unwatched() : lookedAt(looked, start);
    return verdictOf(usesOf(used), evidence, place.floor);
  };
  const speaksFor = (version: string, environment: string): boolean =>
    isPromisedBy(promise, { ledger, place, version, environment });
  const byVersion = { calls, uses, judge };
  return {
    ...judge(uses, calls),
    consumerVersions: versionsOf('consumerVersion', { ...byVersion, speaksFor }),
    providerVersions: versionsOf('providerVersion', { ...byVersion, speaksFor: () => true }),
    guarded: guardedCount(promise, ledger.promises),
  };
}

interface VersionSources {
  readonly calls: readonly LedgerEntry[];
  readonly uses: readonly PromiseEntry[];
  readonly judge: (used: readonly PromiseEntry[], looked: readonly LedgerEntry[]) => UsageVerdict;
  readonly speaksFor: (version: string, environment: string) => boolean;
}

/** Each version in each environment by what it did itself; one that never had the promise is not held against it. */
function versionsOf(
  side: 'consumerVersion' | 'providerVersion',
  { calls, uses, judge, speaksFor }: VersionSources,
): readonly VersionVerdict[] {
  const keyOf = (entry: LedgerEntry | PromiseEntry): string =>
    `${entry[side]}\n${entry.environment}`;
  const looked = groupBy(calls, keyOf);
  const used = groupBy(uses, keyOf);
  return [...new Set([...used.keys(), ...looked.keys()])].flatMap((key) => {
    const [version = '', environment = ''] = key.split('\n');
    const mine = used.get(key) ?? [];
    if (mine.length === 0 && !speaksFor(version, environment)) {
      return [];
    }
    const verdict = judge(mine, looked.get(key) ?? []);
    const names = { version: version || undefined, environment: environment || undefined };
    return [{ ...verdict, ...names }];
  });
}

function isPromisedBy(
  { interaction }: PairPromise,
  asked: {
    readonly ledger: PairLedger;
    readonly place: Place;
    readonly version: string;
    readonly environment: string;
  },
): boolean {
  const { ledger, place } = asked;
  const pacts = place.book.pactsFor(ledger, {
    version: asked.version || undefined,
    environment: asked.environment || undefined,
  });
  return pacts.some(({ compiled }) =>
    compiled.interactions.some(({ shape }) => shape === interaction.shape),
  );
}

/** What the live guard told of promises that spans cannot tell apart is counted beside them, each by its own name. */
function guardedCount(
  { interaction, indistinguishableFrom }: PairPromise,
  entries: readonly PromiseEntry[],
): number | undefined {
  if (indistinguishableFrom.length === 0) {
    return undefined;
  }
  const told = entries.filter(({ shape }) => isGuardedShape(shape));
  const own = guardedShape(interaction);
  return told.length === 0 ? undefined : usesOf(told.filter(({ shape }) => shape === own)).count;
}

export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(item);
  }
  return groups;
}
