import type { InteractionResult, ReportedMismatch } from './interaction-results.ts';

/** What must be known of an interaction of a pact to find the results that are about it. */
export interface PromisedInteraction {
  readonly id: string | undefined;
  readonly description: string;
  readonly providerStates: readonly { readonly name: string }[];
  /** May fail without failing the verification. */
  readonly isPending: boolean;
}

/** `not-reported`: the verifier did not say, because it left the interaction out or sends no results by interaction. */
export type InteractionOutcome = 'passed' | 'failed' | 'not-reported';

/** What a run said about one interaction of the pact; without one when a result names none, or not which one. */
export interface InteractionVerdict<I extends PromisedInteraction = PromisedInteraction> {
  readonly interaction: I | undefined;
  readonly id: string | undefined;
  readonly description: string;
  readonly providerStates: readonly string[];
  readonly outcome: InteractionOutcome;
  readonly mismatches: readonly ReportedMismatch[];
  readonly traceId: string | undefined;
}

/**
 * Every interaction of the pact with what the results say about it, in the pact's order, then results that belong to none of them.
 * Several results of one interaction (the Ruby verifier checks status, headers and body apart) are one verdict.
 */
export function interactionVerdicts<I extends PromisedInteraction>(
  interactions: readonly I[],
  results: readonly InteractionResult[],
): readonly InteractionVerdict<I>[] {
  const found = new Map<I, InteractionResult[]>(interactions.map((each) => [each, []]));
  const strangers: InteractionResult[] = [];
  for (const result of results) {
    const own = ownersOf(result, interactions);
    if (own.length === 0) strangers.push(result);
    for (const interaction of own) found.get(interaction)?.push(result);
  }
  return [...[...found].map(([interaction, of]) => verdict(interaction, of)), ...merged(strangers)];
}

/** Whether the run failed, and only where the pact says that it may. */
export function failsPendingOnly(
  interactions: readonly PromisedInteraction[],
  results: readonly InteractionResult[],
): boolean {
  const failed = interactionVerdicts(interactions, results).filter(
    ({ outcome }) => outcome === 'failed',
  );
  return failed.length > 0 && failed.every(({ interaction }) => interaction?.isPending === true);
}

/** By id; else by description, with the provider state where it is told. A description that fits several names none. */
function ownersOf<I extends PromisedInteraction>(
  result: InteractionResult,
  interactions: readonly I[],
): readonly I[] {
  const byId = interactions.filter(({ id }) => id !== undefined && id === result.interactionId);
  if (byId.length > 0) return byId;
  const { providerState } = result;
  const described = interactions.filter(({ description }) => description === result.description);
  if (described.length < 2 || providerState === undefined) return onlyOne(described);
  return onlyOne(described.filter((each) => statesOf(each).includes(providerState)));
}

function onlyOne<I>(candidates: readonly I[]): readonly I[] {
  return candidates.length === 1 ? candidates : [];
}

function statesOf({ providerStates }: PromisedInteraction): readonly string[] {
  const names = providerStates.map(({ name }) => name);
  return [...names, names.join(', ')];
}

function verdict<I extends PromisedInteraction>(
  interaction: I,
  results: readonly InteractionResult[],
): InteractionVerdict<I> {
  return {
    interaction,
    id: interaction.id,
    description: interaction.description,
    providerStates: interaction.providerStates.map(({ name }) => name),
    ...together(results),
  };
}

/** Results that no interaction owns, one verdict for each id or description that they name. */
function merged(strangers: readonly InteractionResult[]): readonly InteractionVerdict<never>[] {
  const groups = new Map<string, InteractionResult[]>();
  for (const result of strangers) {
    const { interactionId, description, providerState } = result;
    const key = JSON.stringify([interactionId, description, providerState]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].flatMap((results) => {
    const [{ interactionId, description, providerState }] = results as [InteractionResult];
    return {
      interaction: undefined,
      id: interactionId,
      description: description ?? '',
      providerStates: providerState === undefined ? [] : [providerState],
      ...together(results),
    };
  });
}

function together(
  results: readonly InteractionResult[],
): Pick<InteractionVerdict, 'outcome' | 'mismatches' | 'traceId'> {
  const failed = results.filter(({ success }) => !success);
  const told = failed.length > 0 ? 'failed' : 'passed';
  return {
    outcome: results.length === 0 ? 'not-reported' : told,
    mismatches: failed.flatMap(({ mismatches }) => mismatches),
    traceId: (failed[0] ?? results[0])?.traceId,
  };
}
