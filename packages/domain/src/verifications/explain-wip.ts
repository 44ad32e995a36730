import type { SelectedPact } from '../selectors/selected-pact.ts';
import type { ProviderView } from './pending.ts';

/** Why a head of some consumer branch or tag is not among the work in progress. */
export interface LeftOut {
  readonly kind: 'published-before' | 'already-verified';
  readonly sentence: string;
}

/** Why no work in progress is looked for at all; undefined when it is. */
export function whyNoWip(wipSince: string | undefined, view: ProviderView): string | undefined {
  if (wipSince === undefined) return 'Work in progress was not asked for (includeWipPactsSince).';
  return view.kind === 'none'
    ? 'Work in progress needs the branch or tags of the provider version.'
    : undefined;
}

/** Why this one is left out, of those that no selector picked; `wipSince` is UTC text. */
export function whyNotWip(
  { pact }: SelectedPact,
  wipSince: string,
  { provider, view }: { readonly provider: string; readonly view: ProviderView },
): LeftOut {
  const version = `version ${pact.consumerVersion.number} of ${pact.consumer.name}`;
  if (pact.publishedAt <= wipSince) {
    return {
      kind: 'published-before',
      sentence: `The pact of ${version} was published before ${wipSince}.`,
    };
  }
  const line = view.kind === 'branch' ? 'that branch' : 'each of those tags';
  return {
    kind: 'already-verified',
    sentence: `The pact of ${version} was verified by ${provider} on ${line}, or elsewhere before it existed.`,
  };
}
