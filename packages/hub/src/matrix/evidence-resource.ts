import type { AppliedOverrides, TrafficEvidence } from '@concordat/api';
import {
  type JudgedInteraction,
  type Override,
  type RowJudgement,
  worstVerdict,
} from '@concordat/domain';
import type { Obstacle, TrafficPlace } from './traffic-gate.ts';

type OverrideResource = NonNullable<TrafficEvidence['rows'][number]['override']>;

/** The member `evidence` of an answer; what is not known is null. */
export function evidenceResource(
  obstacles: readonly Obstacle[],
  judged: {
    readonly place: TrafficPlace;
    readonly judgements: readonly RowJudgement[];
    readonly overrides: readonly (Override | undefined)[];
  },
): TrafficEvidence {
  const { place, judgements, overrides } = judged;
  return {
    kind: 'traffic',
    environment: place.environment,
    since: place.since.toISOString(),
    until: place.until.toISOString(),
    verdict: worstVerdict(judgements.map(({ verdict }) => verdict)) ?? null,
    rows: obstacles.flatMap(({ text, consumer, provider }, at) => {
      const judgement = judgements[at];
      if (judgement === undefined) return [];
      const { verdict, sentences, interactions, evidence } = judgement;
      return [
        {
          ...{ text, consumer, provider, verdict, sentences: [...sentences], evidence },
          interactions: interactions.map(interactionResource),
          override: overrideResource(overrides[at]),
        },
      ];
    }),
  };
}

function interactionResource(
  judged: JudgedInteraction,
): TrafficEvidence['rows'][number]['interactions'][number] {
  const { interaction, verdict, reason, count, usedBy } = judged;
  const { description, providerStates, operation, status, outcome } = interaction;
  const [latest] = usedBy;
  return {
    ...{ description, operation, outcome, verdict, reason, count },
    providerStates: [...providerStates],
    status: status ?? null,
    lastSeen: latest === undefined ? null : timeOf(latest.lastSeen),
    usedBy: usedBy.map((use) => ({
      version: use.consumerVersion === '' ? null : use.consumerVersion,
      count: use.count,
      lastSeen: timeOf(use.lastSeen),
      exemplarTraceId: use.exemplarTraceId,
    })),
    indistinguishableFrom: [...interaction.indistinguishableFrom],
  };
}

/** The member `overrides` of an answer. */
export function appliedOverrides(
  obstacles: readonly Obstacle[],
  overrides: readonly (Override | undefined)[],
): AppliedOverrides {
  return {
    covered: obstacles.length > 0 && overrides.every((override) => override !== undefined),
    rows: obstacles.map(({ text, consumer, provider }, at) => ({
      ...{ text, consumer, provider },
      override: overrideResource(overrides[at]),
    })),
  };
}

export function overrideResource(override: Override | undefined): OverrideResource | null {
  if (override === undefined) return null;
  const { consumer, provider, ...rest } = override;
  return { ...rest, consumer: consumer ?? null, provider: provider ?? null };
}

function timeOf(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
