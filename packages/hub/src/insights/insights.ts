import type { Edge, EdgeDetail, Summary } from '@concordat/api';
import type { Call, CallCause, EvidenceFloor, Finding } from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { CallCountStore, type CallFilter } from './call-count-store.ts';
import { ContractBook } from './contract-book.ts';
import type { ContractSources } from './contract-facts.ts';
import { type ContractHealth, contractHealth } from './contract-health.ts';
import { EdgeLatencyStore } from './edge-latency-store.ts';
import { FindingStore } from './finding-store.ts';
import { gatherFacts, type TrafficFacts } from './gather-facts.ts';
import { openFindings } from './open-findings.ts';
import { GuardCountStore } from './guard/guard-count-store.ts';
import { guardsByOperation } from './guard/guards-by-operation.ts';
import { OperationLinkStore } from './operation-link-store.ts';
import type { PromiseBook } from './promise-book.ts';
import { PromiseStore } from './promise-store.ts';
import type { QualityFacts } from './quality-facts.ts';
import {
  type EdgeSources,
  latenciesByEdge,
  pairsOf,
  readEdge,
  readEdges,
  usageOf,
} from './read-edges.ts';
import { CallRecorder, defaultRecorder, type RecorderOptions } from './record-calls.ts';
import { type RecordedVersion, type VersionSighting, VersionStore } from './version-store.ts';
import type { SeenService } from './version-tally.ts';

export interface InsightsDeps {
  readonly db: Database;
  readonly contracts: ContractSources;
  readonly floor: EvidenceFloor;
  /** Resolves when everything that spans said so far has been recorded. */
  readonly settle?: () => Promise<void>;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly recorder?: RecorderOptions;
}

