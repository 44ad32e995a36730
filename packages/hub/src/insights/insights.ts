import type { Edge, EdgeDetail, Summary } from '@concordat/api';
import {
  type Call,
  type CallCause,
  type EvidenceFloor,
  type Finding,
  TestTraffic,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { CallCountStore, type CallFilter } from './call-count-store.ts';
import { ContractBook } from './contract-book.ts';
import type { ContractSources } from './contract-facts.ts';
import { type ContractHealth, contractHealth } from './contract-health.ts';
import { Deployments } from './deployments/deployments.ts';
import { EdgeLatencyStore } from './edge-latency-store.ts';
import { Findings } from './findings/findings.ts';
import { GuardCountStore } from './guard/guard-count-store.ts';
import { Identities } from './identity/identities.ts';
import { CallNaming } from './identity/name-calls.ts';
import type { Rename } from './identity/renaming-store.ts';
import { KnownSources } from './known-sources.ts';
import { observePair, type VerdictsOf } from './observe-pair.ts';
import type { FindingSources } from './open-findings.ts';
import { OperationLinkStore } from './operation-link-store.ts';
import type { PromiseBook } from './promise-book.ts';
import { PromiseStore } from './promise-store.ts';
import type { QualityFacts } from './quality-facts.ts';
import { type EdgeSources, pairsOf, readEdge, usageOf } from './read-edges.ts';
import { CallRecorder, defaultRecorder, type RecorderOptions } from './record-calls.ts';
import { summaryOf } from './summary-of.ts';
import type { SeenService } from './version-tally.ts';

export interface InsightsDeps {
  readonly db: Database;
  readonly contracts: ContractSources;
  /** None says anything when not given. */
  readonly verdictsOf?: VerdictsOf;
  readonly floor: EvidenceFloor;
  /** So long a finding must not be seen before other traffic resolves it; a day when not given. */
  readonly quietHours?: number;
  /** Services that only pass calls on. */
  readonly gateways?: readonly string[];
  /** What tests do is not counted; that of the environment `test` when not given. */
  readonly tests?: TestTraffic;
  /** Resolves when everything that spans said so far has been recorded. */
  readonly settle?: () => Promise<void>;
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly recorder?: RecorderOptions;
}

/** Promised, observed and deployed, joined. Every read first writes what was recorded before it, so it never lags behind. */
export class Insights {
  readonly #known: KnownSources;
  readonly #now: () => Date;
  readonly #stores: {
    readonly counts: CallCountStore;
    readonly latencies: EdgeLatencyStore;
    readonly links: OperationLinkStore;
    readonly guards: GuardCountStore;
    readonly promises: PromiseStore;
  };
  readonly #book: ContractBook;
  readonly findings: Findings;
  readonly #recorder: CallRecorder;
  readonly identities: Identities;
  readonly deployments: Deployments;
  readonly #naming: CallNaming;
  readonly #onError: (error: unknown) => void;
  readonly #settle: () => Promise<void>;
  readonly #verdictsOf: VerdictsOf;
  #forgetting: Promise<void> = Promise.resolve();

  constructor(deps: InsightsDeps) {
    const { db, now, onError } = deps;
    this.#now = now;
    this.#onError = onError;
    this.#settle = deps.settle ?? (() => Promise.resolve());
    this.#verdictsOf = deps.verdictsOf ?? (() => Promise.resolve([]));
    this.#stores = {
      counts: new CallCountStore(db),
      latencies: new EdgeLatencyStore(db),
      links: new OperationLinkStore(db),
      guards: new GuardCountStore(db),
      promises: new PromiseStore(db),
    };
    this.identities = new Identities(db, now);
    this.deployments = new Deployments({ db, identities: this.identities, floor: deps.floor, now });
    const { floor, quietHours = 24, gateways = [], recorder: options = defaultRecorder } = deps;
    const sources = async (isFlushed: boolean): Promise<FindingSources> => {
      if (isFlushed) await this.flush();
      return await this.#known.forFindings(await this.book());
    };
    const open = () => this.openFindings();
    this.findings = new Findings({ db, floor, quietHours, now, sources, open, onError });
    this.#known = new KnownSources({
      ...{ db, stores: this.#stores, deployments: this.deployments, floor, now },
      findings: (facts) => this.findings.current(facts),
    });
    const { store, lives } = this.findings;
    const kept = { findings: store, lives };
    this.#book = new ContractBook({ sources: deps.contracts, ...this.#stores, ...kept, now });
    this.#recorder = new CallRecorder({
      ...{ db, book: this.#book, findings: store, gateways, now, options, onError },
      onFlushed: () => {
        this.#naming.renew();
        this.findings.changed();
      },
    });
    const { identities } = this;
    this.#naming = new CallNaming({
      ...{ db, identities, traffic: this.#recorder, onError },
      book: () => this.book(),
      tests: deps.tests ?? new TestTraffic(),
      capacity: options.capacity,
      onRenamed: async (ids) => {
        await lives.resolve(ids, { at: now().getTime() * 1000, resolution: 'no-longer-seen' });
      },
    });
  }

  /** Queues paired calls; returns at once. */
  recordCalls(calls: readonly Call[]): void {
    this.#naming.record(calls);
  }

  /** Takes late verdicts of live guards about calls that were recorded before; returns at once. */
  recordVerdicts(verdicts: readonly Call[]): void {
    this.#naming.judge(verdicts);
  }

  /** Counts what calls were made for; returns at once. */
  recordCauses(causes: readonly CallCause[]): void {
    this.#naming.cause(causes);
  }

  /** Queues what services were seen; returns at once. */
  recordServices(services: readonly SeenService[]): void {
    this.#naming.see(services);
  }

  /**
   * Contracts, verifications or deployments have changed, of these pacticipants or anyone's; within seconds promises are watched and
   * findings judged anew, and before any call or read.
   */
  contractsChanged(pacticipants?: readonly string[]): void {
    this.#book.invalidate(pacticipants);
    this.identities.invalidate(pacticipants);
    this.#recorder.scheduleRefresh();
  }

  /** Aliases have changed: names are read anew, and what was counted under this one is counted under the other when it resolves. */
  async aliasesChanged(rename?: Rename): Promise<void> {
    this.identities.aliasesChanged();
    if (rename !== undefined) this.identities.rename(rename);
    await this.flush();
  }

  /** The contracts as they are now. */
  async book(): Promise<PromiseBook> {
    return this.#book.peek() ?? (await this.#book.current());
  }

  get droppedCalls(): number {
    return this.#naming.dropped + this.#recorder.dropped;
  }

  async edges(filter: CallFilter): Promise<readonly Edge[]> {
    return await this.#known.edges(await this.#freshBook(), filter);
  }

  async edge(
    consumer: string,
    provider: string,
    filter: CallFilter = {},
  ): Promise<EdgeDetail | undefined> {
    const pair = { consumer, provider };
    const sources = await this.#known.timed(await this.#freshBook(), filter);
    const [book, verdictsOf] = [sources.book, this.#verdictsOf];
    const observed = await observePair({ ...this.#stores, book, verdictsOf }, pair, filter);
    return readEdge(sources, pair, observed);
  }

  /** Those that are not resolved, the latest seen first. */
  async openFindings(): Promise<readonly Finding[]> {
    const { findings } = await this.#sources({});
    return findings;
  }

  async summary(): Promise<Summary> {
    return summaryOf(await this.#sources({}));
  }

  /** How well a service kept its contracts in the last hours. */
  async quality(service: string, hours: number): Promise<QualityFacts> {
    const start = this.#now().getTime() - hours * 3_600_000;
    const filter = { since: Math.max(1, Math.floor(start / 60_000)) };
    const sources = await this.#sources(filter);
    const { counts } = this.#stores;
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
      versions: await this.deployments.seen(sources.book, service, start * 1000),
      consumers: await counts.consumers(service, filter),
    };
  }

  /** What `/metrics` tells of contracts. */
  async health(): Promise<ContractHealth> {
    return contractHealth(await this.#sources({}));
  }

  async flush(): Promise<void> {
    await this.#settle();
    await this.#naming.settle();
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
    await this.findings.close();
    await this.#naming.close();
    await this.#recorder.close();
  }

  async #sources(filter: CallFilter): Promise<EdgeSources> {
    return await this.#known.sources(await this.#freshBook(), filter);
  }

  /** After everything that was recorded before is written. */
  async #freshBook(): Promise<PromiseBook> {
    await this.flush();
    return await this.#book.current();
  }
}
