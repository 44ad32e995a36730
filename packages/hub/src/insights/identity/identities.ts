import {
  type Call,
  type CallCause,
  mapVersion,
  type Peer,
  peerNames,
  type VersionMapping,
  versionProbes,
} from '@concordat/domain';
import type { Database } from '../../database/database.ts';
import type { PromiseBook } from '../promise-book.ts';
import type { SeenService } from '../version-tally.ts';
import { AliasStore } from './alias-store.ts';
import {
  type InexactVersion,
  isDatabase,
  type KnownName,
  KnownNames,
  type KnownVersion,
} from './known-names.ts';
import { PublishedVersionStore } from './published-version-store.ts';
import type { Rename } from './renaming-store.ts';

/** A hub that shares its database hears nothing of what the others write. */
const OLDEST_MS = 30_000;
/** What is longer is no version; it would only be costly to look for. */
const LONGEST_VERSION = 255;
const MOST_REVISIONS = 20_000;
const LOOK_UPS_AT_ONCE = 20;

/**
 * What services and versions are called by the broker: aliases, addresses, and versions that are written in other ways. Every name is
 * learnt from the database once; what may have been counted under another name, by whatever hub, is told by `takeRenames`.
 */
export class Identities {
  readonly #aliasStore: AliasStore;
  readonly #published: PublishedVersionStore;
  readonly #now: () => Date;
  readonly #names = new KnownNames();
  readonly #revisions = new Map<string, string>();
  readonly #services = new Set<string>();
  #aliases: ReadonlyMap<string, string> = new Map();
  #renames = new Map<string, Rename>();
  #book: PromiseBook | undefined;
  #changed: Set<string> | 'all' = 'all';
  #aliasesAreOld = true;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(db: Database, now: () => Date) {
    this.#aliasStore = new AliasStore(db);
    this.#published = new PublishedVersionStore(db);
    this.#now = now;
  }

  /** Versions of these pacticipants, or of any, have changed. */
  invalidate(pacticipants?: readonly string[]): void {
    if (pacticipants === undefined || this.#changed === 'all') this.#changed = 'all';
    else for (const name of pacticipants) this.#changed.add(name);
  }

  /** Aliases have changed: they are read with the next refresh. */
  aliasesChanged(): void {
    this.#aliasesAreOld = true;
  }

  /** Calls that were counted under the service's own name are the pacticipant's from the next refresh on. */
  rename(rename: Rename): void {
    this.#renames.set(JSON.stringify(rename), rename);
  }

  /** What has to be renamed since this was last asked. */
  takeRenames(): readonly Rename[] {
    const renames = [...this.#renames.values()];
    this.#renames = new Map();
    return renames;
  }

  /** Whether `refresh` would find something to do. */
  isStale(): boolean {
    const isChanged = this.#changed === 'all' || this.#changed.size > 0;
    return this.#aliasesAreOld || isChanged || this.#isOld() || this.#renames.size > 0;
  }

  /** The calls under the names of the broker; undefined when one of the names has to be learnt first. */
  resolveCalls(calls: readonly Call[]): readonly Call[] | undefined {
    return this.#names.resolveCalls(calls);
  }

  resolveCauses(causes: readonly CallCause[]): readonly CallCause[] {
    return causes.map((cause) => this.#names.resolveCause(cause));
  }

  /** A service has told of itself. */
  hear({ service, version, revision }: SeenService): void {
    if (this.#services.size < MOST_REVISIONS) this.#services.add(service);
    if (version === undefined || revision === undefined || revision === '') return;
    const key = revisionKey(service, version);
    if (this.#revisions.get(key) === revision) return;
    if (this.#revisions.size >= MOST_REVISIONS) this.#revisions.clear();
    this.#revisions.set(key, revision);
    const known = this.#names.get(service, false);
    if (known !== undefined) this.invalidate([known.name]);
  }

  /** Looks again at names that may mean something else by now. */
  async refresh(book: PromiseBook): Promise<void> {
    if (this.#isOld()) {
      this.#changed = 'all';
      this.#aliasesAreOld = true;
      this.#readAt = this.#now().getTime();
    }
    if (this.#aliasesAreOld) {
      this.#aliasesAreOld = false;
      const aliases = await this.#aliasStore.all();
      this.#aliases = new Map(aliases.map(({ service, pacticipant }) => [service, pacticipant]));
      this.#book = undefined;
    }
    if (book !== this.#book) this.#renameAll(book);
    this.#book = book;
    const changed = this.#changed;
    this.#changed = new Set();
    if (changed === 'all' || changed.size > 0) await this.#mapAgain(changed);
  }

  /** Learns all names of these calls and resolves them. */
  async learnCalls(book: PromiseBook, calls: readonly Call[]): Promise<readonly Call[]> {
    const peers = calls.flatMap((call) =>
      isDatabase(call) ? [call.consumer] : [call.consumer, call.provider],
    );
    for (const peer of new Set(peers)) await this.learn(book, peer);
    return this.#names.resolveCalls(calls) ?? calls;
  }

  /** The peer under the broker's names. */
  async learn(book: PromiseBook, peer: Peer): Promise<Peer> {
    const resolved = this.#names.resolve(peer);
    if (resolved !== undefined) return resolved;
    const known = this.#names.get(peer.service, peer.virtual) ?? this.#know(book, peer);
    if (known.versions === undefined || peer.version === undefined) {
      return this.#names.resolve(peer) ?? peer;
    }
    const found = await this.#look(known.name, peer.service, peer.version);
    known.versions.set(peer.version, found);
    this.#renameVersion(known.name, peer.version, found);
    return { ...peer, service: known.name, version: found.number };
  }

  hasAlias(service: string): boolean {
    return this.#aliases.has(service);
  }

  /** By what the version was recognised; after `learn`. */
  mappingOf(service: string, version: string): VersionMapping {
    const known = this.#names.get(service, false)?.versions?.get(version);
    return known?.mapping ?? { kind: 'unknown' };
  }

  #isOld(): boolean {
    return this.#now().getTime() - this.#readAt >= OLDEST_MS;
  }

  #know(book: PromiseBook, { service, virtual }: Peer): KnownName {
    const name = this.#nameOf(book, service, virtual);
    const known = { name, versions: book.isPacticipant(name) ? new Map() : undefined };
    this.#names.set(service, virtual, known);
    if (name !== service) this.rename({ from: { service }, to: { service: name } });
    return known;
  }

  #nameOf(book: PromiseBook, service: string, isVirtual: boolean): string {
    const alias = this.#aliases.get(service);
    if (alias !== undefined && book.isPacticipant(alias)) return alias;
    if (!isVirtual || book.isPacticipant(service)) return service;
    for (const name of peerNames(service)) {
      const known = this.#aliases.get(name) ?? name;
      if (book.isPacticipant(known) || this.#services.has(known)) return known;
    }
    return service;
  }

  /** Names under which calls were counted as they came are renamed; those that were renamed stay: nobody knows which were whose. */
  #renameAll(book: PromiseBook): void {
    for (const { name: service, isVirtual, known } of [...this.#names.entries()]) {
      const name = this.#nameOf(book, service, isVirtual);
      const isPacticipant = book.isPacticipant(name);
      if (name === known.name && isPacticipant === (known.versions !== undefined)) continue;
      if (name !== known.name && known.name === service) {
        this.rename({ from: { service }, to: { service: name } });
      }
      this.#names.set(service, isVirtual, {
        name,
        versions: isPacticipant ? new Map() : undefined,
      });
    }
  }

  /** What is exact stays so; what was not may be by now. */
  async #mapAgain(changed: ReadonlySet<string> | 'all'): Promise<void> {
    let looked = 0;
    for (const one of [...this.#names.inexact()]) {
      if (changed !== 'all' && !changed.has(one.known.name)) continue;
      one.known.versions?.set(one.version, await this.#lookAgain(one));
      looked += 1;
      if (looked % LOOK_UPS_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #lookAgain({ service, known, version, before }: InexactVersion): Promise<KnownVersion> {
    const { name } = known;
    const found = await this.#look(name, service, version);
    if (before.number === version) this.#renameVersion(name, version, found);
    return found;
  }

  #renameVersion(service: string, version: string, { number }: KnownVersion): void {
    if (number === version) return;
    this.rename({ from: { service, version }, to: { service, version: number } });
  }

  async #look(pacticipant: string, service: string, version: string): Promise<KnownVersion> {
    const mapping = await this.#map(pacticipant, service, version);
    const isKnown = mapping.kind === 'exact' || mapping.kind === 'mapped';
    return { number: isKnown ? mapping.version : version, mapping };
  }

  async #map(pacticipant: string, service: string, version: string): Promise<VersionMapping> {
    if (version.length > LONGEST_VERSION) return { kind: 'unknown' };
    if (await this.#published.exists(pacticipant, version)) return { kind: 'exact', version };
    const key = revisionKey(service, version);
    const revision = this.#revisions.get(key) ?? (await this.#published.revision(service, version));
    const sent = { version, revision };
    return mapVersion(sent, await this.#published.candidates(pacticipant, versionProbes(sent)));
  }
}

function revisionKey(service: string, version: string): string {
  return `${service}\n${version}`;
}
