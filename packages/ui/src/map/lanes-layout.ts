import type { MapGraph } from './graph.ts';
import { loopRoute } from './layered-layout.ts';
import type { Box, Layout, Point } from './layout.ts';
import { findTiers, orderColumns } from './tiers.ts';

const boxWidth = 160;
const boxHeight = 30;
const columnGap = 90;
const tierGap = 150;
const rowGap = 12;
const margin = 40;
const sweeps = 4;
const wantedRatio = 1.7;

/** Tiers as lanes of compact columns, as wide as the screen is to its height; for maps of hundreds of services. */
export function layoutLanes(graph: MapGraph): Layout {
  const tiers = findTiers(graph);
  const lanes: string[][] = [];
  for (const { id } of graph.nodes) {
    const tier = tiers.tierOf.get(id) ?? 0;
    lanes[tier] ??= [];
    lanes[tier].push(id);
  }
  const filled = Array.from(lanes, (lane) => lane ?? []).filter((lane) => lane.length > 0);
  const ordered = orderColumns(joinShort(filled, graph.nodes.length), tiers.links, sweeps);
  const rows = chooseRows(ordered);
  const boxes = placeBoxes(ordered, rows);
  const routes = new Map(
    graph.links.map(({ id, from, to }) => [id, routeOf(boxes.get(from), boxes.get(to))]),
  );
  const all = [...boxes.values()];
  return {
    kind: 'lanes',
    boxes,
    routes,
    width: Math.max(0, ...all.map((box) => box.x + box.width)) + margin,
    height: Math.max(0, ...all.map((box) => box.y + box.height)) + margin,
  };
}

/** Long chains of calls make many tiers of few services; neighbours share a lane as far as the screen has rows. */
function joinShort(tiers: readonly (readonly string[])[], services: number): string[][] {
  const columns = Math.sqrt(
    (services * wantedRatio * (boxHeight + rowGap)) / (boxWidth + columnGap),
  );
  const rows = Math.ceil(services / Math.max(1, columns));
  const lanes: string[][] = [];
  for (const tier of tiers) {
    const last = lanes.at(-1);
    if (last !== undefined && last.length + tier.length <= rows) last.push(...tier);
    else lanes.push([...tier]);
  }
  return lanes;
}

function chooseRows(lanes: readonly (readonly string[])[]): number {
  const longest = Math.max(1, ...lanes.map((lane) => lane.length));
  for (let rows = 1; rows < longest; rows += 1) {
    const columns = lanes.reduce((sum, lane) => sum + Math.ceil(lane.length / rows), 0);
    const width = columns * (boxWidth + columnGap);
    if (width / (rows * (boxHeight + rowGap)) <= wantedRatio) return rows;
  }
  return longest;
}

function placeBoxes(lanes: readonly (readonly string[])[], rows: number): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const full = rows * (boxHeight + rowGap) - rowGap;
  let x = margin;
  for (const lane of lanes) {
    const columns = Math.ceil(lane.length / rows);
    const perColumn = Math.ceil(lane.length / columns);
    for (let column = 0; column < columns; column += 1) {
      const part = lane.slice(column * perColumn, (column + 1) * perColumn);
      const top = margin + Math.round((full - (part.length * (boxHeight + rowGap) - rowGap)) / 2);
      part.forEach((id, row) => {
        boxes.set(id, {
          x,
          y: top + row * (boxHeight + rowGap),
          width: boxWidth,
          height: boxHeight,
        });
      });
      x += boxWidth + columnGap;
    }
    x += tierGap - columnGap;
  }
  return boxes;
}

function routeOf(from: Box | undefined, to: Box | undefined): Point[] {
  if (from === undefined || to === undefined) return [];
  if (from === to) return loopRoute(from);
  const rightwards = from.x < to.x;
  const sameColumn = from.x === to.x;
  return [
    { x: rightwards || sameColumn ? from.x + from.width : from.x, y: from.y + from.height / 2 },
    { x: rightwards ? to.x : to.x + to.width, y: to.y + to.height / 2 },
  ];
}
