import type {
  ContractOperation,
  DatabaseExchange,
  Exchange,
  HttpExchange,
  MessageExchange,
} from '@concordat/domain';
import type { CompiledPact } from './compile-pact.ts';
import type { HttpPromise } from './http-promise.ts';
import { decodePath, looksLikeId, segmentsOf, templateOfRoute } from './path-segments.ts';
import {
  type RouteRule,
  type RouteTemplate,
  routeSegments,
  ruleOfPromise,
  shapeOfTemplate,
  templateOfPromise,
  templatesOfOperation,
} from './route-template.ts';
import { RouteTrie } from './route-trie.ts';

export interface ResolvedOperation {
  /** `GET /v1/orders/{id}`, `send order.placed`. */
  readonly operation: string;
  /** Where the key comes from; `heuristic` is a guess from the path alone. */
  readonly source: 'contract' | 'route' | 'heuristic';
}

/** What is known of a provider's routes. */
export interface RouteSources {
  /** Every pact in which the service is the provider. */
  readonly pacts: readonly CompiledPact[];
  /** What the provider's own documents declare. */
  readonly operations?: readonly ContractOperation[];
}

/** A route that contracts name: by its segments, or by a rule that does not keep to them. */
export type ResolverRoute =
  | ({ readonly kind: 'template' } & RouteTemplate)
  | ({ readonly kind: 'rule' } & RouteRule);

/**
 * Gives observed calls of one provider readable operation keys: from its contracts, then its own `http.route`, then a guess.
 * Contracts that are published in another order give the same keys.
 */
export class RouteResolver {
  readonly #tries: ReadonlyMap<string, RouteTrie>;
  readonly #rules: ReadonlyMap<string, readonly RouteRule[]>;
  readonly #names: ReadonlyMap<string, string>;

  constructor({ pacts, operations = [] }: RouteSources) {
    const promises = pacts.flatMap((pact) => pact.httpPromises);
    const templates = [
      ...promises.map(templateOfPromise),
      ...operations.flatMap((operation) =>
        operation.kind === 'http' ? templatesOfOperation(operation) : [],
      ),
    ];
    this.#tries = new Map(
      [...byMethod(templates)].map(([method, list]) => [method, new RouteTrie(list)]),
    );
    this.#rules = byMethod(rulesOf(promises));
    this.#names = namesOf(templates);
  }

  /** Every route, for each method in the order in which they are tried. */
  routes(): readonly ResolverRoute[] {
    const methods = new Set([...this.#tries.keys(), ...this.#rules.keys()]);
    return [...methods].sort().flatMap((method): readonly ResolverRoute[] => [
      ...(this.#tries.get(method)?.routes() ?? []).map((route) => ({
        ...route,
        kind: 'template' as const,
        text: this.#nameOf(route),
      })),
      ...(this.#rules.get(method) ?? []).map((rule) => ({ ...rule, kind: 'rule' as const })),
    ]);
  }

  #nameOf({ method, text }: RouteTemplate): string {
    return this.#names.get(`${method} ${shapeOfTemplate(text)}`) ?? text;
  }

  /** The contracts' template for a path as it came, percent-encoded; undefined where they know none. */
  templateOf(method: string, path: string): string | undefined {
    const decoded = decodePath(path);
    const route = this.#tries.get(method)?.find(routeSegments(decoded));
    if (route !== undefined) {
      return this.#nameOf(route);
    }
    const rules = this.#rules.get(method) ?? [];
    const obeyed = ({ prefix, test }: RouteRule, text: string): boolean =>
      text.startsWith(prefix) && test(text);
    return rules.find((rule) => obeyed(rule, path) || obeyed(rule, decoded))?.text;
  }

  operationOf(exchange: Exchange): ResolvedOperation {
    switch (exchange.kind) {
      case 'http':
        return this.#httpOperation(exchange);
      case 'message':
        return messageOperation(exchange);
      case 'database':
        return databaseOperation(exchange);
      case 'rpc':
        return { operation: exchange.method || 'an unnamed procedure', source: 'route' };
    }
  }

  #httpOperation(exchange: HttpExchange): ResolvedOperation {
    const { method } = exchange;
    const promised = this.templateOf(method, exchange.path);
    if (promised !== undefined) {
      return { operation: `${method} ${promised}`, source: 'contract' };
    }
    const route = exchange.route === undefined ? undefined : templateOfRoute(exchange.route);
    return route === undefined || route === ''
      ? { operation: `${method} ${guess(decodePath(exchange.path))}`, source: 'heuristic' }
      : { operation: `${method} ${route}`, source: 'route' };
  }
}

function databaseOperation({ operation, namespace, system }: DatabaseExchange): ResolvedOperation {
  return { operation: `${operation ?? 'query'} ${namespace ?? system}`, source: 'route' };
}

function messageOperation(exchange: MessageExchange): ResolvedOperation {
  return exchange.event === undefined
    ? { operation: `send ${exchange.destination || 'an unnamed event'}`, source: 'heuristic' }
    : { operation: `send ${exchange.event}`, source: 'route' };
}

const LONGEST_GUESS = 200;
/** What lies beyond shows in no guess. */
const LONGEST_PATH = 4096;

function guess(path: string): string {
  const text = segmentsOf(path.slice(0, LONGEST_PATH))
    .map((segment) => (looksLikeId(segment) ? '{id}' : segment))
    .join('/');
  return `/${text}`.slice(0, LONGEST_GUESS);
}

function byMethod<T extends { readonly method: string }>(
  routes: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const methods = new Map<string, T[]>();
  for (const route of routes) {
    const known = methods.get(route.method) ?? [];
    methods.set(route.method, known);
    known.push(route);
  }
  return methods;
}

/** Each pattern of a name once, the longest fixed beginning first, then by name. */
function rulesOf(promises: readonly HttpPromise[]): readonly RouteRule[] {
  const rules = new Map<unknown, RouteRule>();
  for (const rule of promises.map(ruleOfPromise)) {
    if (rule !== undefined) {
      const { method, text, pattern } = rule;
      rules.set(pattern === undefined ? rule : `${method} ${text}\n${pattern}`, rule);
    }
  }
  return [...rules.values()].sort(
    (left, right) =>
      right.prefix.length - left.prefix.length ||
      Number(left.text > right.text) - Number(left.text < right.text),
  );
}

/** One name for each shape of a method: the pacts' where they have one, else the first by text. */
function namesOf(templates: readonly RouteTemplate[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const inOrder = [...templates].sort((left, right) => {
    const [first, second] = [left, right].map(({ source, text }) => `${source}\n${text}`);
    return Number((first ?? '') > (second ?? '')) - Number((first ?? '') < (second ?? ''));
  });
  for (const { method, text } of inOrder) {
    const key = `${method} ${shapeOfTemplate(text)}`;
    if (!names.has(key)) names.set(key, text);
  }
  return names;
}
