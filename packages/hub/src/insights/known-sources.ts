import type { Edge } from '@concordat/api';
import type { EvidenceFloor, Finding } from '@concordat/domain';
import { storedState } from '../database/contract-state.ts';
import type { Database } from '../database/database.ts';
import type { CallCountStore, CallFilter } from './call-count-store.ts';
import type { Deployments } from './deployments/deployments.ts';
import type { EdgeLatencyStore } from './edge-latency-store.ts';
import { versionDefects } from './findings/version-facts.ts';
import { gatherFacts, type TrafficFacts } from './gather-facts.ts';
import { KnownAnswer } from './known-answer.ts';
import type { FindingSources } from './open-findings.ts';
import type { PromiseBook } from './promise-book.ts';
import type { PromiseStore } from './promise-store.ts';
import { type EdgeSources, latenciesByEdge, readEdges } from './read-edges.ts';

export interface KnownSourcesDeps {
  readonly db: Database;
  readonly stores: {
    readonly counts: CallCountStore;
    readonly latencies: EdgeLatencyStore;
    readonly promises: PromiseStore;
  };
  readonly deployments: Deployments;
  readonly floor: EvidenceFloor;
  readonly now: () => Date;
  /** Those that follow from these facts, and those that calls showed. */
  readonly findings: (sources: FindingSources) => Promise<readonly Finding[]>;
}

/** Environments come from questions too. */
const MOST_KNOWN = 50;

/** What answers about edges and findings are drawn from, gathered once for all who ask while nothing changes. */
export class KnownSources {
  readonly #deps: KnownSourcesDeps;
  readonly #known = new Map<string | undefined, KnownAnswer<Drawn>>();

  constructor(deps: KnownSourcesDeps) {
    this.#deps = deps;
  }

  async sources(book: PromiseBook, filter: CallFilter): Promise<EdgeSources> {
    return (await this.#get(book, filter)).sources;
  }

  /** With how long calls took. */
  async timed(book: PromiseBook, filter: CallFilter): Promise<EdgeSources> {
    return this.#timed(await this.#get(book, filter), filter);
  }

  async edges(book: PromiseBook, filter: CallFilter): Promise<readonly Edge[]> {
    const drawn = await this.#get(book, filter);
    const edges = drawn.edges ?? readEdges(await this.#timed(drawn, filter));
    drawn.edges = edges;
    return edges;
  }

  /** Of all time and everywhere. */
  async forFindings(book: PromiseBook, known?: TrafficFacts): Promise<FindingSources> {
    const { db, stores, deployments, floor } = this.#deps;
    return {
      book,
      traffic: known ?? (await gatherFacts(stores, {})),
      floor,
      versions: await versionDefects({ db, deployments, floor }, book),
    };
  }

  #get(book: PromiseBook, filter: CallFilter): Promise<Drawn> {
    const basis = { state: storedState(this.#deps.db), book };
    return this.#answerTo(filter).get(basis, () => this.#draw(book, filter));
  }

  /** Answers about a span of time are for one asker: the next asks about another. */
  #answerTo({ environment, since, until }: CallFilter): KnownAnswer<Drawn> {
    const fresh = () => new KnownAnswer<Drawn>(() => this.#deps.now().getTime());
    if (since !== undefined || until !== undefined) return fresh();
    const known = this.#known.get(environment) ?? fresh();
    if (this.#known.size < MOST_KNOWN) this.#known.set(environment, known);
    return known;
  }

  async #timed(drawn: Drawn, filter: CallFilter): Promise<EdgeSources> {
    if (drawn.timed !== undefined) return drawn.timed;
    const latencies = await this.#deps.stores.latencies.edges(filter);
    const timed = { ...drawn.sources, latencies: latenciesByEdge(latencies) };
    drawn.timed = timed;
    return timed;
  }

  async #draw(book: PromiseBook, filter: CallFilter): Promise<Drawn> {
    const { stores, floor, findings } = this.#deps;
    const { environment } = filter;
    const traffic = await gatherFacts(stores, filter);
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const everywhere = isFiltered ? await gatherFacts(stores, {}) : traffic;
    const found = await findings(await this.forFindings(book, everywhere));
    return {
      sources: {
        ...{ book, traffic, floor, environment, latencies: new Map() },
        findings: found.filter((finding) => isOf(finding, environment)),
      },
      ...{ timed: undefined, edges: undefined },
    };
  }
}

/** With what was made of them so far. */
interface Drawn {
  readonly sources: EdgeSources;
  timed: EdgeSources | undefined;
  edges: readonly Edge[] | undefined;
}

/** A finding without an environment is about all of them. */
function isOf({ environment }: Finding, asked: string | undefined): boolean {
  return asked === undefined || environment === undefined || environment === asked;
}
