import type { ContractOperation } from '@concordat/domain';
import { declarationOf } from './declared-event.ts';
import { RouteResolver } from './route-resolver.ts';
import { shapeOfTemplate, templatesOfOperation } from './route-template.ts';

/** Finds the operation of a provider's documents that a name from pacts or traffic means. */
export class DeclaredOperations {
  readonly #operations: readonly ContractOperation[];
  readonly #resolver: RouteResolver;
  readonly #byRoute = new Map<string, ContractOperation>();
  readonly #byKey: ReadonlyMap<string, ContractOperation>;

  constructor(operations: readonly ContractOperation[]) {
    this.#operations = operations;
    this.#resolver = new RouteResolver({ pacts: [], operations });
    this.#byKey = new Map(operations.map((operation) => [operation.key, operation]));
    for (const operation of operations) {
      const templates = operation.kind === 'http' ? templatesOfOperation(operation) : [];
      for (const { method, text } of templates) {
        const key = `${method} ${shapeOfTemplate(text)}`;
        this.#byRoute.set(key, this.#byRoute.get(key) ?? operation);
      }
    }
  }

  /** `GET /v1/orders/42`, `GET /v1/orders/{id}` and `send order.placed` alike; undefined for what is declared nowhere. */
  find(name: string): ContractOperation | undefined {
    return this.#byKey.get(name) ?? this.#event(name) ?? this.#route(name);
  }

  #event(name: string): ContractOperation | undefined {
    if (!name.startsWith('send ')) {
      return undefined;
    }
    const seen = { event: name.slice('send '.length), destination: '', system: '' };
    return declarationOf(this.#operations, seen).operations[0];
  }

  #route(name: string): ContractOperation | undefined {
    const [method = '', ...rest] = name.split(' ');
    const template = this.#resolver.templateOf(method, rest.join(' '));
    return template === undefined
      ? undefined
      : this.#byRoute.get(`${method} ${shapeOfTemplate(template)}`);
  }
}
