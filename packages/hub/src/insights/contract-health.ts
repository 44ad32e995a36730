import type { Finding } from '@concordat/domain';
import type { InteractionUsage } from './interaction-usage.ts';
import { interactionUsage } from './interaction-usage.ts';
import type { CompiledInForce } from './promise-book.ts';
import type { EdgeSources } from './read-edges.ts';

/** How well contracts are kept, in the numbers that `/metrics` tells. */
export interface ContractHealth {
  readonly pairs: readonly PairHealth[];
  readonly findings: readonly Finding[];
  readonly deployments: readonly {
    readonly pacticipant: string;
    readonly version: string;
    readonly environment: string;
  }[];
}

export interface PairHealth {
  readonly consumer: string;
  readonly provider: string;
  /** undefined while no pact in force has a result. */
  readonly verified: boolean | undefined;
  readonly verifiedAt: Date | undefined;
  readonly operations: {
    readonly covered: number;
    readonly unused: number;
    readonly uncovered: number;
  };
}

export function contractHealth(sources: EdgeSources): ContractHealth {
  const { book, traffic, floor, findings } = sources;
  const pairs = book.pairs().map((pair) => {
    const pacts = book.pactsBetween(pair, undefined);
    const interactions = interactionUsage({ ...pair, pacts, traffic, floor });
    const uncovered = findings.filter(
      ({ kind, consumer, provider }) =>
        kind === 'uncovered-call' && consumer === pair.consumer && provider === pair.provider,
    );
    return {
      ...pair,
      ...verificationOf(pacts),
      operations: { ...promisedOperations(interactions), uncovered: uncovered.length },
    };
  });
  return { pairs, findings, deployments: book.recorded };
}

function verificationOf(
  pacts: readonly CompiledInForce[],
): Pick<PairHealth, 'verified' | 'verifiedAt'> {
  const judged = pacts.filter(({ verification }) => verification !== 'unverified');
  const times = judged.flatMap(({ verifiedAt }) => (verifiedAt === undefined ? [] : [verifiedAt]));
  const latest = times.sort().at(-1);
  return {
    verified:
      judged.length === 0
        ? undefined
        : judged.every(({ verification }) => verification === 'success'),
    verifiedAt: latest === undefined ? undefined : new Date(latest),
  };
}

function promisedOperations(interactions: readonly InteractionUsage[]): {
  readonly covered: number;
  readonly unused: number;
} {
  const all = new Set(interactions.map(({ interaction }) => interaction.operation));
  const used = new Set(
    interactions
      .filter(({ usage }) => usage === 'used')
      .map(({ interaction }) => interaction.operation),
  );
  return { covered: used.size, unused: all.size - used.size };
}
