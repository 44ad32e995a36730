import type { Caller, InteractionUsage, OperationUsage, VersionUsage } from '@concordat/api';
import type { EvidenceFloor } from '@concordat/domain';
import { judgeUsage } from '@concordat/domain';
import type { DeclaredContract } from '../provider-contracts-in-force.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { GroupedPromise, OperationGroup } from './operation-groups.ts';
import { groupBy, judgePromise, type VersionVerdict } from './promise-usage.ts';
import { type LookedAt, lookedAt, type UsageVerdict, usesOf, verdictOf } from './usage-evidence.ts';
import type { ProviderPlace } from './usage-ledger.ts';

/** One operation as `/insights/usage` tells it. */
export function operationUsage(group: OperationGroup, place: ProviderPlace): OperationUsage {
  const { operation, transport, declared, promises, calls } = group;
  const interactions = promises.map((promise) => interactionOf(promise, place));
  const verdict = judgeOperation(group, place, interactions);
  const promising = new Set(promises.map(({ ledger }) => ledger.consumer));
  return {
    provider: place.provider,
    operation,
    transport,
    promised: promises.length > 0,
    declaredBy: declared === undefined ? [] : declaredBy(place.documents, declared.key),
    ...seenOf(verdict, place.floor),
    exemplarTraceIds: [...verdict.exemplarTraceIds],
    interactions,
    callers: callersOf(calls, promising),
  };
}

function declaredBy(
  documents: readonly DeclaredContract[],
  key: string,
): OperationUsage['declaredBy'] {
  return documents
    .filter(({ operations }) => operations.some((operation) => operation.key === key))
    .map(({ specification, providerVersion }) => ({
      specification,
      providerVersion,
      operation: key,
    }));
}

/**
 * By all traffic of its transport to the provider: every call has an operation, whoever made it. What is promised is not called unseen
 * while one of its consumers has shown too little.
 */
function judgeOperation(
  { operation, transport, calls }: OperationGroup,
  place: ProviderPlace,
  interactions: readonly InteractionUsage[],
): UsageVerdict {
  const isReceived = operation.startsWith('receive ');
  const looked = place.calls.filter(
    (call) => call.transport === transport && call.operation.startsWith('receive ') === isReceived,
  );
  const verdict = verdictOf(usesOf(calls), lookedAt(looked), place.floor);
  const isDoubtful = interactions.some(({ usage }) => usage === 'no-evidence');
  return verdict.usage === 'not-seen' && isDoubtful
    ? { ...verdict, usage: judgeUsage(0, { window: 0, calls: 0, sampleRate: 1 }, place.floor) }
    : verdict;
}

function interactionOf(
  { ledger, promise }: GroupedPromise,
  place: ProviderPlace,
): InteractionUsage {
  const verdict = judgePromise(promise, ledger, place);
  const { description, providerStates, status } = promise.interaction;
  const versions = (verdicts: readonly VersionVerdict[]): VersionUsage[] =>
    verdicts.map((version) => versionOf(version, place.floor));
  return {
    consumer: ledger.consumer,
    description,
    providerStates: [...providerStates],
    status: status ?? null,
    ...seenOf(verdict, place.floor),
    exemplarTraceIds: [...verdict.exemplarTraceIds],
    promisedBy: promise.pacts.map(({ consumerVersion, sha, environments, verification }) => ({
      consumerVersion,
      sha,
      environments: [...environments],
      verification,
    })),
    consumerVersions: versions(verdict.consumerVersions),
    providerVersions: versions(verdict.providerVersions),
    indistinguishableFrom: [...promise.indistinguishableFrom],
    guarded: verdict.guarded ?? null,
  };
}

function versionOf(verdict: VersionVerdict, floor: EvidenceFloor): VersionUsage {
  return {
    version: verdict.version ?? null,
    environment: verdict.environment ?? null,
    ...seenOf(verdict, floor),
    exemplarTraceId: verdict.exemplarTraceIds[0] ?? null,
  };
}

type Seen = Pick<OperationUsage, 'usage' | 'count' | 'firstSeen' | 'lastSeen' | 'evidence'>;

function seenOf(verdict: UsageVerdict, floor: EvidenceFloor): Seen {
  const { usage, count, firstSeen, lastSeen, evidence } = verdict;
  return {
    usage,
    count,
    firstSeen: timeOf(firstSeen),
    lastSeen: timeOf(lastSeen),
    evidence: evidenceOf(evidence, floor),
  };
}

function evidenceOf(
  { window, calls, sampleRate, since }: LookedAt,
  floor: EvidenceFloor,
): OperationUsage['evidence'] {
  return {
    ...{ window, calls, sampleRate, since: timeOf(since) },
    floor: { calls: floor.minimumCalls, window: floor.minimumWindowSeconds },
  };
}

function callersOf(calls: readonly LedgerEntry[], promising: ReadonlySet<string>): Caller[] {
  const groups = groupBy(calls, ({ consumer, consumerVersion, providerVersion, environment }) =>
    [consumer, consumerVersion, providerVersion, environment].join('\n'),
  );
  return [...groups.values()]
    .flatMap((entries) => callerOf(entries, promising))
    .sort((left, right) => right.count - left.count);
}

function callerOf(entries: readonly LedgerEntry[], promising: ReadonlySet<string>): Caller[] {
  const [first] = entries;
  const { count, firstSeen, lastSeen, exemplarTraceIds } = usesOf(entries);
  if (first === undefined || firstSeen === undefined || lastSeen === undefined) {
    return [];
  }
  const statuses = groupBy(
    entries.filter(({ status }) => status !== ''),
    ({ status }) => status,
  );
  return [
    {
      consumer: first.consumer,
      consumerVersion: first.consumerVersion || null,
      providerVersion: first.providerVersion || null,
      environment: first.environment || null,
      promised: promising.has(first.consumer),
      count,
      statuses: Object.fromEntries(
        [...statuses].map(([status, group]) => [status, usesOf(group).count]),
      ),
      firstSeen: isoOf(firstSeen),
      lastSeen: isoOf(lastSeen),
      exemplarTraceId: exemplarTraceIds[0] ?? '',
    },
  ];
}

function timeOf(micros: number | undefined): string | null {
  return micros === undefined ? null : isoOf(micros);
}

function isoOf(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString();
}
