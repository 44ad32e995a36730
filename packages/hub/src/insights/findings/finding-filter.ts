import type { Finding, FindingKind, FindingState } from '@concordat/domain';
import type { Request } from 'express';
import { HubError } from '../../http/hub-error.ts';
import { textParameter, timeParameter } from '../../http/read-parameters.ts';

/** Which findings are asked for; what is undefined asks for all. */
export interface FindingFilter {
  readonly kinds: readonly FindingKind[] | undefined;
  readonly states: readonly FindingState[];
  readonly consumer: string | undefined;
  readonly provider: string | undefined;
  readonly environment: string | undefined;
  readonly operation: string | undefined;
  /** ISO 8601: seen since. */
  readonly since: string | undefined;
}

export const FINDING_FILTERS = [
  'kind',
  'state',
  'consumer',
  'provider',
  'environment',
  'operation',
  'since',
] as const;

/** Kinds and states are lists with commas between; states are those of `otherwise` when none are given. */
export async function readFindingFilter(
  request: Request,
  otherwise: 'open' | 'all',
): Promise<FindingFilter> {
  // The schemas are loaded with the first question: they take a tenth of the time a hub needs to start.
  const { findingSchema, findingStates } = await import('@concordat/api');
  const states = listParameter(request, 'state', [...findingStates, 'all']) ?? [otherwise];
  return {
    kinds: listParameter(request, 'kind', findingSchema.shape.kind.options),
    states: findingStates.filter((state) => states.includes('all') || states.includes(state)),
    consumer: textParameter(request, 'consumer'),
    provider: textParameter(request, 'provider'),
    environment: textParameter(request, 'environment'),
    operation: textParameter(request, 'operation'),
    since: timeParameter(request, 'since')?.toISOString(),
  };
}

/** A finding without an environment is about every one. */
export function passes(filter: FindingFilter, finding: Finding): boolean {
  const { kinds, states, consumer, provider, environment, operation, since } = filter;
  return (
    (kinds === undefined || kinds.includes(finding.kind)) &&
    states.includes(finding.life.state) &&
    isAsked(consumer, finding.consumer) &&
    isAsked(provider, finding.provider) &&
    isAsked(environment, finding.environment ?? environment) &&
    isAsked(operation, finding.operation) &&
    (since === undefined || finding.lastSeen >= since)
  );
}

function isAsked(asked: string | undefined, value: string | undefined): boolean {
  return asked === undefined || asked === value;
}

function listParameter<T extends string>(
  request: Request,
  name: string,
  allowed: readonly T[],
): readonly T[] | undefined {
  const text = textParameter(request, name);
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  const known = words.flatMap((word) => allowed.find((each) => each === word) ?? []);
  if (known.length === words.length) return known;
  throw new HubError(
    'INVALID_PARAMETER',
    `${name} is "${text}"; use one of ${allowed.join(', ')}, or several with commas between.`,
  );
}
