// Hot path: every call names two peers. Peers of a batch that are alike are one object, so most cost a single look-up.
import type { Call, CallCause, Peer, VersionMapping } from '@concordat/domain';

/** A version of a pacticipant as it is sent, and what the broker calls it. */
export interface KnownVersion {
  readonly number: string;
  readonly mapping: VersionMapping;
}

/** What a service or an address is called by the broker; without versions it is no pacticipant. */
export interface KnownName {
  readonly name: string;
  readonly versions: Map<string, KnownVersion> | undefined;
}

export interface InexactVersion {
  /** As it is sent, like the version. */
  readonly service: string;
  readonly known: KnownName;
  readonly version: string;
  readonly before: KnownVersion;
}

const MOST_NAMES = 20_000;
const MOST_VERSIONS = 2000;

/** The names that calls had so far, with what they mean. Bounded: a full one begins anew, and what it knew is learnt again. */
export class KnownNames {
  readonly #services = new Map<string, KnownName>();
  /** Names of peers that send no spans: they may be addresses. */
  readonly #addresses = new Map<string, KnownName>();

  get(name: string, isVirtual: boolean): KnownName | undefined {
    return (isVirtual ? this.#addresses : this.#services).get(name);
  }

  set(name: string, isVirtual: boolean, known: KnownName): void {
    if (this.#services.size + this.#addresses.size >= MOST_NAMES) {
      this.#services.clear();
      this.#addresses.clear();
    }
    (isVirtual ? this.#addresses : this.#services).set(name, known);
  }

  *entries(): Generator<{
    readonly name: string;
    readonly isVirtual: boolean;
    readonly known: KnownName;
  }> {
    for (const [name, known] of this.#services) yield { name, isVirtual: false, known };
    for (const [name, known] of this.#addresses) yield { name, isVirtual: true, known };
  }

  /** Versions that the broker does not know under the number that they are sent as. */
  *inexact(): Generator<InexactVersion> {
    for (const { name: service, known } of this.entries()) {
      for (const [version, before] of known.versions ?? []) {
        if (before.mapping.kind !== 'exact') yield { service, known, version, before };
      }
    }
  }

  /** The peer as the broker calls it, itself when it is called so; undefined when that has to be learnt first. */
  resolve(peer: Peer): Peer | undefined {
    const known = (peer.virtual ? this.#addresses : this.#services).get(peer.service);
    if (known === undefined) return undefined;
    const version = versionOf(known, peer.version);
    if (version === UNKNOWN) return undefined;
    if (known.name === peer.service && version === peer.version) return peer;
    return { service: known.name, version, virtual: peer.virtual };
  }

  /** The calls with their peers resolved; undefined when one of them has to be learnt first. */
  resolveCalls(calls: readonly Call[]): readonly Call[] | undefined {
    const peers = new Map<Peer, Peer>();
    const resolved: Call[] = new Array(calls.length);
    for (let at = 0; at < calls.length; at += 1) {
      const call = calls[at] as Call;
      const consumer = this.#known(call.consumer, peers);
      const provider = isDatabase(call) ? call.provider : this.#known(call.provider, peers);
      if (consumer === undefined || provider === undefined) return undefined;
      const isSame = consumer === call.consumer && provider === call.provider;
      resolved[at] = isSame ? call : { ...call, consumer, provider };
    }
    return resolved;
  }

  /** Names that have not been learnt stay as they are: what made a call is told after the call. */
  resolveCause(cause: CallCause): CallCause {
    const { service, outbound } = cause;
    const name = this.#services.get(service)?.name ?? service;
    const called =
      this.#services.get(outbound.service) ?? this.#addresses.get(outbound.service) ?? undefined;
    if (name === service && (called?.name ?? outbound.service) === outbound.service) return cause;
    return {
      ...cause,
      service: name,
      outbound: { ...outbound, service: called?.name ?? outbound.service },
    };
  }

  #known(peer: Peer, peers: Map<Peer, Peer>): Peer | undefined {
    const known = peers.get(peer);
    if (known !== undefined) return known;
    const resolved = this.resolve(peer);
    if (resolved !== undefined) peers.set(peer, resolved);
    return resolved;
  }
}

/** The provider of a query is a database, whatever else has its name. */
export function isDatabase({ exchange }: Call): boolean {
  return exchange.kind === 'database';
}

const UNKNOWN = Symbol('unknown');

function versionOf(
  { versions }: KnownName,
  version: string | undefined,
): string | undefined | typeof UNKNOWN {
  if (versions === undefined || version === undefined) return version;
  const known = versions.get(version);
  if (known !== undefined) return known.number;
  return versions.size >= MOST_VERSIONS ? version : UNKNOWN;
}
