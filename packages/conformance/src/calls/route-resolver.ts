import type { DatabaseExchange, Exchange, HttpExchange, MessageExchange } from '@concordat/domain';
import type { CompiledPact } from './compile-pact.ts';
import { decodePath, looksLikeId, segmentsOf, templateOfRoute } from './path-segments.ts';
import type { PathTemplate, TemplateSegment } from './path-template.ts';

export interface ResolvedOperation {
  /** `GET /v1/orders/{id}`, `send order.placed`. */
  readonly operation: string;
  /** Where the key comes from; `heuristic` is a guess from the path alone. */
  readonly source: 'contract' | 'route' | 'heuristic';
}

interface RouteNode {
  readonly literals: Map<string, RouteNode>;
  /** By pattern. */
  readonly variables: Map<string, VariableStep>;
  template: string | undefined;
}

interface VariableStep {
  readonly accepts: (segment: string) => boolean;
  readonly node: RouteNode;
}

/** Gives observed calls of one provider readable operation keys: from its contracts, then its own `http.route`, then a guess. */
export class RouteResolver {
  readonly #roots = new Map<string, RouteNode>();

  /** `pacts`: every pact in which the service is the provider. */
  constructor(pacts: readonly CompiledPact[]) {
    for (const { method, template } of pacts.flatMap((pact) => pact.httpPromises)) {
      const root = this.#roots.get(method) ?? newNode();
      this.#roots.set(method, root);
      addTemplate(root, template);
    }
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
    const path = decodePath(exchange.path);
    const segments = segmentsOf(path);
    const root = this.#roots.get(method);
    const promised = root === undefined ? undefined : search(root, segments);
    if (promised !== undefined) {
      return { operation: `${method} ${promised}`, source: 'contract' };
    }
    const route = exchange.route === undefined ? undefined : templateOfRoute(exchange.route);
    return route === undefined || route === ''
      ? { operation: `${method} ${guess(segments)}`, source: 'heuristic' }
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

function guess(segments: readonly string[]): string {
  const text = segments.map((segment) => (looksLikeId(segment) ? '{id}' : segment)).join('/');
  return `/${text}`.slice(0, LONGEST_GUESS);
}

function newNode(): RouteNode {
  return { literals: new Map(), variables: new Map(), template: undefined };
}

function addTemplate(root: RouteNode, template: PathTemplate): void {
  let node = root;
  for (const segment of template.segments) {
    node = childFor(node, segment);
  }
  node.template ??= template.text;
}

function childFor(node: RouteNode, segment: TemplateSegment): RouteNode {
  if (segment.kind === 'literal') {
    const child = node.literals.get(segment.text) ?? newNode();
    node.literals.set(segment.text, child);
    return child;
  }
  const known = node.variables.get(segment.pattern);
  if (known !== undefined) {
    return known.node;
  }
  const child = newNode();
  node.variables.set(segment.pattern, { accepts: segment.accepts, node: child });
  return child;
}

/** Fixed text goes before places that vary, as routers do. */
function search(node: RouteNode, segments: readonly string[], at = 0): string | undefined {
  const segment = segments[at];
  if (segment === undefined) {
    return node.template;
  }
  const literal = node.literals.get(segment);
  const fixed = literal === undefined ? undefined : search(literal, segments, at + 1);
  if (fixed !== undefined) {
    return fixed;
  }
  for (const variable of node.variables.values()) {
    if (variable.accepts(segment)) {
      const found = search(variable.node, segments, at + 1);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}
