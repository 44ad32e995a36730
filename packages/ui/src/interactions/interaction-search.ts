import type { InteractionsQuery } from '@concordat/api';

/** What the address asks for; empty text is no filter. */
export interface InteractionSearch {
  readonly text: string;
  readonly consumer: string;
  readonly provider: string;
  readonly kind: string;
  /** Also what no head of a branch and no running version promises any more. */
  readonly past: boolean;
  /** From 1. */
  readonly page: number;
}

const hitsAtOnce = 50;

export const interactionKinds: readonly (readonly [kind: string, words: string])[] = [
  ['http', 'HTTP'],
  ['message', 'Messages'],
  ['synchronous-message', 'Synchronous messages'],
];

/** Reads the search from the address; what makes no sense is left out. */
export function readInteractionSearch(query: URLSearchParams): InteractionSearch {
  const page = Number(query.get('page') ?? 1);
  return {
    text: query.get('q') ?? '',
    consumer: query.get('consumer') ?? '',
    provider: query.get('provider') ?? '',
    kind: query.get('kind') ?? '',
    past: query.get('past') === '1',
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** The same search as the hub's API takes it. */
export function interactionsQuery(search: InteractionSearch): InteractionsQuery {
  const { text, consumer, provider, kind, past, page } = search;
  const given = Object.entries({ q: text.trim(), consumer, provider, kind }).filter(
    ([, value]) => value !== '',
  );
  return {
    ...Object.fromEntries(given),
    ...(past ? { scope: 'all' } : {}),
    page,
    size: hitsAtOnce,
  };
}
