import type { Exchange, HttpExchange, MessageExchange } from '@concordat/domain';
import type { CompiledPact } from './compile-pact.ts';
import type { HttpCandidate } from './match-http.ts';
import type { PromisedInteraction } from './promised-interaction.ts';

/** What the pacts in force say about one observed exchange. */
export type CallMatch =
  /** Request and status are promised; without a status the request alone. */
  | { readonly kind: 'promised'; readonly interactions: readonly PromisedInteraction[] }
  | {
      readonly kind: 'unpromised-status';
      readonly operation: string;
      /** The statuses that are promised for it, ascending. */
      readonly promised: readonly number[];
    }
  | { readonly kind: 'uncovered' }
  /** The spans do not say enough (an event without a name), or pacts do not speak of such exchanges (databases, remote procedures). */
  | { readonly kind: 'undecided' };

const UNCOVERED: CallMatch = { kind: 'uncovered' };
const UNDECIDED: CallMatch = { kind: 'undecided' };

/**
 * Judges one exchange with all pacts in force for it; a promise of any of them counts. `queryKnown` is false when the exchange comes
 * from spans that do not tell the query.
 */
export function matchCall(
  pacts: readonly CompiledPact[],
  exchange: Exchange,
  queryKnown: boolean,
): CallMatch {
  switch (exchange.kind) {
    case 'http':
      return matchHttp(pacts, exchange, queryKnown);
    case 'message':
      return matchMessage(pacts, exchange);
    case 'database':
    case 'rpc':
      return UNDECIDED;
  }
}

function matchHttp(
  pacts: readonly CompiledPact[],
  exchange: HttpExchange,
  queryKnown: boolean,
): CallMatch {
  const candidates = pacts.flatMap((pact) => pact.http.candidates(exchange, queryKnown));
  if (candidates.length === 0) {
    return UNCOVERED;
  }
  const { status } = exchange;
  const answered =
    status === undefined
      ? candidates
      : candidates.filter((found) => accepts(found, exchange, status));
  const best = closest(answered);
  if (best.length > 0) {
    return { kind: 'promised', interactions: best.map(({ promise }) => promise.interaction) };
  }
  const [first] = closest(candidates);
  const statuses = new Set(candidates.map(({ promise }) => promise.status));
  return {
    kind: 'unpromised-status',
    operation: first?.promise.interaction.operation ?? '',
    promised: [...statuses].sort((left, right) => left - right),
  };
}

/** 304 is the cached form of a promised success: which of the two comes depends on what the client still holds. */
function accepts(found: HttpCandidate, exchange: HttpExchange, status: number): boolean {
  const { promise } = found;
  return (
    promise.acceptsStatus(status) ||
    (status === 304 && exchange.method !== 'POST' && promise.acceptsStatus(200))
  );
}

function closest(candidates: readonly HttpCandidate[]): readonly HttpCandidate[] {
  let top = -1;
  for (const { rank } of candidates) {
    top = Math.max(top, rank);
  }
  return candidates.filter(({ rank }) => rank === top);
}

function matchMessage(pacts: readonly CompiledPact[], exchange: MessageExchange): CallMatch {
  const answers = pacts.map((pact) => pact.messages.candidates(exchange));
  const interactions = answers.flatMap((answer) => answer ?? []);
  if (interactions.length > 0) {
    return { kind: 'promised', interactions };
  }
  return answers.includes(undefined) || exchange.event === undefined ? UNDECIDED : UNCOVERED;
}
