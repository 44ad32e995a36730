import { compareText, groupBy, type MapGraph } from './graph.ts';

/** A link in drawing direction after cycles were broken: `reversed` ones run against the tiers. */
export interface TierLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly reversed: boolean;
}

export interface Tiers {
  /** Node → number of its column, from 0. */
  readonly tierOf: ReadonlyMap<string, number>;
  /** Without loops of a node to itself; every link leads to a higher tier. */
  readonly links: readonly TierLink[];
}

/** Puts callers left of what they call, as far as cycles allow; the same graph always gives the same tiers. */
export function findTiers(graph: MapGraph): Tiers {
  const position = new Map(callOrder(graph).map((id, index) => [id, index]));
  const links: TierLink[] = [];
  for (const { id, from, to } of graph.links) {
    if (from === to) continue;
    const reversed = (position.get(from) ?? 0) > (position.get(to) ?? 0);
    links.push(reversed ? { id, from: to, to: from, reversed } : { id, from, to, reversed });
  }
  return { tierOf: longestPaths([...position.keys()], links), links };
}

interface Neighbours {
  readonly out: Set<string>;
  readonly in: Set<string>;
}

/** Greedy order after Eades, Lin and Smyth: sinks last, sources first, else the node that calls most and is called least. */
function callOrder(graph: MapGraph): string[] {
  const rest = neighboursOf(graph);
  const head: string[] = [];
  const tail: string[] = [];
  while (rest.size > 0) {
    const { id, last } = pickNext(rest);
    (last ? tail : head).push(id);
    takeOut(rest, id);
  }
  return [...head, ...tail.reverse()];
}

function neighboursOf(graph: MapGraph): Map<string, Neighbours> {
  const all = new Map(
    graph.nodes.map(({ id }): [string, Neighbours] => [id, { out: new Set(), in: new Set() }]),
  );
  for (const { from, to } of graph.links) {
    if (from === to) continue;
    all.get(from)?.out.add(to);
    all.get(to)?.in.add(from);
  }
  return all;
}

function pickNext(rest: ReadonlyMap<string, Neighbours>): { id: string; last: boolean } {
  let best = { id: '', score: Number.NEGATIVE_INFINITY };
  for (const [id, links] of rest) {
    if (links.in.size === 0) return { id, last: false };
    if (links.out.size === 0) return { id, last: true };
    const score = links.out.size - links.in.size;
    if (score > best.score) best = { id, score };
  }
  return { id: best.id, last: false };
}

function takeOut(rest: Map<string, Neighbours>, id: string): void {
  const links = rest.get(id);
  rest.delete(id);
  for (const other of links?.out ?? []) rest.get(other)?.in.delete(id);
  for (const other of links?.in ?? []) rest.get(other)?.out.delete(id);
}

function longestPaths(order: readonly string[], links: readonly TierLink[]): Map<string, number> {
  const tierOf = new Map(order.map((id) => [id, 0]));
  const outgoing = groupBy(links, (link) => link.from);
  for (const id of order) {
    const tier = tierOf.get(id) ?? 0;
    for (const { to } of outgoing.get(id) ?? []) {
      tierOf.set(to, Math.max(tierOf.get(to) ?? 0, tier + 1));
    }
  }
  const called = new Set(links.map((link) => link.to));
  // A caller that nobody calls stands right before the first thing it calls: short lines.
  for (const id of order) {
    const targets = outgoing.get(id);
    if (called.has(id) || targets === undefined) continue;
    tierOf.set(id, Math.min(...targets.map(({ to }) => tierOf.get(to) ?? 1)) - 1);
  }
  return tierOf;
}

/** Sorts each column by the mean place of its neighbours in the columns beside it; `sweeps` times there and back. */
export function orderColumns(
  columns: string[][],
  links: readonly { readonly from: string; readonly to: string }[],
  sweeps: number,
): string[][] {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of links) {
    push(neighbours, from, to);
    push(neighbours, to, from);
  }
  const place = new Map<string, number>();
  for (const column of columns) settle(column);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const forward = sweep % 2 === 0 ? columns : [...columns].reverse();
    for (const column of forward) sortColumn(column);
  }
  return columns;

  function sortColumn(column: string[]): void {
    const wish = new Map(column.map((id) => [id, mean(id)]));
    column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || compareText(a, b));
    settle(column);
  }

  function mean(id: string): number {
    const others = neighbours.get(id) ?? [];
    if (others.length === 0) return place.get(id) ?? 0;
    return others.reduce((sum, other) => sum + (place.get(other) ?? 0), 0) / others.length;
  }

  // Places run from 0 to 1 in every column, so that long and short columns can be compared.
  function settle(column: readonly string[]): void {
    column.forEach((id, index) => {
      place.set(id, (index + 0.5) / column.length);
    });
  }
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
