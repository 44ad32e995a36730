/** A pact as one consumer version published it. */
export interface PublishedPact {
  readonly consumer: { readonly id: number; readonly name: string };
  readonly consumerVersion: { readonly id: number; readonly number: string };
  readonly pactVersionId: number;
  readonly sha: string;
  /** UTC text, as stored. */
  readonly publishedAt: string;
}

/** It runs, or is available, in an environment; `consumer` only when the selector named one. */
export type DeploymentReason =
  | { readonly kind: 'deployed'; readonly environment: string; readonly consumer?: string }
  | { readonly kind: 'released'; readonly environment: string; readonly consumer?: string };

/** It is a version that the selector picks by itself; `consumer` only when the selector named one. */
export type VersionReason =
  | { readonly kind: 'environment'; readonly environment: string; readonly consumer?: string }
  | {
      readonly kind: 'latest-tag';
      readonly tag: string;
      /** The tag that nothing was found for. */
      readonly insteadOf?: string;
      readonly consumer?: string;
    }
  | {
      readonly kind: 'branch';
      readonly branch: string;
      /** The branch that this consumer does not have. */
      readonly insteadOf?: string;
      readonly consumer?: string;
    }
  | { readonly kind: 'main-branch'; readonly branch: string; readonly consumer?: string }
  | { readonly kind: 'latest'; readonly consumer?: string }
  | { readonly kind: 'tag'; readonly tag: string; readonly consumer?: string };

/** Why a consumer version is to be verified. */
export type SelectionReason = DeploymentReason | VersionReason;

export interface Selection {
  readonly pact: PublishedPact;
  readonly reason: SelectionReason;
}

/** One content of one consumer with all the reasons it is to be verified for. */
export interface SelectedPact {
  /** Of the newest version among those selected. */
  readonly pact: PublishedPact;
  readonly reasons: readonly ResolvedReason[];
}

export type ResolvedReason = {
  readonly reason: SelectionReason;
  readonly version: { readonly id: number; readonly number: string };
};

const ORDER: readonly SelectionReason['kind'][] = [
  'deployed',
  'released',
  'environment',
  'branch',
  'latest-tag',
  'main-branch',
  'latest',
  'tag',
];

/** Equal content of one consumer becomes one pact to verify; in the order consumer name, then version. */
export function mergeSelections(selections: readonly Selection[]): readonly SelectedPact[] {
  const byContent = new Map<number, Selection[]>();
  for (const selection of selections) {
    const { pactVersionId } = selection.pact;
    const held = byContent.get(pactVersionId);
    if (held === undefined) byContent.set(pactVersionId, [selection]);
    else held.push(selection);
  }
  return [...byContent.values()].map(merge).sort(bySelectionOrder);
}

function merge(selections: readonly Selection[]): SelectedPact {
  const newest = selections.reduce((best, each) =>
    each.pact.consumerVersion.id > best.pact.consumerVersion.id ? each : best,
  );
  const reasons = new Map<string, ResolvedReason>();
  for (const { pact, reason } of selections) {
    const key = `${JSON.stringify(reason)} ${pact.consumerVersion.id}`;
    if (!reasons.has(key)) reasons.set(key, { reason, version: pact.consumerVersion });
  }
  const ordered = [...reasons.values()].sort(
    (a, b) => ORDER.indexOf(a.reason.kind) - ORDER.indexOf(b.reason.kind),
  );
  return { pact: newest.pact, reasons: ordered };
}

function bySelectionOrder({ pact: a }: SelectedPact, { pact: b }: SelectedPact): number {
  const byName = a.consumer.name < b.consumer.name ? -1 : Number(a.consumer.name > b.consumer.name);
  return byName || a.consumerVersion.id - b.consumerVersion.id;
}
