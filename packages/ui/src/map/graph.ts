import type { Edge } from '@concordat/api';

/**
 * An edge of the map as it is drawn. The arrow goes the way the request or event goes: HTTP from consumer to
 * provider, an event from its sender (the provider of the pact) to its receiver.
 */
export interface MapLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly edge: Edge;
}

export interface MapNode {
  readonly id: string;
  /** It sends no spans and no contract names it. */
  readonly virtual: boolean;
  /** What is only called as a database or as a remote procedure is drawn as that. */
  readonly kind: 'service' | 'database' | 'rpc';
}

export interface MapGraph {
  /** By name. */
  readonly nodes: readonly MapNode[];
  /** By name of consumer, provider and transport: the same edges give the same graph in any order. */
  readonly links: readonly MapLink[];
}

/** The name of an edge in the page's address. */
export function edgeId(edge: Pick<Edge, 'consumer' | 'provider' | 'transport'>): string {
  return [edge.consumer, edge.provider, edge.transport].map(withoutTilde).join('~');
}

function withoutTilde(name: string): string {
  return encodeURIComponent(name).replaceAll('~', '%7E');
}

export function buildGraph(edges: readonly Edge[]): MapGraph {
  const links = edges.map(toLink).sort((a, b) => compareText(a.id, b.id));
  const names = new Set<string>();
  const known = new Set<string>();
  for (const { edge } of links) {
    for (const name of [edge.consumer, edge.provider]) {
      names.add(name);
      if (!edge.virtual) known.add(name);
    }
  }
  const kinds = rolesOf(links);
  const virtual = new Set(
    links.filter(({ edge }) => edge.virtual).map(({ edge }) => guessed(edge, known)),
  );
  const nodes = [...names]
    .sort(compareText)
    .map((id) => ({ id, virtual: virtual.has(id), kind: kindOf(kinds.get(id)) }));
  return { nodes, links };
}

/** Service → the transports it is called over; a caller is called over HTTP, so to speak. */
function rolesOf(links: readonly MapLink[]): ReadonlyMap<string, ReadonlySet<string>> {
  const roles = new Map<string, Set<string>>();
  const add = (name: string, role: string) =>
    roles.set(name, (roles.get(name) ?? new Set()).add(role));
  for (const { edge } of links) {
    add(edge.consumer, 'http');
    add(edge.provider, edge.transport);
  }
  return roles;
}

function kindOf(roles: ReadonlySet<string> | undefined): MapNode['kind'] {
  const [only, more] = roles ?? [];
  return more === undefined && (only === 'database' || only === 'rpc') ? only : 'service';
}

/** An edge does not say which of its peers is the guess: the one that no other edge knows, else the one that is called. */
function guessed(edge: Edge, known: ReadonlySet<string>): string | undefined {
  if (!known.has(edge.provider)) return edge.provider;
  return known.has(edge.consumer) ? undefined : edge.consumer;
}

function toLink(edge: Edge): MapLink {
  const message = edge.transport === 'message';
  return {
    id: edgeId(edge),
    from: message ? edge.provider : edge.consumer,
    to: message ? edge.consumer : edge.provider,
    edge,
  };
}

/** Code unit order: independent of the reader's language, so positions are too. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Lists by key, in the order the items came. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
