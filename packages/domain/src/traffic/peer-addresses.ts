import { type Half, spanKinds } from './half.ts';
import { virtualPeers } from './pair-halves.ts';

/** Two services answered there: it names neither. */
const ambiguous = Symbol('ambiguous');

/**
 * Learns from paired calls which service answers at an address, to name the peers that send no spans. Bounded: at `max` addresses
 * one of the host learnt first is forgotten.
 */
export class PeerAddresses {
  readonly #max: number;
  readonly #hosts = new Map<string, Map<number | undefined, string | typeof ambiguous>>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  learn({ host, port, kind }: Half, { sender }: Half): void {
    if (host === undefined || kind !== spanKinds.client) return;
    const { service } = sender.peer;
    const ports = this.#hosts.get(host) ?? new Map<number | undefined, string>();
    const known = ports.get(port);
    if (known === service || known === ambiguous) return;
    ports.set(port, known === undefined ? service : ambiguous);
    this.#hosts.set(host, ports);
    if (known === undefined) this.#size += 1;
    if (this.#size > this.#max) this.#forgetFirst();
  }

  nameOf({ host, port, peerService }: Half): string {
    if (peerService !== undefined) return peerService;
    if (host === undefined) return virtualPeers.unknown;
    const known = this.#hosts.get(host)?.get(port);
    if (known !== undefined && known !== ambiguous) return known;
    if (port === undefined) return host;
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  }

  #forgetFirst(): void {
    const [host, ports] = this.#hosts.entries().next().value as [string, Map<number, string>];
    ports.delete(ports.keys().next().value as number);
    if (ports.size === 0) this.#hosts.delete(host);
    this.#size -= 1;
  }
}
