// Hot path: see match-http.ts.
import type { HttpPromise } from './http-promise.ts';
import type { TemplateSegment } from './path-template.ts';

interface IndexNode {
  readonly literals: Map<string, IndexNode>;
  /** By pattern. */
  readonly variables: Map<string, VariableBranch>;
  readonly promises: HttpPromise[];
}

interface VariableBranch {
  readonly accepts: (segment: string) => boolean;
  readonly node: IndexNode;
}

/** Promises by the segments of their templates: a look-up follows the branches that a path fits, however many promises there are. */
export class PathIndex {
  readonly #root = newNode();

  constructor(promises: readonly HttpPromise[]) {
    for (const promise of promises) {
      let node = this.#root;
      for (const segment of promise.template.segments) node = childFor(node, segment);
      node.promises.push(promise);
    }
  }

  /** Tells `take` of each promise whose template these segments fit. */
  find(segments: readonly string[], take: (promise: HttpPromise) => void): void {
    visit(this.#root, { segments, take }, 0);
  }
}

function newNode(): IndexNode {
  return { literals: new Map(), variables: new Map(), promises: [] };
}

function childFor(node: IndexNode, segment: TemplateSegment): IndexNode {
  if (segment.kind === 'literal') {
    const child = node.literals.get(segment.text) ?? newNode();
    node.literals.set(segment.text, child);
    return child;
  }
  const { pattern, accepts } = segment;
  const branch = node.variables.get(pattern) ?? { accepts, node: newNode() };
  node.variables.set(pattern, branch);
  return branch.node;
}

interface Search {
  readonly segments: readonly string[];
  readonly take: (promise: HttpPromise) => void;
}

function visit(node: IndexNode, search: Search, at: number): void {
  const segment = search.segments[at];
  if (segment === undefined) {
    for (const promise of node.promises) search.take(promise);
    return;
  }
  const literal = node.literals.get(segment);
  if (literal !== undefined) visit(literal, search, at + 1);
  for (const branch of node.variables.values()) {
    if (branch.accepts(segment)) visit(branch.node, search, at + 1);
  }
}
