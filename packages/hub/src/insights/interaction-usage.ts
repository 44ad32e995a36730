import type { PromisedInteraction } from '@concordat/conformance';
import { type Evidence, type EvidenceFloor, judgeUsage, type Usage } from '@concordat/domain';
import type { EdgeTotals } from './call-count-store.ts';
import { edgeKey, shapeKey, type TrafficFacts } from './gather-facts.ts';
import { type CompiledInForce, distinctInteractions } from './promise-book.ts';
import type { PromiseStart } from './promise-store.ts';

export type Verification = CompiledInForce['verification'];

/** One promise of a pair with what traffic says about it. */
export interface InteractionUsage {
  readonly interaction: PromisedInteraction;
  readonly verification: Verification;
  readonly usage: Usage;
  readonly count: number;
  /** Microseconds since the epoch; undefined while it was never seen. */
  readonly firstSeen: number | undefined;
  readonly lastSeen: number | undefined;
  readonly exemplarTraceId: string | undefined;
  readonly evidence: Evidence;
  /** Descriptions of the interactions that share its counts. */
  readonly indistinguishableFrom: readonly string[];
}

export interface UsageQuestion {
  readonly consumer: string;
  readonly provider: string;
  readonly pacts: readonly CompiledInForce[];
  readonly traffic: TrafficFacts;
  readonly floor: EvidenceFloor;
}

const NOTHING: Evidence = { window: 0, calls: 0, sampleRate: 1 };

/** Every promise of the pacts that speak for a pair, in the order of the pacts. */
export function interactionUsage(question: UsageQuestion): readonly InteractionUsage[] {
  const { consumer, provider, pacts, traffic, floor } = question;
  const promises = distinctInteractions(pacts);
  return promises.map(({ interaction, pacts: promisedBy }) => {
    const { transport, shape } = interaction;
    const key = edgeKey({ consumer, provider, transport });
    const seen = traffic.usage.get(shapeKey({ consumer, provider, shape }));
    const evidence = evidenceFor({
      edge: traffic.edges.get(key),
      total: traffic.totals.get(key),
      start: traffic.starts.get(`${key}\n${shape}`),
    });
    return {
      interaction,
      verification: worst(promisedBy.map(({ verification }) => verification)),
      usage: judgeUsage(seen?.calls ?? 0, evidence, floor),
      count: seen?.calls ?? 0,
      firstSeen: seen?.firstSeen,
      lastSeen: seen?.lastSeen,
      exemplarTraceId: seen?.exemplarTraceId,
      evidence,
      indistinguishableFrom: promises
        .filter((other) => other.interaction !== interaction && other.interaction.shape === shape)
        .map((other) => other.interaction.description),
    };
  });
}

/** What was looked at since the promise came into force: calls from before it say nothing about it. */
function evidenceFor(facts: {
  readonly edge: EdgeTotals | undefined;
  readonly total: EdgeTotals | undefined;
  readonly start: PromiseStart | undefined;
}): Evidence {
  const { edge, total, start } = facts;
  if (edge === undefined || total === undefined || start === undefined) {
    return NOTHING;
  }
  const looked = Math.max(0, Math.min(edge.decided, total.decided - start.callsBefore));
  const sampleRate = sampleRateOf(edge);
  const from = Math.max(edge.firstSeen, start.since);
  return {
    window: Math.max(0, (edge.lastSeen - from) / 1e6),
    calls: looked / sampleRate,
    sampleRate,
  };
}

/** What all calls of an edge are evidence of. */
export function evidenceOf(edges: readonly EdgeTotals[]): Evidence {
  if (edges.length === 0) {
    return NOTHING;
  }
  const first = Math.min(...edges.map(({ firstSeen }) => firstSeen));
  const last = Math.max(...edges.map(({ lastSeen }) => lastSeen));
  const calls = edges.reduce((sum, edge) => sum + edge.calls, 0);
  const sampled = edges.reduce((sum, edge) => sum + edge.sampled, 0);
  return { window: (last - first) / 1e6, calls, sampleRate: rate(sampled, calls) };
}

function sampleRateOf({ sampled, calls }: EdgeTotals): number {
  return rate(sampled, calls);
}

function rate(sampled: number, calls: number): number {
  return calls > 0 ? Math.min(1, sampled / calls) : 1;
}

/** An interaction of several pacts is as well verified as the worst of them. */
function worst(verifications: readonly Verification[]): Verification {
  const order: readonly Verification[] = ['failed', 'unverified', 'success'];
  return order.find((verification) => verifications.includes(verification)) ?? 'unverified';
}
