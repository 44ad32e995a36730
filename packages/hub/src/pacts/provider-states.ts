import type { StatedPact } from './provider-state-store.ts';

/** What a provider must be able to set up, and for whom. */
export interface ProviderState {
  readonly name: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly consumers: readonly string[];
}

/** The states that the pacts name, each once, ordered by name; the same name with other parameters is another state. */
export function providerStates(pacts: readonly StatedPact[]): readonly ProviderState[] {
  const states = new Map<string, ProviderState>();
  for (const { consumer, content } of pacts) {
    for (const { name, params } of statesIn(JSON.parse(content))) {
      const key = JSON.stringify([name, params ?? {}]);
      const consumers = new Set([...(states.get(key)?.consumers ?? []), consumer]);
      const hasParams = params !== undefined && Object.keys(params).length > 0;
      states.set(key, {
        name,
        ...(hasParams ? { params } : {}),
        consumers: [...consumers].sort(),
      });
    }
  }
  return [...states.values()].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

type NamedState = Pick<ProviderState, 'name' | 'params'>;

function statesIn(pact: unknown): readonly NamedState[] {
  const { interactions, messages } = record(pact);
  return [...list(interactions), ...list(messages)].flatMap((each) => {
    const interaction = record(each);
    const one = interaction.providerState ?? interaction.provider_state;
    if (typeof one === 'string') return [{ name: one }];
    return list(interaction.providerStates).flatMap((state) => {
      const { name, params } = record(state);
      if (typeof name !== 'string') return [];
      return [{ name, params: record(params) }];
    });
  });
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
