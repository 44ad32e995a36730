import type { Point } from './layout.ts';

const badgeDistance = 26;
const badgePlaces = [0.5, 0.38, 0.62, 0.27, 0.73, 0.18, 0.82];

/** SVG path data of a line and its arrow head. Draws a route with rounded S-curves between its points; both ends run level into the boxes. */
export function drawLine(route: readonly Point[]): { path: string; arrow: string } {
  const start = route[0];
  const end = route.at(-1);
  if (start === undefined || end === undefined) return { path: '', arrow: '' };
  const parts = [`M${start.x} ${start.y}`];
  for (let index = 1; index < route.length; index += 1) {
    const [from, to] = [route[index - 1] ?? start, route[index] ?? end];
    const [a, b] = controls(from, to);
    parts.push(`C${a.x} ${a.y} ${b.x} ${b.y} ${to.x} ${to.y}`);
  }
  return { path: parts.join(''), arrow: arrowHead(route.at(-2) ?? start, end) };
}

/** Gives every line a badge place that is not taken by an earlier one, as far as the lines allow. */
export function placeBadges(routes: readonly (readonly Point[])[]): Point[] {
  const taken: Point[] = [];
  for (const route of routes) {
    const middle = middleStep(route);
    const candidates = badgePlaces.map((at) => pointOn(middle, at));
    const free = candidates.find((place) =>
      taken.every((other) => distance(place, other) >= badgeDistance),
    );
    taken.push(free ?? candidates[0] ?? { x: 0, y: 0 });
  }
  return taken;
}

function controls(from: Point, to: Point): [Point, Point] {
  if (from.x === to.x && from.y !== to.y) {
    // Up or down beside a column: swing out so that the line does not run behind the boxes.
    return [
      { x: from.x + 56, y: from.y },
      { x: to.x + 56, y: to.y },
    ];
  }
  const half = (to.x - from.x) / 2;
  return [
    { x: round(from.x + half), y: from.y },
    { x: round(to.x - half), y: to.y },
  ];
}

function arrowHead(before: Point, end: Point): string {
  if (before.x === end.x) {
    const down = end.y > before.y && Math.abs(end.y - before.y) <= 20;
    if (down) return `M${end.x} ${end.y}l-4.5 -9h9z`;
    return `M${end.x} ${end.y}l9 -4.5v9z`;
  }
  const back = end.x > before.x ? -9 : 9;
  return `M${end.x} ${end.y}l${back} -4.5v9z`;
}

/** The longest step of a route that is not a straight pass beside boxes. */
function middleStep(route: readonly Point[]): [Point, Point] {
  const origin = { x: 0, y: 0 };
  let best: [Point, Point] = [route[0] ?? origin, route[1] ?? route[0] ?? origin];
  for (let index = 1; index < route.length; index += 1) {
    const step: [Point, Point] = [route[index - 1] ?? origin, route[index] ?? origin];
    if (distance(...step) > distance(...best)) best = step;
  }
  return best;
}

function pointOn([from, to]: [Point, Point], t: number): Point {
  const [a, b] = controls(from, to);
  const u = 1 - t;
  const weights = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  const sum = (values: readonly number[]) =>
    round(values.reduce((total, value, index) => total + value * (weights[index] ?? 0), 0));
  return { x: sum([from.x, a.x, b.x, to.x]), y: sum([from.y, a.y, b.y, to.y]) };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
