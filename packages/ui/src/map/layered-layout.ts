import { compareText, groupBy, type MapGraph } from './graph.ts';
import type { Box, Layout, Point } from './layout.ts';
import { findTiers, orderColumns, type TierLink, type Tiers } from './tiers.ts';

const boxWidth = 178;
const boxHeight = 58;
const columnGap = 122;
const rowGap = 52;
const bendHeight = 18;
const margin = 40;
const sweeps = 12;

interface Chain {
  readonly link: TierLink;
  /** Bends between its two ends, one for each column it passes. */
  readonly bends: readonly string[];
}

/** Columns of services with lines led around the boxes in between (after Sugiyama); for small maps. */
export function layoutLayers(graph: MapGraph): Layout {
  const tiers = findTiers(graph);
  const chains = tiers.links.map((link) => ({ link, bends: bendsOf(link, tiers.tierOf) }));
  const steps = chains.flatMap(stepsOf);
  const columns = orderColumns(columnsOf(graph, tiers, chains), steps, sweeps);
  const centres = settleRows(columns, steps, heightOf);
  const boxes = new Map<string, Box>();
  columns.forEach((column, index) => {
    for (const id of column) boxes.set(id, boxAt(id, index, centres.get(id) ?? 0));
  });
  const routes = new Map(routesOf(graph, chains, boxes));
  const services = new Map(graph.nodes.map(({ id }) => [id, boxes.get(id) ?? boxAt(id, 0, 0)]));
  return {
    kind: 'layers',
    boxes: services,
    routes,
    width: margin * 2 + columns.length * boxWidth + Math.max(0, columns.length - 1) * columnGap,
    height: Math.max(0, ...[...boxes.values()].map((box) => box.y + box.height)) + margin,
  };
}

/** Bends carry a character no service name can start with after encoding, so they never collide with one. */
function bendsOf(link: TierLink, tierOf: ReadonlyMap<string, number>): string[] {
  const start = tierOf.get(link.from) ?? 0;
  const end = tierOf.get(link.to) ?? 0;
  return Array.from(
    { length: Math.max(0, end - start - 1) },
    (_, index) => `\u0000${link.id}\u0000${index}`,
  );
}

function isBend(id: string): boolean {
  return id.startsWith('\u0000');
}

function heightOf(id: string): number {
  return isBend(id) ? bendHeight : boxHeight;
}

function stepsOf({ link, bends }: Chain): { from: string; to: string }[] {
  const stops = [link.from, ...bends, link.to];
  return stops.slice(1).map((to, index) => ({ from: stops[index] ?? to, to }));
}

function columnsOf(graph: MapGraph, { tierOf }: Tiers, chains: readonly Chain[]): string[][] {
  const columns: string[][] = [];
  for (const { id } of graph.nodes) add(tierOf.get(id) ?? 0, id);
  for (const { link, bends } of chains) {
    bends.forEach((bend, index) => {
      add((tierOf.get(link.from) ?? 0) + 1 + index, bend);
    });
  }
  return Array.from(columns, (column) => column ?? []).filter((column) => column.length > 0);

  function add(tier: number, id: string): void {
    columns[tier] ??= [];
    columns[tier].push(id);
  }
}

/** Vertical centres: near the neighbours' mean, in column order, never closer than the boxes allow. */
function settleRows(
  columns: readonly (readonly string[])[],
  steps: readonly { readonly from: string; readonly to: string }[],
  height: (id: string) => number,
): Map<string, number> {
  const before = groupBy(steps, (step) => step.to);
  const after = groupBy(steps, (step) => step.from);
  const centre = new Map<string, number>();
  for (const column of columns) place(column, () => 0);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const order = sweep % 2 === 0 ? columns : [...columns].reverse();
    for (const column of order) place(column, wish);
  }
  const top = Math.min(...[...centre].map(([id, y]) => y - height(id) / 2));
  for (const [id, y] of centre) centre.set(id, Math.round(y - top + margin));
  return centre;

  function wish(id: string): number {
    const others = [
      ...(before.get(id) ?? []).map((step) => step.from),
      ...(after.get(id) ?? []).map((step) => step.to),
    ];
    if (others.length === 0) return centre.get(id) ?? 0;
    return others.reduce((sum, other) => sum + (centre.get(other) ?? 0), 0) / others.length;
  }

  function place(column: readonly string[], wishOf: (id: string) => number): void {
    const offsets: number[] = [];
    column.forEach((id, index) => {
      const previous = column[index - 1];
      const space = previous === undefined ? 0 : (height(previous) + height(id)) / 2 + rowGap;
      offsets.push((offsets[index - 1] ?? 0) + space);
    });
    const settled = monotone(column.map((id, index) => wishOf(id) - (offsets[index] ?? 0)));
    column.forEach((id, index) => {
      centre.set(id, (settled[index] ?? 0) + (offsets[index] ?? 0));
    });
  }
}

