import type { EdgeDetail } from '@concordat/api';
import type { TraceExchange } from './trace-calls.ts';

export type PromisedInteraction = EdgeDetail['interactions'][number];

/** What the pacts in force say about one call, as far as its spans can tell. */
export type PromiseFit =
  /** Promised with this status; several when spans cannot tell them apart. */
  | { readonly kind: 'promised'; readonly interactions: readonly PromisedInteraction[] }
  /** The operation is promised, this status is not. */
  | { readonly kind: 'other-status'; readonly interactions: readonly PromisedInteraction[] }
  | { readonly kind: 'uncovered' }
  | { readonly kind: 'no-pact' }
  | { readonly kind: 'unknown' };

/** Compares by method, path and status only: what else a pact asks for (query, headers, body) the hub itself matches and counts. */
export function fitPromise(
  exchange: TraceExchange,
  interactions: readonly PromisedInteraction[],
): PromiseFit {
  if (interactions.length === 0) return { kind: 'no-pact' };
  if (exchange.kind === 'unknown') return { kind: 'unknown' };
  const fitting = closest(exchange, interactions);
  if (fitting.length === 0) return { kind: 'uncovered' };
  if (exchange.kind === 'message') return { kind: 'promised', interactions: fitting };
  const same = fitting.filter(({ status }) => status === exchange.status);
  if (same.length > 0) return { kind: 'promised', interactions: same };
  return { kind: 'other-status', interactions: fitting };
}

/** Interactions of the operation; fixed text in a path goes before places that vary. */
function closest(
  exchange: Exclude<TraceExchange, { kind: 'unknown' }>,
  interactions: readonly PromisedInteraction[],
): PromisedInteraction[] {
  if (exchange.kind === 'message') {
    const operation = `send ${exchange.event}`;
    return interactions.filter(
      (candidate) => candidate.transport === 'message' && candidate.operation === operation,
    );
  }
  let best = 0;
  let found: PromisedInteraction[] = [];
  for (const candidate of interactions) {
    if (candidate.transport !== 'http') continue;
    const score = pathScore(candidate.operation, exchange.method, exchange.path);
    if (score === 0 || score < best) continue;
    found = score === best ? [...found, candidate] : [candidate];
    best = score;
  }
  return found;
}

/** 0 when the operation is another one; more for every segment that is fixed text. */
function pathScore(operation: string, method: string, path: string): number {
  const space = operation.indexOf(' ');
  if (operation.slice(0, space) !== method) return 0;
  const wanted = segments(operation.slice(space + 1));
  const given = segments(path);
  if (wanted.length !== given.length) return 0;
  let score = 1;
  for (const [index, segment] of wanted.entries()) {
    if (segment === given[index]) score += 1;
    else if (!segment.includes('{')) return 0;
  }
  return score;
}

function segments(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
