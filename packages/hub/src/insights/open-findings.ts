import {
  type Evidence,
  type EvidenceFloor,
  type Finding,
  type FindingNames,
  findingIdentity,
  findingSentence,
  type GuardMismatch,
  readMismatch,
  unusedOperations,
} from '@concordat/domain';
import type { FindingDetail, FindingRecord } from './finding-store.ts';
import { findingId } from './finding-tally.ts';
import { silentEvents } from './findings/silent-events.ts';
import type { VersionDefects } from './findings/version-facts.ts';
import { versionFindings } from './findings/version-findings.ts';
import { edgeKey, type TrafficFacts } from './gather-facts.ts';
import { evidenceOf, type InteractionUsage, interactionUsage } from './interaction-usage.ts';
import type { PromiseBook } from './promise-book.ts';

export interface FindingSources {
  readonly book: PromiseBook;
  /** Of all time and everywhere. */
  readonly traffic: TrafficFacts;
  readonly floor: EvidenceFloor;
  /** What does not run as it was recorded. */
  readonly versions: readonly VersionDefects[];
}

/** A finding as traffic and contracts tell it, whatever became of it. */
export type DraftFinding = Omit<Finding, 'life'>;

/**
 * The findings that hold now and that no single call shows: they follow from counts and records. An operation that is called and
 * answered otherwise than promised (`shown` tells) is used, whatever its promises count.
 */
export function concludedFindings(
  sources: FindingSources,
  shown: readonly FindingRecord[],
): readonly DraftFinding[] {
  const called = new Set(
    shown.filter(({ kind }) => kind === 'unpromised-status').map(calledOperation),
  );
  return [
    ...notSeenFindings(sources, called),
    ...silentEvents(sources).map((found) => findingOf(sources, found)),
    ...versionFindings(sources.versions).map((found) => findingOf(sources, found)),
  ];
}

/** One that was concluded, as it was when that was last told. */
export function savedFinding({ said }: FindingRecord): DraftFinding {
  return JSON.parse(said) as DraftFinding;
}

/** One that calls showed, in the light of the contracts of now. */
export function describeFinding(sources: FindingSources, record: FindingRecord): DraftFinding {
  const names: FindingNames = {
    kind: record.kind,
    consumer: record.consumer || undefined,
    provider: record.provider,
    environment: record.environment || undefined,
    operation: record.operation || undefined,
  };
  return findingOf(sources, {
    names,
    versions: {
      consumer: valuesOf(record.details, 'consumer-version'),
      provider: valuesOf(record.details, 'provider-version'),
    },
    statuses: valuesOf(record.details, 'status'),
    mismatches: valuesOf(record.details, 'mismatch').flatMap((text) => readMismatch(text) ?? []),
    firstSeen: record.firstSeen,
    lastSeen: record.lastSeen,
    count: record.calls,
    exemplarTraceIds: record.exemplars,
    evidence: pairEvidence(sources.traffic, record),
  });
}

function valuesOf(
  details: readonly FindingDetail[],
  name: FindingDetail['name'],
): readonly string[] {
  return details.filter((detail) => detail.name === name).map(({ value }) => value);
}

/** Of an event, all that its sender sent. */
function pairEvidence(
  traffic: TrafficFacts,
  pair: { readonly consumer: string; readonly provider: string },
): Evidence {
  const { consumer, provider } = pair;
  if (consumer === '') {
    const sent = [...traffic.totals.values()].filter(
      (edge) => edge.provider === provider && edge.transport === 'message',
    );
    return evidenceOf(sent);
  }
  const edges = (['http', 'message'] as const).map((transport) =>
    traffic.totals.get(edgeKey({ consumer, provider, transport })),
  );
  return evidenceOf(edges.filter((edge) => edge !== undefined));
}

function calledOperation(called: {
  readonly consumer: string;
  readonly provider: string;
  readonly operation: string;
}): string {
  return JSON.stringify([called.consumer, called.provider, called.operation]);
}

function notSeenFindings(
  sources: FindingSources,
  called: ReadonlySet<string>,
): readonly DraftFinding[] {
  return sources.book.pairs().flatMap((pair) => {
    const pacts = sources.book.pactsBetween(pair, undefined);
    const { traffic, floor } = sources;
    const interactions = interactionUsage({ ...pair, pacts, traffic, floor });
    const unused = unusedOperations(
      interactions.map(({ interaction, usage }) => ({ operation: interaction.operation, usage })),
    );
    return unused
      .filter((operation) => !called.has(calledOperation({ ...pair, operation })))
      .map((operation) => notSeen(sources, { ...pair, operation, interactions }));
  });
}

interface UnusedOperation {
  readonly consumer: string;
  readonly provider: string;
  readonly operation: string;
  readonly interactions: readonly InteractionUsage[];
}

/** Environment: the one that all traffic of the edge was in; none when there were several. */
function notSeen(sources: FindingSources, unused: UnusedOperation): DraftFinding {
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
    firstSeen: Math.min(start?.since ?? lastSeen, lastSeen),
    lastSeen,
    count: 0,
    exemplarTraceIds: [],
    evidence: first?.evidence ?? pairEvidence(sources.traffic, { consumer, provider }),
  });
}

/** What is known of a finding before it is put into words. Times are microseconds. */
export interface FoundFacts {
  readonly names: FindingNames;
  readonly versions: Finding['versions'];
  readonly statuses?: readonly string[];
  readonly mismatches?: readonly GuardMismatch[];
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly exemplarTraceIds: readonly string[];
  readonly evidence: Evidence;
}

function findingOf(sources: FindingSources, found: FoundFacts): DraftFinding {
  const { names, versions, evidence, statuses = [], mismatches = [] } = found;
  const pacts = sources.book.pactsBetween(
    { consumer: names.consumer ?? '', provider: names.provider },
    names.environment,
  );
  const promised = pacts
    .flatMap(({ compiled }) => compiled.interactions)
    .filter(({ operation, status }) => operation === names.operation && status !== undefined)
    .map(({ status }) => status ?? 0);
  // Where a not-seen promise was looked for may grow; it stays the same finding.
  const isAnywhere = names.kind === 'not-seen' || names.kind === 'silent-event';
  const identity = isAnywhere ? { ...names, environment: undefined } : names;
  return {
    ...names,
    id: findingId(findingIdentity(identity)),
    versions,
    firstSeen: timeOf(found.firstSeen),
    lastSeen: timeOf(found.lastSeen),
    count: found.count,
    exemplarTraceId: found.exemplarTraceIds[0],
    exemplarTraceIds: found.exemplarTraceIds,
    ...{ statuses, mismatches },
    evidence,
    sentence: findingSentence({
      ...names,
      providerVersions: versions.provider,
      ...{ statuses, mismatches },
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
