import type { DeclaredOperations } from '@concordat/conformance';
import type { ContractOperation } from '@concordat/domain';
import type { Transport } from '../call-count-store.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { PairLedger, PairPromise } from './promise-usage.ts';

/** A promise with the pair that it is of. */
export interface GroupedPromise {
  readonly ledger: PairLedger;
  readonly promise: PairPromise;
}

/** All that goes by one operation of a provider, whatever name it has in pacts, documents or traffic. */
export interface OperationGroup {
  /** As pacts call it, else the documents, else the traffic. */
  readonly operation: string;
  readonly transport: Transport;
  readonly declared: ContractOperation | undefined;
  readonly promises: readonly GroupedPromise[];
  readonly calls: readonly LedgerEntry[];
  /** Every name that it goes by. */
  readonly names: ReadonlySet<string>;
}

type Grouping = {
  operation: string;
  readonly transport: Transport;
  readonly declared: ContractOperation | undefined;
  readonly promises: GroupedPromise[];
  readonly calls: LedgerEntry[];
  readonly names: Set<string>;
};

export interface GroupSources {
  readonly promises: readonly GroupedPromise[];
  readonly calls: readonly LedgerEntry[];
  /** What the documents in force declare that the provider answers or sends. */
  readonly operations: readonly ContractOperation[];
  readonly declared: DeclaredOperations;
}

/** By operation, in the order of their names. */
export function operationGroups(sources: GroupSources): readonly OperationGroup[] {
  const groups = new OperationGrouping(sources.declared);
  for (const grouped of sources.promises) {
    const { operation, transport } = grouped.promise.interaction;
    groups.at(operation, transport).promises.push(grouped);
  }
  for (const operation of sources.operations) {
    groups.at(nameOf(operation), operation.kind === 'http' ? 'http' : 'message');
  }
  for (const call of sources.calls) groups.at(call.operation, call.transport).calls.push(call);
  return groups.all();
}

/** As it is on the wire where the document's servers have one base path. */
function nameOf(operation: ContractOperation): string {
  if (operation.kind === 'message' || operation.basePaths?.length !== 1) {
    return operation.key;
  }
  return `${operation.method} ${operation.basePaths[0]}${operation.path}`;
}

/** Promises come first, then documents: the first name stays. */
class OperationGrouping {
  readonly #declared: DeclaredOperations;
  readonly #groups = new Map<string, Grouping>();
  readonly #known = new Map<string, Grouping>();

  constructor(declared: DeclaredOperations) {
    this.#declared = declared;
  }

  at(name: string, transport: Transport): Grouping {
    const known = this.#known.get(`${transport}\n${name}`);
    if (known !== undefined) {
      return known;
    }
    const isContractual = transport === 'http' || transport === 'message';
    const declared = isContractual ? this.#declared.find(name) : undefined;
    const key = `${transport}\n${declared?.key ?? name.replaceAll(/\{[^{}]*\}/g, '{}')}`;
    const group = this.#groups.get(key) ?? {
      ...{ operation: name, transport, declared },
      ...{ promises: [], calls: [], names: new Set<string>() },
    };
    this.#groups.set(key, group);
    this.#known.set(`${transport}\n${name}`, group);
    group.names.add(name);
    if (declared !== undefined) group.names.add(declared.key);
    return group;
  }

  all(): readonly OperationGroup[] {
    return [...this.#groups.values()].sort(
      (left, right) =>
        compareTexts(left.operation, right.operation) ||
        compareTexts(left.transport, right.transport),
    );
  }
}

export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
