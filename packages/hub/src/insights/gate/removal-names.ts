import { DeclaredOperations, sameEvent } from '@concordat/conformance';
import { type ContractOperation, findOperations } from '@concordat/domain';

/** What somebody wants to remove, in whatever words. */
export type RemovedThing =
  | { readonly kind: 'operation'; readonly text: string }
  | { readonly kind: 'event'; readonly text: string };

/** Every name that contracts and traffic have for the operations of one provider, and which of them mean the same. */
export class OperationNames {
  readonly #declared: DeclaredOperations;
  readonly #names: readonly string[];

  constructor(operations: readonly ContractOperation[], others: readonly string[]) {
    this.#declared = new DeclaredOperations(operations);
    this.#names = [...new Set([...others, ...operations.map(({ key }) => key)])];
  }

  /** All names of what is meant; empty when nothing is known by such a name. */
  of({ kind, text }: RemovedThing): readonly string[] {
    const found = kind === 'event' ? this.#events(text) : findOperations(text, this.#names);
    const meant = new Set(found.map((name) => this.#meaning(name)));
    return this.#names.filter((name) => meant.has(this.#meaning(name)));
  }

  /** Names of the same kind, for who has misspelled one. */
  all(kind: RemovedThing['kind']): readonly string[] {
    return this.#names
      .filter((name) => isEvent(name) === (kind === 'event'))
      .map((name) => (kind === 'event' ? eventOf(name) : name));
  }

  /** Whether a contract names it, so that it is not only an address that was guessed from calls. */
  isDeclared(name: string): boolean {
    return this.#declared.find(name) !== undefined;
  }

  #events(text: string): readonly string[] {
    const declared = this.#declared.find(`send ${text}`);
    return this.#names.filter(
      (name) =>
        isEvent(name) &&
        (sameEvent(eventOf(name), text) ||
          (declared !== undefined && this.#declared.find(name) === declared)),
    );
  }

  #meaning(name: string): string {
    const declared = this.#declared.find(name)?.key;
    return declared ?? name.replaceAll(/\{[^{}]*\}/g, '{}');
  }
}

function isEvent(name: string): boolean {
  return name.startsWith('send ');
}

function eventOf(name: string): string {
  return name.slice('send '.length);
}
