import type { EdgeDetail } from '@concordat/api';
import type { ReportedMismatch } from '@concordat/domain';
import type { InteractionUsage } from './interaction-usage.ts';
import { timeOf } from './open-findings.ts';

/** What the newest result of a pact in force says about one interaction. */
export interface InteractionVerification {
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly outcome: 'passed' | 'failed' | 'not-reported';
  readonly mismatches: readonly ReportedMismatch[];
  readonly traceId: string | undefined;
  readonly providerVersion: string;
  /** UTC text. */
  readonly verifiedAt: string;
}

type Interaction = EdgeDetail['interactions'][number];

export function interactionResource(
  usage: InteractionUsage,
  verifications: readonly InteractionVerification[],
): Interaction {
  const { description, providerStates, transport, operation, status } = usage.interaction;
  return {
    description,
    providerStates: [...providerStates],
    transport,
    operation,
    status: status ?? null,
    verification: usage.verification,
    lastVerification: lastOf(usage, verifications),
    usage: usage.usage,
    count: usage.count,
    firstSeen: usage.firstSeen === undefined ? null : timeOf(usage.firstSeen),
    lastSeen: usage.lastSeen === undefined ? null : timeOf(usage.lastSeen),
    exemplarTraceId: usage.exemplarTraceId ?? null,
    indistinguishableFrom: [...usage.indistinguishableFrom],
  };
}

/** Of several contents that have it one that failed, else the newest. */
function lastOf(
  { interaction }: InteractionUsage,
  verifications: readonly InteractionVerification[],
): Interaction['lastVerification'] {
  const name = nameOf(interaction);
  const own = verifications.filter((one) => nameOf(one) === name);
  const failed = own.filter(({ outcome }) => outcome === 'failed');
  const [last] = (failed.length > 0 ? failed : own).toSorted((left, right) =>
    left.verifiedAt < right.verifiedAt ? 1 : -1,
  );
  if (last === undefined) return null;
  return {
    result: last.outcome === 'failed' ? 'failed' : 'passed',
    traceId: last.traceId ?? null,
    providerVersion: last.providerVersion,
    verifiedAt: last.verifiedAt,
    mismatches: last.mismatches.map(({ attribute, identifier, description }) => ({
      attribute: attribute ?? null,
      identifier: identifier ?? null,
      description,
    })),
  };
}

function nameOf(one: {
  readonly description: string;
  readonly providerStates: readonly string[];
}): string {
  return JSON.stringify([one.description, one.providerStates]);
}
