import {
  type CallMatch,
  type CompiledPact,
  compilePact,
  matchCall,
  type PromisedInteraction,
  RouteResolver,
} from '@concordat/conformance';
import { type Call, type CallFacts, pactsForCall, pactsInEnvironment } from '@concordat/domain';
import type { PactInForce } from './contract-facts.ts';
import { type DeclaredEvent, eventDeclaration } from './findings/event-declaration.ts';
import type { ProviderContractsInForce } from './provider-contracts-in-force.ts';
import type { RecordedVersion } from './version-store.ts';

/** A pact in force, compiled; it holds no text. */
export interface CompiledInForce extends Omit<PactInForce, 'content'> {
  readonly compiled: CompiledPact;
}

/** The pacts of every pair that has one, by `pairKey`. */
export type PactsByPair = ReadonlyMap<string, readonly CompiledInForce[]>;

export interface ContractFacts {
  readonly pairs: PactsByPair;
  readonly recorded: readonly RecordedVersion[];
  readonly environments: readonly string[];
  readonly pacticipants: readonly string[];
  readonly providerContracts: ProviderContractsInForce;
  /** Microseconds; 0 when not given. */
  readonly asOf?: number;
}

/** What the contracts say about one call. */
export interface CallVerdict {
  readonly operation: string;
  readonly match: CallMatch;
  readonly facts: CallFacts;
  /** Of a message: what its sender's documents say of it. */
  readonly declared?: DeclaredEvent;
}

/** All contracts at one moment, ready for judging calls. */
export class PromiseBook {
  readonly recorded: readonly RecordedVersion[];
  /** The providers' own documents. */
  readonly providerContracts: ProviderContractsInForce;
  /** What was written before then, by whichever hub, is in the book. Microseconds. */
  readonly asOf: number;
  readonly #pairs: PactsByPair;
  readonly #byProvider: ReadonlyMap<string, readonly CompiledInForce[]>;
  readonly #resolvers = new Map<string, RouteResolver>();
  readonly #pacticipants: ReadonlySet<string>;
  readonly #environments: ReadonlySet<string>;
  readonly #recorded: ReadonlySet<string>;

  constructor(facts: ContractFacts) {
    this.#pairs = facts.pairs;
    this.recorded = facts.recorded;
    this.asOf = facts.asOf ?? 0;
    this.#byProvider = byProvider(facts.pairs);
    this.providerContracts = facts.providerContracts;
    this.#pacticipants = new Set([
      ...facts.pacticipants,
      ...this.pairs().flatMap(({ consumer, provider }) => [consumer, provider]),
    ]);
    this.#environments = new Set([
      ...facts.environments,
      ...facts.recorded.map(({ environment }) => environment),
    ]);
    this.#recorded = new Set(facts.recorded.map(versionKey));
  }

  judge(call: Call): CallVerdict {
    const pacts = this.#pacts(call);
    return this.#judgeWith(
      call,
      pactsForCall(pacts, { version: call.consumer.version, environment: call.environment }),
    );
  }

  /** Judges a call as if a version of which the book knows no pact had made it: with what is deployed, else the latest. */
  judgeForEnvironment(call: Call): CallVerdict {
    return this.#judgeWith(call, pactsInEnvironment(this.#pacts(call), call.environment));
  }

  #judgeWith(call: Call, pacts: readonly CompiledInForce[]): CallVerdict {
    const { consumer, provider, exchange } = call;
    const queryKnown = exchange.kind === 'message' || call.clientSpanId !== undefined;
    const match = matchCall(
      pacts.map(({ compiled }) => compiled),
      exchange,
      queryKnown,
    );
    return {
      operation:
        operationOf(match) ?? this.resolver(provider.service).operationOf(exchange).operation,
      match,
      facts: {
        match: match.kind,
        hasPact: this.#pairs.has(pairKey(consumer.service, provider.service)),
        knowsConsumer: this.isPacticipant(consumer.service),
        knowsProvider: this.isPacticipant(provider.service),
      },
      ...(exchange.kind === 'message' && {
        declared: eventDeclaration(this.providerContracts, call),
      }),
    };
  }

  isPacticipant(name: string): boolean {
    return this.#pacticipants.has(name);
  }

  get pacticipants(): ReadonlySet<string> {
    return this.#pacticipants;
  }

  knowsEnvironment(name: string): boolean {
    return this.#environments.has(name);
  }

  isRecorded(version: RecordedVersion): boolean {
    return this.#recorded.has(versionKey(version));
  }

  /** The pacts that speak for a pair in an environment, or everywhere. */
  pactsBetween(
    pair: { readonly consumer: string; readonly provider: string },
    environment: string | undefined,
  ): readonly CompiledInForce[] {
    const pacts = this.#pairs.get(pairKey(pair.consumer, pair.provider)) ?? [];
    return pactsInEnvironment(pacts, environment);
  }

  /** Every pact in force of a pair, whichever version or environment it speaks for. */
  allPactsBetween(pair: {
    readonly consumer: string;
    readonly provider: string;
  }): readonly CompiledInForce[] {
    return this.#pairs.get(pairKey(pair.consumer, pair.provider)) ?? [];
  }

  /** The pacts that speak for one version of the consumer in an environment. */
  pactsFor(
    pair: { readonly consumer: string; readonly provider: string },
    asked: { readonly version: string | undefined; readonly environment: string | undefined },
  ): readonly CompiledInForce[] {
    return pactsForCall(this.#pairs.get(pairKey(pair.consumer, pair.provider)) ?? [], asked);
  }

  /** Every pact in force in which the service is the provider. */
  pactsOfProvider(provider: string): readonly CompiledInForce[] {
    return this.#byProvider.get(provider) ?? [];
  }

  /** All pairs that have a pact. */
  pairs(): readonly { readonly consumer: string; readonly provider: string }[] {
    return [...this.#pairs.values()].flatMap(([first]) =>
      first === undefined ? [] : [{ consumer: first.consumer, provider: first.provider }],
    );
  }

  #pacts({ consumer, provider }: Call): readonly CompiledInForce[] {
    return this.#pairs.get(pairKey(consumer.service, provider.service)) ?? [];
  }

  /** Names the calls of a provider by its contracts. */
  resolver(provider: string): RouteResolver {
    const known = this.#resolvers.get(provider);
    if (known !== undefined) {
      return known;
    }
    const pacts = this.#byProvider.get(provider) ?? [];
    const documents = this.providerContracts.ofProvider(provider);
    if (pacts.length === 0 && documents.length === 0) {
      return NO_CONTRACT;
    }
    const resolver = new RouteResolver({
      pacts: [...new Set(pacts.map(({ compiled }) => compiled))],
      operations: documents.flatMap(({ operations }) => operations),
    });
    this.#resolvers.set(provider, resolver);
    return resolver;
  }
}

