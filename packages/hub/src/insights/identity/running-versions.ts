import type { VersionMapping } from '@concordat/domain';
import type { PromiseBook } from '../promise-book.ts';
import type { SentSighting } from '../version-store.ts';
import type { Identities } from './identities.ts';

/** A version of a pacticipant that was seen running, under the number that the broker knows. */
export interface RunningVersion {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  /** Microseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly sightings: number;
  readonly exemplarTraceId: string;
  /** As spans name it, the latest first. */
  readonly sentAs: readonly { readonly service: string; readonly version: string }[];
  /** How the latest of these was recognised. */
  readonly mapping: VersionMapping;
}

/** What was seen of pacticipants, put together where several names mean one version; the latest seen first. */
export async function runningVersions(
  sent: readonly SentSighting[],
  book: PromiseBook,
  identities: Identities,
): Promise<readonly RunningVersion[]> {
  const found = new Map<string, RunningVersion>();
  for (const sighting of sent) {
    const running = await runningVersion(sighting, book, identities);
    if (running === undefined) continue;
    const key = JSON.stringify([running.pacticipant, running.version, running.environment]);
    const known = found.get(key);
    found.set(key, known === undefined ? running : merged(known, running));
  }
  return [...found.values()].sort((left, right) => right.lastSeen - left.lastSeen);
}

async function runningVersion(
  sighting: SentSighting,
  book: PromiseBook,
  identities: Identities,
): Promise<RunningVersion | undefined> {
  const { service, version, isExact } = sighting;
  if (isExact && !identities.hasAlias(service)) {
    return running(sighting, { service, version }, { kind: 'exact', version });
  }
  const known = await identities.learn(book, { service, version, virtual: false });
  if (!book.isPacticipant(known.service)) return undefined;
  const named = { service: known.service, version: known.version ?? version };
  return running(sighting, named, identities.mappingOf(service, version));
}

function running(
  sighting: SentSighting,
  named: { readonly service: string; readonly version: string },
  mapping: VersionMapping,
): RunningVersion {
  const { service, version, environment, firstSeen, lastSeen } = sighting;
  return {
    ...{ pacticipant: named.service, version: named.version, environment },
    ...{ firstSeen, lastSeen, sightings: sighting.sightings },
    exemplarTraceId: sighting.exemplarTraceId,
    sentAs: [{ service, version }],
    mapping,
  };
}

function merged(later: RunningVersion, earlier: RunningVersion): RunningVersion {
  return {
    ...later,
    firstSeen: Math.min(later.firstSeen, earlier.firstSeen),
    sightings: later.sightings + earlier.sightings,
    sentAs: [...later.sentAs, ...earlier.sentAs],
  };
}
