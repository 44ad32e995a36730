import type { Box } from './layout.ts';

/** A CSS transform of the map: first scaled, then moved. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const smallest = 0.08;
const largest = 2.5;

/** Shows all of the content, centred; small content is not blown up beyond its natural size. */
export function fitViewport(content: Box, stage: Size, largestFit = 1.15): Viewport {
  if (content.width <= 0 || content.height <= 0 || stage.width <= 0 || stage.height <= 0) {
    return { x: 0, y: 0, scale: 1 };
  }
  const ratio = Math.min(stage.width / content.width, stage.height / content.height);
  const scale = limit(Math.min(ratio, largestFit));
  return {
    scale,
    x: (stage.width - content.width * scale) / 2 - content.x * scale,
    y: (stage.height - content.height * scale) / 2 - content.y * scale,
  };
}

/** Zooms by a factor around a point of the stage, which stays where it is. */
export function zoomViewport(
  view: Viewport,
  factor: number,
  at: { readonly x: number; readonly y: number },
): Viewport {
  const scale = limit(view.scale * factor);
  const real = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real };
}

export function panViewport(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

export function viewportTransform(view: Viewport): string {
  return `translate(${view.x.toFixed(2)}px, ${view.y.toFixed(2)}px) scale(${view.scale.toFixed(4)})`;
}

/** The smallest box around some boxes, with room around it; undefined when there are none. */
export function boundsOf(boxes: readonly Box[], room: number): Box | undefined {
  if (boxes.length === 0) return undefined;
  const left = Math.min(...boxes.map((box) => box.x)) - room;
  const top = Math.min(...boxes.map((box) => box.y)) - room;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + room;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + room;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function limit(scale: number): number {
  return Math.min(largest, Math.max(smallest, scale));
}