function byProvider(pairs: PactsByPair): ReadonlyMap<string, readonly CompiledInForce[]> {
  const providers = new Map<string, CompiledInForce[]>();
  for (const pacts of pairs.values()) {
    for (const pact of pacts) {
      const known = providers.get(pact.provider) ?? [];
      providers.set(pact.provider, known);
      known.push(pact);
    }
  }
  return providers;
}

const NO_CONTRACT = new RouteResolver({ pacts: [] });

/** `compiled` keeps pacts by sha, so that a change compiles only what is new. */
export function compileInForce(
  pacts: readonly PactInForce[],
  compiled: Map<string, CompiledPact>,
): PactsByPair {
  const pairs = new Map<string, CompiledInForce[]>();
  for (const { content, ...pact } of pacts) {
    const known = compiled.get(pact.sha) ?? compilePact(content ?? '');
    compiled.set(pact.sha, known);
    const key = pairKey(pact.consumer, pact.provider);
    const pair = pairs.get(key) ?? [];
    pairs.set(key, pair);
    pair.push({ ...pact, compiled: known });
  }
  return pairs;
}

/** The key of a consumer and provider; names hold no line breaks. */
export function pairKey(consumer: string, provider: string): string {
  return `${consumer}\n${provider}`;
}

function versionKey({ pacticipant, version, environment }: RecordedVersion): string {
  return `${pacticipant}\n${version}\n${environment}`;
}

function operationOf(match: CallMatch): string | undefined {
  switch (match.kind) {
    case 'promised':
      return match.interactions[0]?.operation;
    case 'unpromised-status':
      return match.operation;
    case 'uncovered':
    case 'undecided':
      return undefined;
  }
}

/** Interactions of several pacts without repetition: the same example of the same request is one promise. */
export function distinctInteractions(pacts: readonly CompiledInForce[]): readonly {
  readonly interaction: PromisedInteraction;
  readonly pacts: readonly CompiledInForce[];
}[] {
  const found = new Map<
    string,
    { readonly interaction: PromisedInteraction; readonly pacts: CompiledInForce[] }
  >();
  for (const pact of pacts) {
    for (const interaction of pact.compiled.interactions) {
      const { description, providerStates, shape } = interaction;
      const key = JSON.stringify([shape, description, providerStates]);
      const known = found.get(key) ?? { interaction, pacts: [] };
      known.pacts.push(pact);
      found.set(key, known);
    }
  }
  return [...found.values()];
}
