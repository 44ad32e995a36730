import type { FailedInteractionResource, ReasonResource } from '@concordat/api';
import { type Blocker, describeReason, type JudgedRow } from '@concordat/domain';
import { halTimestamp, pathTo } from '../http/hal.ts';
import type { ExplainedBlocker, FailedInteraction, FailedInteractions } from './explain-answer.ts';

/** How much of a result is shown here; its own resource, which is linked, has all of it. */
const SHOWN_INTERACTIONS = 10;
const SHOWN_MISMATCHES = 3;

/** Our own member of an answer; what is not known is null. */
export function reasonResource(explained: ExplainedBlocker, baseUrl: string): ReasonResource {
  const { blocker, explanation, history, interactions } = explained;
  const { situation, mustAct, since, sentences } = explanation;
  return {
    kind: blocker.reason.kind,
    situation,
    blocking: blocker.kind !== 'pending-failure',
    text: describeReason(blocker.reason),
    ...sidesOf(blocker),
    whoMustAct: mustAct ?? null,
    since: since === undefined ? null : halTimestamp(since),
    pending: history?.isPending ?? null,
    explanation: [...sentences],
    interactions: interactions === undefined ? null : interactionsResource(interactions),
    _links: linksOf(blocker, baseUrl),
  };
}

function sidesOf(blocker: Blocker): Pick<ReasonResource, 'consumer' | 'provider'> {
  if (blocker.kind === 'unknown-version') return { consumer: null, provider: null };
  if (blocker.kind === 'no-pact') {
    const { consumer, provider } = blocker.pair;
    return {
      consumer: { name: consumer.name, version: null },
      provider: { name: provider.name, version: null },
    };
  }
  const { consumer, consumerVersion, provider, providerVersion } = blocker.row;
  return {
    consumer: { name: consumer.name, version: consumerVersion.number },
    provider: { name: provider.name, version: providerVersion?.number ?? null },
  };
}

function interactionsResource({
  total,
  told,
  failed,
}: FailedInteractions): ReasonResource['interactions'] {
  return {
    total,
    reported: told,
    failed: failed.length,
    items: failed.slice(0, SHOWN_INTERACTIONS).map(interactionResource),
  };
}

function interactionResource(interaction: FailedInteraction): FailedInteractionResource {
  const { id, description, providerStates, isPending, lastKept, traceId } = interaction;
  const shown = interaction.mismatches.slice(0, SHOWN_MISMATCHES);
  return {
    id: id ?? null,
    description,
    providerStates: [...providerStates],
    pending: isPending,
    mismatches: shown.map((mismatch) => ({
      attribute: mismatch.attribute ?? null,
      identifier: mismatch.identifier ?? null,
      description: mismatch.description,
    })),
    moreMismatches: interaction.mismatches.length - shown.length,
    lastKeptBy:
      lastKept === undefined
        ? null
        : { version: lastKept.providerVersion, verifiedAt: halTimestamp(lastKept.verifiedAt) },
    traceId: traceId ?? null,
  };
}

function linksOf(blocker: Blocker, baseUrl: string): ReasonResource['_links'] {
  if (!('row' in blocker)) return {};
  const { consumer, consumerVersion, provider, sha, verification }: JudgedRow = blocker.row;
  const pair = `${baseUrl}${pathTo('pacts', 'provider', provider.name, 'consumer', consumer.name)}`;
  const pact = { href: `${pair}${pathTo('version', consumerVersion.number)}` };
  if (verification === undefined) return { 'pb:pact-version': pact };
  const result = `${pair}${pathTo('pact-version', sha, 'verification-results', String(verification.number))}`;
  return {
    'pb:pact-version': pact,
    'pb:verification-result': { href: result },
    'concordat:interactions': { href: `${result}/interactions` },
  };
}
