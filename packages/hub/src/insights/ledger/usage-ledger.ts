import type { OperationUsage } from '@concordat/api';
import { DeclaredOperations } from '@concordat/conformance';
import type { ContractOperation, EvidenceFloor } from '@concordat/domain';
import { findOperations } from '@concordat/domain';
import type { PromiseBook } from '../promise-book.ts';
import type { PromiseStart } from '../promise-store.ts';
import type { DeclaredContract } from '../provider-contracts-in-force.ts';
import type { LedgerEntry, LedgerQuestion, UsageLedger } from './ledger-entry.ts';
import { compareTexts, type OperationGroup, operationGroups } from './operation-groups.ts';
import { groupBy, type PairLedger, promisesOf, startKey } from './promise-usage.ts';
import { operationUsage } from './usage-resource.ts';

export interface UsageQuestion extends LedgerQuestion {
  /** As somebody may write it: `GET /v1/orders/:id`, `order.placed`. */
  readonly operation?: string | undefined;
  /** From 1. */
  readonly page: { readonly number: number; readonly size: number };
}

export interface UsagePage {
  readonly operations: readonly OperationUsage[];
  readonly total: number;
}

export interface UsageAnswersDeps {
  /** The contracts, after everything that was seen has been counted. */
  readonly book: () => Promise<PromiseBook>;
  readonly ledger: UsageLedger & {
    watched(provider: string): Promise<readonly PromiseStart[]>;
  };
  readonly floor: EvidenceFloor;
}

/** What a provider's operations are worth: who promises them, who calls them, and what nobody was seen to use. */
export class UsageAnswers {
  readonly #deps: UsageAnswersDeps;

  constructor(deps: UsageAnswersDeps) {
    this.#deps = deps;
  }

  /** The question names a provider, a consumer or both. */
  async answer(question: UsageQuestion): Promise<UsagePage> {
    const book = await this.#deps.book();
    const found: { readonly place: ProviderPlace; readonly group: OperationGroup }[] = [];
    for (const provider of await this.#providers(book, question)) {
      const place = await this.#placeOf(book, provider, question);
      for (const group of groupsOf(place, question)) found.push({ place, group });
    }
    const { number, size } = question.page;
    const asked = found.slice((number - 1) * size, number * size);
    return {
      operations: asked.map(({ place, group }) => operationUsage(group, place)),
      total: found.length,
    };
  }

  async #providers(book: PromiseBook, question: UsageQuestion): Promise<readonly string[]> {
    if (question.provider !== undefined) {
      return [question.provider];
    }
    const { consumer } = question;
    const called = await this.#deps.ledger.calls(question);
    const promised = book.pairs().filter((pair) => pair.consumer === consumer);
    return [...new Set([...called, ...promised].map(({ provider }) => provider))].sort(
      compareTexts,
    );
  }

  async #placeOf(
    book: PromiseBook,
    provider: string,
    question: UsageQuestion,
  ): Promise<ProviderPlace> {
    const { ledger, floor } = this.#deps;
    const { environment, consumer } = question;
    const { since, until } = question;
    const asked = { provider, consumer, environment, since, until };
    const documents = book.providerContracts.inEnvironment(provider, environment);
    const receives = documents.some(({ operations }) => operations.some(isReceived));
    const [calls, promises, starts, received] = await Promise.all([
      ledger.calls(asked),
      ledger.promises(asked),
      ledger.watched(provider),
      receives ? ledger.calls({ consumer: provider, environment, since, until }) : [],
    ]);
    const pairs = pairLedgers({ book, provider, consumer, calls, promises, starts });
    return {
      ...{ book, provider, environment, floor, documents, pairs },
      calls: [...calls, ...received.filter(isMessage).map(asReceived)],
    };
  }
}

/** One provider with all that the question's time and place have of it. */
export interface ProviderPlace {
  readonly book: PromiseBook;
  readonly provider: string;
  readonly environment: string | undefined;
  readonly floor: EvidenceFloor;
  readonly documents: readonly DeclaredContract[];
  readonly pairs: readonly PairLedger[];
  readonly calls: readonly LedgerEntry[];
}

function isReceived(operation: ContractOperation): boolean {
  return operation.kind === 'message' && operation.action === 'receive';
}

function isMessage({ transport }: LedgerEntry): boolean {
  return transport === 'message';
}

/** Seen from the service that receives it. */
function asReceived(entry: LedgerEntry): LedgerEntry {
  return { ...entry, operation: entry.operation.replace(/^send /, 'receive ') };
}

interface PairSources {
  readonly book: PromiseBook;
  readonly provider: string;
  readonly consumer: string | undefined;
  readonly calls: readonly LedgerEntry[];
  readonly promises: Awaited<ReturnType<UsageLedger['promises']>>;
  readonly starts: readonly PromiseStart[];
}

/** Of every consumer that promises something or was seen. */
function pairLedgers(sources: PairSources): readonly PairLedger[] {
  const { book, provider } = sources;
  const calls = groupBy(sources.calls, ({ consumer }) => consumer);
  const promises = groupBy(sources.promises, ({ consumer }) => consumer);
  const starts = groupBy(sources.starts, ({ consumer }) => consumer);
  const promising = book.pactsOfProvider(provider).map(({ consumer }) => consumer);
  const consumers = new Set([...promising, ...calls.keys()]);
  return [...consumers]
    .filter((name) => sources.consumer === undefined || sources.consumer === name)
    .sort(compareTexts)
    .map((consumer) => ({
      ...{ consumer, provider },
      calls: calls.get(consumer) ?? [],
      promises: promises.get(consumer) ?? [],
      starts: new Map((starts.get(consumer) ?? []).map((start) => [startKey(start), start])),
    }));
}

function groupsOf(place: ProviderPlace, question: UsageQuestion): readonly OperationGroup[] {
  const operations = place.documents.flatMap((document) => document.operations);
  const promises = place.pairs.flatMap((ledger) =>
    promisesOf(ledger, place).map((promise) => ({ ledger, promise })),
  );
  const groups = operationGroups({
    ...{ promises, calls: place.calls },
    // Asked for one consumer, what only the provider declares is none of its business.
    operations: question.consumer === undefined ? operations : [],
    declared: new DeclaredOperations(operations),
  });
  return question.operation === undefined ? groups : named(groups, question.operation);
}

/** By any of its names, a route also as it is written elsewhere or as a path that was called. */
function named(groups: readonly OperationGroup[], asked: string): readonly OperationGroup[] {
  const names = groups.flatMap((group) => [...group.names]);
  const events = [asked, `send ${asked}`, `receive ${asked}`];
  const wanted = new Set([...events, ...findOperations(asked, names)]);
  return groups.filter((group) => [...group.names].some((name) => wanted.has(name)));
}