/** The closest never-falling row of numbers (pool adjacent violators). */
function monotone(wishes: readonly number[]): number[] {
  const pools: { mean: number; size: number }[] = [];
  for (const wish of wishes) {
    let pool = { mean: wish, size: 1 };
    for (
      let last = pools.at(-1);
      last !== undefined && last.mean > pool.mean;
      last = pools.at(-1)
    ) {
      pools.pop();
      const size = last.size + pool.size;
      pool = { mean: (last.mean * last.size + pool.mean * pool.size) / size, size };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ mean, size }) => Array.from({ length: size }, () => mean));
}

function boxAt(id: string, column: number, centre: number): Box {
  const height = heightOf(id);
  const x = margin + column * (boxWidth + columnGap);
  return { x, y: centre - height / 2, width: boxWidth, height };
}

/** Lines leave and reach a box at ports spread over its side, in the order of what they lead to. */
function routesOf(
  graph: MapGraph,
  chains: readonly Chain[],
  boxes: ReadonlyMap<string, Box>,
): [string, Point[]][] {
  const right = ports(
    chains.map((chain) => ({ chain, at: chain.link.from, next: stepsOf(chain)[0]?.to })),
  );
  const left = ports(
    chains.map((chain) => ({ chain, at: chain.link.to, next: stepsOf(chain).at(-1)?.from })),
  );
  const routes = chains.map((chain): [string, Point[]] => {
    const start = boxes.get(chain.link.from);
    const end = boxes.get(chain.link.to);
    const points: Point[] = [
      { x: (start?.x ?? 0) + boxWidth, y: right.get(chain.link.id) ?? 0 },
      ...chain.bends.flatMap((bend) => bendPoints(boxes.get(bend))),
      { x: end?.x ?? 0, y: left.get(chain.link.id) ?? 0 },
    ];
    return [chain.link.id, chain.link.reversed ? points.reverse() : points];
  });
  return [...routes, ...loops(graph, boxes)];

  function ports(
    ends: { chain: Chain; at: string; next: string | undefined }[],
  ): Map<string, number> {
    const y = new Map<string, number>();
    for (const [at, group] of groupBy(ends, (end) => end.at)) {
      const box = boxes.get(at);
      group.sort(
        (a, b) => top(a.next) - top(b.next) || compareText(a.chain.link.id, b.chain.link.id),
      );
      group.forEach((end, index) => {
        y.set(
          end.chain.link.id,
          Math.round((box?.y ?? 0) + (boxHeight * (index + 1)) / (group.length + 1)),
        );
      });
    }
    return y;
  }

  function top(id: string | undefined): number {
    return boxes.get(id ?? '')?.y ?? 0;
  }
}

function bendPoints(box: Box | undefined): Point[] {
  if (box === undefined) return [];
  const y = box.y + box.height / 2;
  return [
    { x: box.x, y },
    { x: box.x + box.width, y },
  ];
}

function loops(graph: MapGraph, boxes: ReadonlyMap<string, Box>): [string, Point[]][] {
  return graph.links
    .filter(({ from, to }) => from === to)
    .map(({ id, from }) => [id, loopRoute(boxes.get(from))]);
}

/** The line of a service that calls itself: out at the right of its box's upper side, back at the left. */
export function loopRoute(box: Box | undefined): Point[] {
  const { x, y, width } = box ?? { x: 0, y: 0, width: 0 };
  return [
    { x: x + width * 0.7, y },
    { x: x + width * 0.7, y: y - 20 },
    { x: x + width * 0.3, y: y - 20 },
    { x: x + width * 0.3, y },
  ];
}
