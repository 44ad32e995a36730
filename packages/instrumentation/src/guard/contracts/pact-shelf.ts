import { RouteResolver } from '@concordat/conformance';
import type { HeldPact } from './held-pact.ts';

/** The pacts in which the service has one role, grouped by who has the other. */
export interface Shelf {
  /** By the name of the other pacticipant. */
  readonly byPeer: ReadonlyMap<string, readonly HeldPact[]>;
  /** Every status that any of them promises. */
  readonly statuses: ReadonlySet<number>;
  readonly resolver: RouteResolver;
  readonly hasHttp: boolean;
  readonly hasMessages: boolean;
}

/** Sorts pacts: those the service keeps as a provider, those it holds others to as a consumer. */
export function shelve(
  pacts: readonly HeldPact[],
  service: string,
): { readonly provider: Shelf; readonly consumer: Shelf } {
  return {
    provider: shelfOf(
      pacts.filter(({ provider }) => provider === service),
      ({ consumer }) => consumer,
    ),
    consumer: shelfOf(
      pacts.filter(({ consumer }) => consumer === service),
      ({ provider }) => provider,
    ),
  };
}

function shelfOf(pacts: readonly HeldPact[], peerOf: (pact: HeldPact) => string): Shelf {
  const byPeer = new Map<string, HeldPact[]>();
  for (const pact of pacts) {
    const peer = peerOf(pact);
    const held = byPeer.get(peer) ?? [];
    held.push(pact);
    byPeer.set(peer, held);
  }
  const interactions = pacts.flatMap(({ contract }) => contract.interactions);
  return {
    byPeer,
    statuses: new Set(interactions.flatMap(({ status }) => (status === undefined ? [] : [status]))),
    resolver: new RouteResolver({ pacts: pacts.map(({ compiled }) => compiled) }),
    hasHttp: interactions.some(({ transport }) => transport === 'http'),
    hasMessages: interactions.some(({ transport }) => transport === 'message'),
  };
}
