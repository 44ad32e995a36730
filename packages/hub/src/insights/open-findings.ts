import {
  type Evidence,
  type EvidenceFloor,
  type Finding,
  type FindingNames,
  findingIdentity,
  findingSentence,
  unusedOperations,
} from '@concordat/domain';
import type { FindingDetail, FindingSighting } from './finding-store.ts';
import { findingId } from './finding-tally.ts';
import { edgeKey, type TrafficFacts } from './gather-facts.ts';
import { evidenceOf, type InteractionUsage, interactionUsage } from './interaction-usage.ts';
import type { PromiseBook } from './promise-book.ts';
import type { VersionSighting } from './version-store.ts';

export interface FindingSources {
  readonly book: PromiseBook;
  /** Of all time and everywhere. */
  readonly traffic: TrafficFacts;
  readonly floor: EvidenceFloor;
  readonly sightings: readonly FindingSighting[];
  readonly unrecorded: readonly VersionSighting[];
}

/** All open findings, the latest seen first: those that calls showed, and those that follow from counts and records. */
export function openFindings(sources: FindingSources): readonly Finding[] {
  return [
    ...sources.sightings.map((sighting) => seenFinding(sources, sighting)),
    ...notSeenFindings(sources),
    ...unrecordedVersions(sources),
  ].sort(
    (left, right) => right.lastSeen.localeCompare(left.lastSeen) || left.id.localeCompare(right.id),
  );
}

function seenFinding(sources: FindingSources, sighting: FindingSighting): Finding {
  const names: FindingNames = {
    kind: sighting.kind,
    consumer: sighting.consumer,
    provider: sighting.provider,
    environment: sighting.environment || undefined,
    operation: sighting.operation || undefined,
  };
  return findingOf(sources, {
    names,
    versions: {
      consumer: valuesOf(sighting.details, 'consumer-version'),
      provider: valuesOf(sighting.details, 'provider-version'),
    },
    statuses: valuesOf(sighting.details, 'status'),
    firstSeen: sighting.firstSeen,
    lastSeen: sighting.lastSeen,
    count: sighting.calls,
    exemplarTraceId: sighting.exemplarTraceId,
    evidence: pairEvidence(sources.traffic, sighting),
  });
}

function valuesOf(
  details: readonly FindingDetail[],
  name: FindingDetail['name'],
): readonly string[] {
  return details.filter((detail) => detail.name === name).map(({ value }) => value);
}

function pairEvidence(
  traffic: TrafficFacts,
  pair: { readonly consumer: string; readonly provider: string },
): Evidence {
  const { consumer, provider } = pair;
  const edges = (['http', 'message'] as const).map((transport) =>
    traffic.totals.get(edgeKey({ consumer, provider, transport })),
  );
  return evidenceOf(edges.filter((edge) => edge !== undefined));
}

function notSeenFindings(sources: FindingSources): readonly Finding[] {
  return sources.book.pairs().flatMap((pair) => {
    const pacts = sources.book.pactsBetween(pair, undefined);
    const { traffic, floor } = sources;
    const interactions = interactionUsage({ ...pair, pacts, traffic, floor });
    const unused = unusedOperations(
      interactions.map(({ interaction, usage }) => ({ operation: interaction.operation, usage })),
    );
    return unused.map((operation) => notSeen(sources, { ...pair, operation, interactions }));
  });
}

interface UnusedOperation {
  readonly consumer: string;
  readonly provider: string;
  readonly operation: string;
  readonly interactions: readonly InteractionUsage[];
}

