import type { FindingKind } from './finding.ts';

export interface FindingNames {
  readonly kind: FindingKind;
  readonly consumer: string | undefined;
  readonly provider: string;
  readonly environment: string | undefined;
  readonly operation: string | undefined;
}

/** The text whose hash is a finding's id: equal for two sightings of the same disagreement, different for any two others. */
export function findingIdentity(names: FindingNames): string {
  const { kind, consumer, provider, environment, operation } = names;
  return JSON.stringify([kind, consumer ?? '', provider, environment ?? '', operation ?? '']);
}
