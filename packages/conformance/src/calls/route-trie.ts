import { looksLikeId } from './path-segments.ts';
import type { RouteStep, RouteTemplate } from './route-template.ts';

interface RouteNode {
  readonly literals: Map<string, RouteNode>;
  /** By pattern, in its order as text: whoever published first makes no difference. */
  readonly constrained: Map<string, ConstrainedStep>;
  guessed: RouteNode | undefined;
  free: RouteNode | undefined;
  /** The route that ends here. */
  end: RouteTemplate | undefined;
}

interface ConstrainedStep {
  readonly accepts: (segment: string) => boolean;
  readonly node: RouteNode;
}

/**
 * The routes of one method, compiled. Of several that a path fits the leftmost difference decides: fixed text goes before a pattern,
 * a pattern before what looks like an id, that before anything. A look-up visits a node once at most, whatever the path.
 */
export class RouteTrie {
  readonly #root = newNode();

  constructor(templates: readonly RouteTemplate[]) {
    for (const template of [...templates].sort(byPatterns)) {
      let node = this.#root;
      for (const step of template.steps) node = childFor(node, step);
      node.end ??= template;
    }
  }

  find(segments: readonly string[]): RouteTemplate | undefined {
    return search(this.#root, segments, 0);
  }

  /** Every route once, in the order in which they are tried. */
  routes(): readonly RouteTemplate[] {
    return routesUnder(this.#root);
  }
}

/** Pacts before provider contracts, as their names win; then by text, so that no order of publishing shows. */
function byPatterns(left: RouteTemplate, right: RouteTemplate): number {
  return (
    compareTexts(left.source, right.source) ||
    compareTexts(left.text, right.text) ||
    compareTexts(patternsOf(left), patternsOf(right))
  );
}

function patternsOf({ steps }: RouteTemplate): string {
  return steps.map((step) => (step.kind === 'constrained' ? step.pattern : step.kind)).join('/');
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function newNode(): RouteNode {
  return {
    literals: new Map(),
    constrained: new Map(),
    guessed: undefined,
    free: undefined,
    end: undefined,
  };
}

function childFor(node: RouteNode, step: RouteStep): RouteNode {
  switch (step.kind) {
    case 'literal': {
      const child = node.literals.get(step.text) ?? newNode();
      node.literals.set(step.text, child);
      return child;
    }
    case 'constrained': {
      const known = node.constrained.get(step.pattern);
      return known?.node ?? addConstrained(node, step);
    }
    case 'guessed':
      node.guessed ??= newNode();
      return node.guessed;
    case 'free':
      node.free ??= newNode();
      return node.free;
  }
}

function addConstrained(
  node: RouteNode,
  { pattern, accepts }: Extract<RouteStep, { readonly kind: 'constrained' }>,
): RouteNode {
  const child = newNode();
  const steps = [...node.constrained, [pattern, { accepts, node: child }] as const];
  steps.sort(([left], [right]) => compareTexts(left, right));
  node.constrained.clear();
  for (const [key, step] of steps) node.constrained.set(key, step);
  return child;
}

function search(
  node: RouteNode,
  segments: readonly string[],
  at: number,
): RouteTemplate | undefined {
  const segment = segments[at];
  if (segment === undefined) {
    return node.end;
  }
  const literal = node.literals.get(segment);
  const fixed = literal === undefined ? undefined : search(literal, segments, at + 1);
  return fixed ?? searchVariable(node, segments, at);
}

function searchVariable(
  node: RouteNode,
  segments: readonly string[],
  at: number,
): RouteTemplate | undefined {
  const segment = segments[at] ?? '';
  for (const step of node.constrained.values()) {
    const found = step.accepts(segment) ? search(step.node, segments, at + 1) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  const { guessed, free } = node;
  const alike =
    guessed !== undefined && looksLikeId(segment) ? search(guessed, segments, at + 1) : undefined;
  if (alike !== undefined || free === undefined || segment === '') {
    return alike;
  }
  return search(free, segments, at + 1);
}

function routesUnder(node: RouteNode): readonly RouteTemplate[] {
  const children = [
    ...[...node.literals].sort(([left], [right]) => compareTexts(left, right)).map(([, at]) => at),
    ...[...node.constrained.values()].map((step) => step.node),
    ...(node.guessed === undefined ? [] : [node.guessed]),
    ...(node.free === undefined ? [] : [node.free]),
  ];
  return [...(node.end === undefined ? [] : [node.end]), ...children.flatMap(routesUnder)];
}