/** Promised, observed and deployed, joined. Every read first writes what was recorded before it, so it never lags behind. */
export class Insights {
  readonly #floor: EvidenceFloor;
  readonly #now: () => Date;
  readonly #stores: {
    readonly counts: CallCountStore;
    readonly latencies: EdgeLatencyStore;
    readonly links: OperationLinkStore;
    readonly guards: GuardCountStore;
    readonly findings: FindingStore;
    readonly promises: PromiseStore;
    readonly versions: VersionStore;
  };
  readonly #book: ContractBook;
  readonly #recorder: CallRecorder;
  readonly #contracts: ContractSources;
  readonly #onError: (error: unknown) => void;
  readonly #settle: () => Promise<void>;
  #forgetting: Promise<void> = Promise.resolve();

  constructor(deps: InsightsDeps) {
    const { db, now, onError } = deps;
    this.#floor = deps.floor;
    this.#now = now;
    this.#onError = onError;
    this.#settle = deps.settle ?? (() => Promise.resolve());
    this.#contracts = deps.contracts;
    this.#stores = {
      counts: new CallCountStore(db),
      latencies: new EdgeLatencyStore(db),
      links: new OperationLinkStore(db),
      guards: new GuardCountStore(db),
      findings: new FindingStore(db),
      promises: new PromiseStore(db),
      versions: new VersionStore(db),
    };
    this.#book = new ContractBook({ sources: deps.contracts, ...this.#stores, now });
    const options = deps.recorder ?? defaultRecorder;
    this.#recorder = new CallRecorder({ db, book: this.#book, now, options, onError });
  }

  /** Queues paired calls; returns at once. */
  recordCalls(calls: readonly Call[]): void {
    this.#recorder.record(calls);
  }

  /** Takes late verdicts of live guards about calls that were recorded before; returns at once. */
  recordVerdicts(verdicts: readonly Call[]): void {
    this.#recorder.judge(verdicts);
  }

  /** Counts what calls were made for; returns at once. */
  recordCauses(causes: readonly CallCause[]): void {
    this.#recorder.cause(causes);
  }

  /** Queues what services were seen; returns at once. */
  recordServices(services: readonly SeenService[]): void {
    this.#recorder.see(services);
  }

  /**
   * Contracts, verifications or deployments have changed, of these pacticipants or anyone's; within seconds promises are watched and
   * findings judged anew, and before any call or read.
   */
  contractsChanged(pacticipants?: readonly string[]): void {
    this.#book.invalidate(pacticipants);
    this.#recorder.scheduleRefresh();
  }

  /** The contracts as they are now. */
  async book(): Promise<PromiseBook> {
    return this.#book.peek() ?? (await this.#book.current());
  }

  get droppedCalls(): number {
    return this.#recorder.dropped;
  }

  async edges(filter: CallFilter): Promise<readonly Edge[]> {
    return readEdges(await this.#timedSources(filter));
  }

  async edge(
    consumer: string,
    provider: string,
    filter: CallFilter = {},
  ): Promise<EdgeDetail | undefined> {
    const pair = { consumer, provider };
    const sources = await this.#timedSources(filter);
    const { counts, latencies, links, guards } = this.#stores;
    return readEdge(sources, pair, {
      operations: await counts.operations(pair, filter),
      latencies: await latencies.operations(pair, filter),
      links: await links.between(pair, filter),
      guards: guardsByOperation(
        await guards.operations(pair, filter),
        await guards.mismatches(pair, filter),
      ),
    });
  }

  async findings(): Promise<readonly Finding[]> {
    const { findings } = await this.#sources({});
    return findings;
  }

  async summary(): Promise<Summary> {
    const sources = await this.#sources({});
    const edges = readEdges(sources);
    const sum = (value: (edge: Edge) => number): number =>
      edges.reduce((total, edge) => total + value(edge), 0);
    const { book, traffic, findings } = sources;
    const pacts = book
      .pairs()
      .reduce((total, pair) => total + book.pactsBetween(pair, undefined).length, 0);
    return {
      services: servicesIn(book, traffic).size,
      contracts: pacts + book.providerContracts.documents,
      pacts,
      providerContracts: book.providerContracts.documents,
      interactions: sum(({ promised }) => promised),
      verified: sum(({ verified }) => verified),
      used: sum(({ used }) => used),
      notSeen: sum(({ notSeen }) => notSeen),
      noEvidence: sum(({ noEvidence }) => noEvidence),
      edges: edges.length,
      calls: sum(({ calls }) => calls),
      findings: countByKind(findings),
    };
  }

  /** How well a service kept its contracts in the last hours. */
  async quality(service: string, hours: number): Promise<QualityFacts> {
    const start = this.#now().getTime() - hours * 3_600_000;
    const filter = { since: Math.max(1, Math.floor(start / 60_000)) };
    const sources = await this.#sources(filter);
    const { counts, versions } = this.#stores;
    const pairs = pairsOf(sources, service).map(async (pair) => {
      const pacts = sources.book.pactsBetween(pair, undefined);
      return {
        ...pair,
        interactions: usageOf(sources, pair),
        operations: await counts.operations(pair, filter),
        consumerVersions: [...new Set(pacts.map(({ consumerVersion }) => consumerVersion))],
      };
    });
    return {
      service,
      pairs: await Promise.all(pairs),
      findings: sources.findings.filter(
        ({ consumer, provider }) => consumer === service || provider === service,
      ),
      versions: await versions.seenSince(service, start * 1000),
      consumers: await counts.consumers(service, filter),
    };
  }

  /** What `/metrics` tells of contracts. */
  async health(): Promise<ContractHealth> {
    return contractHealth(await this.#sources({}));
  }

  async flush(): Promise<void> {
    await this.#settle();
    await this.#recorder.flush();
  }

  /** Drops minute counts that are older than this, in the background; totals of all time stay. A failure is reported. */
  forgetBefore(time: Date): void {
    const minute = Math.floor(time.getTime() / 60_000);
    const forget = async (): Promise<void> => {
      await this.#stores.counts.forgetBefore(minute);
      await this.#stores.latencies.forgetBefore(minute);
      await this.#stores.links.forgetBefore(minute);
    };
    this.#forgetting = this.#forgetting.then(forget).catch(this.#onError);
  }

  async close(): Promise<void> {
    await this.#forgetting;
    await this.#recorder.close();
  }

  async #unrecorded(): Promise<readonly VersionSighting[]> {
    const { versions } = this.#stores;
    const sightings = await versions.unrecorded();
    const recorded = await this.#contracts.everRecorded(sightings.map(recordOf));
    if (recorded.length === 0) {
      return sightings;
    }
    await versions.markRecorded(recorded);
    return await versions.unrecorded();
  }

  async #timedSources(filter: CallFilter): Promise<EdgeSources> {
    const sources = await this.#sources(filter);
    const latencies = await this.#stores.latencies.edges(filter);
    return { ...sources, latencies: latenciesByEdge(latencies) };
  }

  async #sources(filter: CallFilter): Promise<EdgeSources> {
    await this.flush();
    const book = await this.#book.current();
    const traffic = await gatherFacts(this.#stores, filter);
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const findings = openFindings({
      book,
      traffic: isFiltered ? await gatherFacts(this.#stores, {}) : traffic,
      floor: this.#floor,
      sightings: await this.#stores.findings.open(),
      unrecorded: await this.#unrecorded(),
    });
    return {
      book,
      traffic,
      floor: this.#floor,
      environment: filter.environment,
      latencies: new Map(),
      findings: findings.filter((finding) => isOf(finding, filter.environment)),
    };
  }
}

function recordOf({ service, version, environment }: VersionSighting): RecordedVersion {
  return { pacticipant: service, version, environment };
}

/** A finding without an environment is about all of them. */
function isOf({ environment }: Finding, asked: string | undefined): boolean {
  return asked === undefined || environment === undefined || environment === asked;
}

function servicesIn(book: PromiseBook, traffic: TrafficFacts): ReadonlySet<string> {
  const services = new Set(book.pacticipants);
  for (const edge of traffic.totals.values()) {
    if (!edge.consumerVirtual) {
      services.add(edge.consumer);
    }
    if (!edge.providerVirtual) {
      services.add(edge.provider);
    }
  }
  return services;
}

function countByKind(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of findings) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
