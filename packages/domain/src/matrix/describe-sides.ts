import type { Integration } from './considered-rows.ts';
import type { MatrixRow } from './matrix-row.ts';
import { describeSelector, type ResolvedSelector } from './matrix-selector.ts';

/** Both sides of a row or an integration, in words. */
export interface Sides {
  readonly consumer: string;
  readonly provider: string;
}

/** Names both sides of a row by the selector that picked their version, so that the reader knows which version is meant. */
export function sideDescriber(selectors: readonly ResolvedSelector[]): {
  row(row: MatrixRow): Sides;
  integration(pair: Integration): Sides;
} {
  const describe = (
    pacticipant: { readonly id: number; readonly name: string },
    version: { readonly id: number; readonly number: string } | undefined,
  ): string => {
    const own = selectors.filter(({ pacticipantId }) => pacticipantId === pacticipant.id);
    if (version === undefined) return describeUnknown(pacticipant.name, own);
    const by = own.find(
      ({ versions }) => versions !== 'any' && versions.some(({ id }) => id === version.id),
    );
    if (by === undefined || by.versions === 'any') return `any version of ${pacticipant.name}`;
    return describeSelector(by.selector, {
      number: version.number,
      isOneOfMany: by.versions.length > 1,
    });
  };
  return {
    row: (row) => ({
      consumer: describe(row.consumer, row.consumerVersion),
      provider: describe(row.provider, row.providerVersion),
    }),
    integration: ({ consumer, provider }) => ({
      consumer: describe(consumer, undefined),
      provider: describe(provider, undefined),
    }),
  };
}

/** With one candidate it is named; with several nobody can say which one is missing. */
function describeUnknown(name: string, own: readonly ResolvedSelector[]): string {
  const [first, second] = own;
  if (first === undefined || second !== undefined || first.versions === 'any') {
    return `any version of ${name}`;
  }
  const [version, another] = first.versions;
  if (another !== undefined) return `any version of ${name}`;
  return describeSelector(
    first.selector,
    version === undefined ? undefined : { number: version.number, isOneOfMany: false },
  );
}