/** Environment: the one that all traffic of the edge was in; none when there were several. */
function notSeen(sources: FindingSources, unused: UnusedOperation): Finding {
  const { consumer, provider, operation } = unused;
  const [first] = unused.interactions.filter(
    ({ interaction }) => interaction.operation === operation,
  );
  const key = edgeKey({ consumer, provider, transport: first?.interaction.transport ?? 'http' });
  const edge = sources.traffic.totals.get(key);
  const start = sources.traffic.starts.get(`${key}\n${first?.interaction.shape ?? ''}`);
  const environments = sources.traffic.environments.get(key) ?? [];
  const lastSeen = edge?.lastSeen ?? 0;
  return findingOf(sources, {
    names: {
      kind: 'not-seen',
      consumer,
      provider,
      environment: environments.length === 1 ? environments[0] : undefined,
      operation,
    },
    versions: {
      consumer: sources.book
        .pactsBetween({ consumer, provider }, undefined)
        .map(({ consumerVersion }) => consumerVersion),
      provider: [],
    },
    statuses: [],
    firstSeen: Math.min(start?.since ?? lastSeen, lastSeen),
    lastSeen,
    count: 0,
    exemplarTraceId: undefined,
    evidence: first?.evidence ?? pairEvidence(sources.traffic, { consumer, provider }),
  });
}

/** One finding for each service and environment, with all its versions. */
function unrecordedVersions(sources: FindingSources): readonly Finding[] {
  const { book } = sources;
  const groups = new Map<string, VersionSighting[]>();
  for (const sighting of sources.unrecorded) {
    const { service, environment } = sighting;
    if (book.isPacticipant(service) && book.knowsEnvironment(environment)) {
      const key = `${service}\n${environment}`;
      groups.set(key, [...(groups.get(key) ?? []), sighting]);
    }
  }
  return [...groups.values()].flatMap((sightings) => {
    const [latest] = sightings;
    return latest === undefined ? [] : [unrecordedVersion(sources, latest, sightings)];
  });
}

function unrecordedVersion(
  sources: FindingSources,
  latest: VersionSighting,
  sightings: readonly VersionSighting[],
): Finding {
  const firstSeen = Math.min(...sightings.map((sighting) => sighting.firstSeen));
  const lastSeen = Math.max(...sightings.map((sighting) => sighting.lastSeen));
  const count = sightings.reduce((sum, sighting) => sum + sighting.sightings, 0);
  return findingOf(sources, {
    names: {
      kind: 'unrecorded-version',
      consumer: undefined,
      provider: latest.service,
      environment: latest.environment,
      operation: undefined,
    },
    versions: { consumer: [], provider: sightings.map(({ version }) => version) },
    statuses: [],
    firstSeen,
    lastSeen,
    count,
    exemplarTraceId: latest.exemplarTraceId,
    evidence: { window: (lastSeen - firstSeen) / 1e6, calls: count, sampleRate: 1 },
  });
}

interface FoundFacts {
  readonly names: FindingNames;
  readonly versions: Finding['versions'];
  readonly statuses: readonly string[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly exemplarTraceId: string | undefined;
  readonly evidence: Evidence;
}

function findingOf(sources: FindingSources, found: FoundFacts): Finding {
  const { names, versions, evidence } = found;
  const pacts = sources.book.pactsBetween(
    { consumer: names.consumer ?? '', provider: names.provider },
    names.environment,
  );
  const promised = pacts
    .flatMap(({ compiled }) => compiled.interactions)
    .filter(({ operation, status }) => operation === names.operation && status !== undefined)
    .map(({ status }) => status ?? 0);
  // Where a not-seen promise was looked for may grow; it stays the same finding.
  const identity = names.kind === 'not-seen' ? { ...names, environment: undefined } : names;
  return {
    ...names,
    id: findingId(findingIdentity(identity)),
    versions,
    firstSeen: timeOf(found.firstSeen),
    lastSeen: timeOf(found.lastSeen),
    count: found.count,
    exemplarTraceId: found.exemplarTraceId,
    evidence,
    sentence: findingSentence({
      ...names,
      providerVersions: versions.provider,
      statuses: found.statuses,
      promisedStatuses: [...new Set(promised)].sort((left, right) => left - right),
      hasPact: pacts.length > 0,
      evidence,
    }),
  };
}

/** ISO 8601 of microseconds since the epoch. */
export function timeOf(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString();
}
