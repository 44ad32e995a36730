import type { CallCountStore, CallFilter, EdgeTotals, UsageTotals } from './call-count-store.ts';
import { pairKey } from './promise-book.ts';
import type { PromiseStart, PromiseStore } from './promise-store.ts';

/** What the database knows about traffic, ready for looking up. */
export interface TrafficFacts {
  readonly edges: ReadonlyMap<string, EdgeTotals>;
  /** Of all time, whatever was asked for: promises are watched by it. */
  readonly totals: ReadonlyMap<string, EdgeTotals>;
  readonly environments: ReadonlyMap<string, readonly string[]>;
  readonly usage: ReadonlyMap<string, UsageTotals>;
  readonly starts: ReadonlyMap<string, PromiseStart>;
}

export function edgeKey(edge: {
  readonly consumer: string;
  readonly provider: string;
  readonly transport: string;
}): string {
  return `${pairKey(edge.consumer, edge.provider)}\n${edge.transport}`;
}

export function shapeKey(promise: {
  readonly consumer: string;
  readonly provider: string;
  readonly shape: string;
}): string {
  return `${pairKey(promise.consumer, promise.provider)}\n${promise.shape}`;
}

/** Five queries, however many edges there are. */
export async function gatherFacts(
  stores: { readonly counts: CallCountStore; readonly promises: PromiseStore },
  filter: CallFilter,
): Promise<TrafficFacts> {
  const { counts, promises } = stores;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const edges = await counts.edges(filter);
  const totals = isFiltered ? await counts.edges({}) : edges;
  const environments = new Map<string, string[]>();
  for (const row of await counts.environments(filter)) {
    const key = edgeKey(row);
    environments.set(key, [...(environments.get(key) ?? []), row.environment]);
  }
  const usage = await counts.usage(filter);
  const starts = await promises.all();
  return {
    edges: new Map(edges.map((edge) => [edgeKey(edge), edge])),
    totals: new Map(totals.map((edge) => [edgeKey(edge), edge])),
    environments,
    usage: new Map(usage.map((row) => [shapeKey(row), row])),
    starts: new Map(starts.map((start) => [`${edgeKey(start)}\n${start.shape}`, start])),
  };
}
