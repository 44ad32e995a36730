import type { Edge, EdgeDetail, OperationGuard } from '@concordat/api';
import { type EvidenceFloor, edgeState, type Finding, latencyPercentiles } from '@concordat/domain';
import type { EdgeTotals, OperationTotals, Transport } from './call-count-store.ts';
import type { EdgeBuckets, OperationBuckets, SideBuckets } from './edge-latency-store.ts';
import { findingResource } from './finding-resource.ts';
import { edgeKey, type TrafficFacts } from './gather-facts.ts';
import { type InteractionVerification, interactionResource } from './interaction-resource.ts';
import { evidenceOf, type InteractionUsage, interactionUsage } from './interaction-usage.ts';
import { timeOf } from './open-findings.ts';
import type { OperationLink } from './operation-link-store.ts';
import { type PromiseBook, pairKey } from './promise-book.ts';

export interface EdgeSources {
  readonly book: PromiseBook;
  readonly traffic: TrafficFacts;
  readonly floor: EvidenceFloor;
  readonly findings: readonly Finding[];
  readonly environment: string | undefined;
  /** How long calls took, by `edgeKey`; empty where nobody asks. */
  readonly latencies: ReadonlyMap<string, SideBuckets>;
}

export function latenciesByEdge(edges: readonly EdgeBuckets[]): ReadonlyMap<string, SideBuckets> {
  return new Map(edges.map((edge) => [edgeKey(edge), edge.sides]));
}

interface Pair {
  readonly consumer: string;
  readonly provider: string;
}

const TRANSPORTS: readonly Transport[] = ['http', 'message', 'rpc', 'database'];

/** Every edge that has calls or promises, by consumer, provider and transport. */
export function readEdges(sources: EdgeSources): readonly Edge[] {
  const pairs = new Map<string, Pair>();
  for (const { consumer, provider } of [
    ...sources.book.pairs(),
    ...sources.traffic.edges.values(),
  ]) {
    pairs.set(pairKey(consumer, provider), { consumer, provider });
  }
  const findings = findingsByPair(sources.findings);
  return [...pairs]
    .flatMap(([key, pair]) => edgesOfPair(sources, { ...pair, findings: findings.get(key) ?? [] }))
    .sort(
      (left, right) =>
        left.consumer.localeCompare(right.consumer) ||
        left.provider.localeCompare(right.provider) ||
        left.transport.localeCompare(right.transport),
    );
}

function findingsByPair(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const byPair = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.consumer !== undefined) {
      const key = pairKey(finding.consumer, finding.provider);
      byPair.set(key, [...(byPair.get(key) ?? []), finding]);
    }
  }
  return byPair;
}

function edgesOfPair(
  sources: EdgeSources,
  pair: Pair & { readonly findings: readonly Finding[] },
): readonly Edge[] {
  const interactions = usageOf(sources, pair);
  return TRANSPORTS.flatMap((transport) => {
    const promised = interactions.filter(({ interaction }) => interaction.transport === transport);
    const totals = sources.traffic.edges.get(edgeKey({ ...pair, transport }));
    if (promised.length === 0 && totals === undefined) {
      return [];
    }
    const findings = pair.findings.filter((finding) => isOver(finding, transport));
    return [edgeOf(sources, { ...pair, transport, promised, totals, findings: findings.length })];
  });
}

/** Pairs that have calls or promises and this service on either side. */
export function pairsOf({ book, traffic }: EdgeSources, service: string): readonly Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { consumer, provider } of [...book.pairs(), ...traffic.edges.values()]) {
    if (consumer === service || provider === service) {
      pairs.set(pairKey(consumer, provider), { consumer, provider });
    }
  }
  return [...pairs.values()];
}

/** Every promise of a pair with what traffic says about it. */
export function usageOf(
  sources: EdgeSources,
  { consumer, provider }: Pair,
): readonly InteractionUsage[] {
  const { book, traffic, floor, environment } = sources;
  const pacts = book.pactsBetween({ consumer, provider }, environment);
  return interactionUsage({ consumer, provider, pacts, traffic, floor });
}

/** A finding about the pair as a whole belongs to its requests. */
function isOver(finding: Finding, transport: Edge['transport']): boolean {
  const isMessage = finding.operation?.startsWith('send ') === true;
  return isMessage === (transport === 'message');
}

interface EdgeParts extends Pair {
  readonly transport: Edge['transport'];
  readonly promised: readonly InteractionUsage[];
  readonly totals: EdgeTotals | undefined;
  readonly findings: number;
}

function edgeOf(sources: EdgeSources, parts: EdgeParts): Edge {
  const { consumer, provider, transport, promised, totals, findings } = parts;
  const count = (test: (usage: InteractionUsage) => boolean): number =>
    promised.filter(test).length;
  const calls = totals?.calls ?? 0;
  const verified = count(({ verification }) => verification === 'success');
  const failed = count(({ verification }) => verification === 'failed');
  return {
    consumer,
    provider,
    transport,
    state: edgeState({ promised: promised.length, verified, failed, findings, calls }),
    virtual: isGuess(sources.book, parts),
    environments: [
      ...(sources.traffic.environments.get(edgeKey({ consumer, provider, transport })) ?? []),
    ],
    promised: promised.length,
    verified,
    used: count(({ usage }) => usage === 'used'),
    notSeen: count(({ usage }) => usage === 'not-seen'),
    noEvidence: count(({ usage }) => usage === 'no-evidence'),
    findings,
    ...seenOf(totals),
    ...latenciesOf(sources.latencies.get(edgeKey(parts))),
  };
}

