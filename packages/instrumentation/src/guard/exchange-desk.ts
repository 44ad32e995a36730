import type { HttpSample, Judgement, MessageSample } from '@concordat/conformance';
import type { GuardVerdict } from '@concordat/domain';
import type { Attributes, Span, SpanContext } from '@opentelemetry/api';
import { silentPaths } from '../instrumentations/silent-paths.ts';
import { AdaptiveSampler } from './adaptive-sampler.ts';
import type { Caller } from './caller-name.ts';
import type { HeldPact } from './contracts/held-pact.ts';
import { type Shelf, shelve } from './contracts/pact-shelf.ts';
import { GuardTally } from './guard-counts.ts';
import type { GuardSettings } from './guard-options.ts';
import { emitVerdicts, isRecorded } from './verdict/emit-verdict.ts';
import { guardMismatches } from './verdict/guard-mismatches.ts';
import { fieldsOfBody } from './verdict/json-fields.ts';
import { PeerJudge, type PeerJudgement } from './verdict/judge-peers.ts';
import { ProviderNames } from './verdict/provider-names.ts';
import { withoutUnknownMetadata } from './verdict/unknown-metadata.ts';

export type Side = GuardVerdict['side'];

/** Leave to look at one exchange. */
export interface Ticket {
  readonly side: Side;
  readonly operation: string;
  /** What is sampled for itself: a gateway serves and calls operations of one name. */
  readonly sampled: string;
  /** Bodies are captured and judged. Else only what was promised of the status counts. */
  readonly whole: boolean;
}

/** What is known of an exchange besides its content. */
export interface About {
  readonly span: Span | undefined;
  readonly spanContext?: SpanContext | undefined;
  /** On the provider's side: who asked, where it is known. */
  readonly caller?: Caller | undefined;
  /** On the consumer's side: `host:port` that was asked. */
  readonly address?: string | undefined;
  /** Gets the verdicts instead of the spans. */
  readonly hold?: ((verdicts: readonly GuardVerdict[], emit: Emit) => void) | undefined;
}

export type Emit = (verdicts: readonly GuardVerdict[]) => void;

export interface DeskParts {
  /** In milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

const silentMethods = new Set(['OPTIONS', 'TRACE', 'CONNECT']);
const mostVerdicts = 3;
/** Beyond the first exchanges of an operation one of so many tells its fields: reading them takes as long as judging. */
const fieldsEvery = 16;

/**
 * Where all exchanges are admitted before anything of them is captured, and judged after they are over. Nothing here throws into who
 * calls it.
 */
export class ExchangeDesk {
  readonly settings: GuardSettings;
  readonly #now: () => number;
  readonly #sampler: AdaptiveSampler;
  readonly #judge: PeerJudge;
  readonly #tally = new GuardTally();
  readonly #providers: ProviderNames;
  readonly #isSilent: (path: string) => boolean;
  #shelves: Readonly<Record<Side, Shelf>> | undefined;
  #isStopped = false;

  constructor(settings: GuardSettings, { now, random }: DeskParts) {
    this.settings = settings;
    this.#now = now;
    this.#sampler = new AdaptiveSampler(settings.sampling, now, random);
    this.#judge = new PeerJudge(now);
    this.#providers = new ProviderNames(settings.providers);
    this.#isSilent = silentPaths(settings.ignorePaths);
  }

  get counts() {
    return this.#tally.counts;
  }

  hold(pacts: readonly HeldPact[]): void {
    this.#shelves = shelve(pacts, this.settings.service);
  }

  stop(): void {
    this.#isStopped = true;
    this.#shelves = undefined;
  }

  /** undefined: nothing of this request is to be looked at. */
  admitHttp(
    side: Side,
    request: { readonly method: string; readonly path: string },
    where: Pick<About, 'span' | 'spanContext'>,
  ): Ticket | undefined {
    return this.#safely(() => {
      const { method, path } = request;
      if (this.#isStopped || silentMethods.has(method) || this.#isSilent(path)) return undefined;
      const shelf = this.#shelfFor(side, 'hasHttp', where);
      if (shelf === undefined) return undefined;
      const { operation, source } = shelf.resolver.operationOf({
        ...{ kind: 'http', method, path, query: '', route: undefined, status: undefined },
      });
      const sampled = `${side} ${source === 'contract' ? operation : ''}`;
      const decision = this.#sampler.decide(sampled);
      if (decision !== 'whole') this.#tally.skipped(decision);
      return { side, operation, sampled, whole: decision === 'whole' };
    });
  }

