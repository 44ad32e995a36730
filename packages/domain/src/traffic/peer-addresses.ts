import type { Half } from './half.ts';
import { virtualPeers } from './pair-halves.ts';

/** Learns from paired calls which service answers at an address, to name the peers that send no spans. */
export interface PeerAddresses {
  learn(caller: Half, callee: Half): void;
  nameOf(caller: Half): string;
}

/** Bounded: at `max` addresses the one learnt first is forgotten. An address that two services answer at names neither. */
export function createPeerAddresses(max: number): PeerAddresses {
  const services = new Map<string, string | null>();
  return {
    learn(caller, callee) {
      const { address } = caller;
      if (address === undefined || caller.kind !== 'client') return;
      const known = services.get(address);
      if (known === callee.service || known === null) return;
      services.set(address, known === undefined ? callee.service : null);
      if (services.size > max) services.delete(services.keys().next().value as string);
    },
    nameOf(caller) {
      const { address, peerService } = caller;
      if (peerService !== undefined) return peerService;
      if (address === undefined) return virtualPeers.unknown;
      return services.get(address) ?? address;
    },
  };
}