/** A peer that sends no spans and that no contract knows: its name is what the other half called it. */
function isGuess(book: PromiseBook, { consumer, provider, totals }: EdgeParts): boolean {
  return (
    totals !== undefined &&
    ((totals.consumerVirtual && !book.isPacticipant(consumer)) ||
      (totals.providerVirtual && !book.isPacticipant(provider)))
  );
}

type Seen = Pick<
  Edge,
  'calls' | 'failed' | 'errorRate' | 'meanDuration' | 'firstSeen' | 'lastSeen'
>;

/** Of the provider's side when any call told it, else of the consumer's. */
function latencyOf(sides: SideBuckets | undefined): Edge['latency'] {
  return latencyPercentiles(sides?.server ?? sides?.client ?? []) ?? null;
}

function latenciesOf(
  sides: SideBuckets | undefined,
): Pick<Edge, 'latency' | 'clientLatency' | 'transitLatency'> {
  return {
    latency: latencyOf(sides),
    clientLatency: latencyPercentiles(sides?.client ?? []) ?? null,
    transitLatency: latencyPercentiles(sides?.transit ?? []) ?? null,
  };
}

function rateOf(failed: number, calls: number): number {
  return calls === 0 ? 0 : failed / calls;
}

function seenOf(totals: EdgeTotals | undefined): Seen {
  if (totals === undefined) {
    return {
      calls: 0,
      failed: 0,
      errorRate: 0,
      meanDuration: null,
      firstSeen: null,
      lastSeen: null,
    };
  }
  const { calls, failed, timed, durationMicros } = totals;
  return {
    calls,
    failed,
    errorRate: rateOf(failed, calls),
    meanDuration: timed === 0 ? null : Math.round(durationMicros / timed) / 1000,
    firstSeen: timeOf(totals.firstSeen),
    lastSeen: timeOf(totals.lastSeen),
  };
}

/** What one pair did. */
export interface ObservedPair {
  readonly operations: readonly OperationTotals[];
  readonly latencies: readonly OperationBuckets[];
  readonly links: readonly OperationLink[];
  readonly guards: ReadonlyMap<string, OperationGuard>;
  readonly verifications: readonly InteractionVerification[];
}

/** One pair with its pacts, interactions, observed operations and findings; undefined when neither contracts nor traffic know it. */
export function readEdge(
  sources: EdgeSources,
  pair: Pair,
  observed: ObservedPair,
): EdgeDetail | undefined {
  const { consumer, provider } = pair;
  const findings = sources.findings.filter(
    (finding) => finding.consumer === consumer && finding.provider === provider,
  );
  const edges = edgesOfPair(sources, { ...pair, findings });
  if (edges.length === 0 && !wasSeen(sources, pair)) {
    return undefined;
  }
  const interactions = usageOf(sources, pair);
  const pacts = sources.book.pactsBetween(pair, sources.environment);
  const totals = TRANSPORTS.map((transport) =>
    sources.traffic.edges.get(edgeKey({ ...pair, transport })),
  );
  return {
    consumer,
    provider,
    edges: [...edges],
    pacts: pacts.map((pact) => ({
      consumerVersion: pact.consumerVersion,
      sha: pact.sha,
      verification: pact.verification,
      providerVersion: pact.providerVersion ?? null,
      verifiedAt: pact.verifiedAt ?? null,
    })),
    interactions: interactions.map((usage) => interactionResource(usage, observed.verifications)),
    operations: observedOperations(observed, interactions),
    triggeredBy: observed.links.map(({ calledOperation, lastSeen, ...link }) => ({
      ...link,
      outbound: calledOperation,
      lastSeen: timeOf(lastSeen),
    })),
    findings: findings.map(findingResource),
    evidence: evidenceOf(totals.filter((edge) => edge !== undefined)),
  };
}

/** At any time, not only in the one that is asked about. */
function wasSeen({ traffic }: EdgeSources, pair: Pair): boolean {
  return TRANSPORTS.some((transport) => traffic.totals.has(edgeKey({ ...pair, transport })));
}

type ObservedOperation = EdgeDetail['operations'][number];

function observedOperations(
  { operations: rows, latencies, guards }: ObservedPair,
  interactions: readonly InteractionUsage[],
): ObservedOperation[] {
  const sides = new Map(latencies.map((one) => [one.operation, one.sides]));
  const promised = new Set(interactions.map(({ interaction }) => interaction.operation));
  const operations = new Map<string, ObservedOperation>();
  for (const row of rows) {
    const known = operations.get(row.operation);
    const lastSeen = timeOf(row.lastSeen);
    const isLatest = known === undefined || lastSeen > known.lastSeen;
    operations.set(row.operation, {
      operation: row.operation,
      transport: row.transport,
      statuses: { ...known?.statuses, [row.status]: row.calls },
      calls: (known?.calls ?? 0) + row.calls,
      failed: (known?.failed ?? 0) + row.failed,
      errorRate: rateOf((known?.failed ?? 0) + row.failed, (known?.calls ?? 0) + row.calls),
      latency: latencyOf(sides.get(row.operation)),
      promised: promised.has(row.operation),
      lastSeen: isLatest ? lastSeen : known.lastSeen,
      exemplarTraceId: isLatest ? row.exemplarTraceId : known.exemplarTraceId,
      guard: guards.get(row.operation) ?? null,
    });
  }
  return [...operations.values()];
}