  admitMessage(side: Side, event: string, where: Pick<About, 'span'>): Ticket | undefined {
    return this.#safely(() => {
      if (this.#isStopped) return undefined;
      const shelf = this.#shelfFor(side, 'hasMessages', where);
      if (shelf === undefined) return undefined;
      const operation = `send ${event}`;
      const sampled = `${side} ${operation}`;
      const decision = this.#sampler.decide(sampled);
      if (decision === 'whole') return { side, operation, sampled, whole: true };
      this.#tally.skipped(decision);
      return undefined;
    });
  }

  /** The exchange was broken off before it was over. */
  aborted(): void {
    this.#tally.skipped('aborted');
  }

  /** `makeSample` is only called when there is something to judge. */
  judgeHttp(ticket: Ticket, status: number, about: About & { makeSample: () => HttpSample }): void {
    this.#timed(() => {
      if (status === 101) return;
      if (status === 304) {
        this.#tally.skipped('not-modified');
        return;
      }
      if (!ticket.whole && !this.#isFailure(ticket.side, status)) return;
      const sample = about.makeSample();
      const { request, response } = sample;
      if (ticket.whole && (request.body === undefined || response?.body === undefined)) {
        this.#tally.skipped('body-not-known');
      }
      this.#judgeExchange(ticket, about, {
        ...{ bytes: bytesOf(request.body) + bytesOf(response?.body), body: response?.body },
        exchange: {
          'http.request.method': request.method,
          'http.response.status_code': status,
        },
        judge: (contract) => contract.judgeHttp(sample),
      });
    });
  }

  judgeMessage(ticket: Ticket, sample: MessageSample, about: About): void {
    this.#timed(() =>
      this.#judgeExchange(ticket, about, {
        ...{ bytes: bytesOf(sample.body), body: sample.body },
        exchange: { 'messaging.system': sample.system },
        judge: (contract) => withoutUnknownMetadata(contract.judgeMessage(sample)),
      }),
    );
  }

  #isFailure(side: Side, status: number): boolean {
    return status >= 500 || this.#shelves?.[side].statuses.has(status) === false;
  }

  #shelfFor(
    side: Side,
    kind: 'hasHttp' | 'hasMessages',
    where: Pick<About, 'span' | 'spanContext'>,
  ): Shelf | undefined {
    const { sides } = this.settings;
    if (sides !== 'both' && sides !== side) return undefined;
    const shelf = this.#shelves?.[side];
    if (shelf?.[kind] !== true) {
      this.#tally.skipped('no-contract');
      return undefined;
    }
    if (isRecorded(where)) return shelf;
    this.#tally.skipped('unrecorded');
    return undefined;
  }

  #judgeExchange(ticket: Ticket, about: About, looked: Looked): void {
    const shelf = this.#shelves?.[ticket.side];
    if (shelf === undefined) return;
    const peer = this.#peerOf(ticket.side, about, shelf);
    if (peer !== undefined && !shelf.byPeer.has(peer)) {
      this.#tally.skipped('no-contract');
      return;
    }
    const found = this.#judge.judge({
      peers: shelf.byPeer,
      ...{ peer, version: ticket.side === 'provider' ? about.caller?.version : undefined },
      ...{ bytes: looked.bytes, judge: looked.judge },
      onSlow: () => this.#tally.skipped('too-slow'),
    });
    const chosen = peer === undefined ? this.#choose(ticket, found, about) : found;
    if (chosen.length === 0) return;
    const fields = this.#tellsFields(ticket) ? fieldsOfBody(looked.body) : [];
    const verdicts = chosen.map((one) => this.#verdict(ticket, one, fields));
    for (const verdict of verdicts) this.#tally.checked(verdict);
    if (verdicts.some(({ verdict }) => verdict === 'broken')) this.#sampler.suspect(ticket.sampled);
    const emit: Emit = (some) => emitVerdicts(some, { ...about, exchange: looked.exchange });
    if (about.hold === undefined) emit(verdicts);
    else about.hold(verdicts, emit);
  }

  #peerOf(side: Side, { caller, address }: About, shelf: Shelf): string | undefined {
    if (side === 'provider') return caller?.name;
    const name = address === undefined ? undefined : this.#providers.nameOf(address);
    return name === undefined || !shelf.byPeer.has(name) ? undefined : name;
  }

  /** The other pacticipant is not known, so only those whose interactions are like the request can be meant. */
  #choose(
    { side }: Ticket,
    found: readonly PeerJudgement[],
    { address }: About,
  ): readonly PeerJudgement[] {
    const of = (wanted: Judgement['verdict']): readonly PeerJudgement[] =>
      found.filter(({ judgement }) => judgement.verdict === wanted);
    const [kept, broken] = [of('kept'), of('broken')];
    if (side === 'provider' && kept.length + broken.length > 0) {
      return [...broken, ...kept].slice(0, mostVerdicts);
    }
    // A consumer asks one provider: two that could be meant say nothing, and what one of them keeps is not broken.
    const meant = kept.length > 0 ? kept : broken;
    const [only] = meant;
    if (side === 'consumer' && meant.length === 1 && only !== undefined) {
      if (address !== undefined && kept.length === 1) this.#providers.learn(address, only.peer);
      return [only];
    }
    this.#tally.skipped('unknown-peer');
    return [];
  }

  #tellsFields({ sampled, whole }: Ticket): boolean {
    const looked = this.#sampler.looked(sampled);
    return whole && (looked <= this.settings.sampling.first || looked % fieldsEvery === 0);
  }

  #verdict(
    { side, operation }: Ticket,
    { peer, pact, judgement }: PeerJudgement,
    fields: readonly string[],
  ): GuardVerdict {
    const { verdict, interaction, mismatches } = judgement;
    const { service } = this.settings;
    return {
      side,
      verdict,
      consumer: side === 'consumer' ? service : peer,
      provider: side === 'provider' ? service : peer,
      operation: interaction?.operation ?? operation,
      interaction: interaction?.description,
      pactSha: pact.sha,
      mismatches: guardMismatches(mismatches),
      fields: verdict === 'uncovered' ? [] : fields,
      fieldsRead: undefined,
    };
  }

  /** What looking takes is paid for, also when it fails. */
  #timed(work: () => void): void {
    const start = this.#now();
    this.#safely(work);
    const millis = this.#now() - start;
    this.#sampler.spent(millis);
    this.#tally.took(millis);
  }

  #safely<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch {
      this.#tally.skipped('failed');
      return undefined;
    }
  }
}

interface Looked {
  readonly bytes: number;
  readonly body: MessageSample['body'];
  readonly exchange: Attributes;
  readonly judge: (contract: HeldPact['contract']) => Judgement;
}

function bytesOf(body: MessageSample['body']): number {
  return body?.content.length ?? 0;
}
