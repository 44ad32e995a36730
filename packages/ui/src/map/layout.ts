import type { MapGraph } from './graph.ts';
import { layoutLanes } from './lanes-layout.ts';
import { layoutLayers } from './layered-layout.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything stands, in CSS pixels at zoom 1; the left upper corner of the whole is 0,0. */
export interface Layout {
  readonly kind: 'layers' | 'lanes';
  readonly boxes: ReadonlyMap<string, Box>;
  /** Link id → the points its line passes, from its start at a box to its end at a box. */
  readonly routes: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
}

/** Up to this many services lines are led around boxes; beyond, services stand in compact columns. */
export const layeredLimit = 30;

/** A pure function of the graph: the same services and edges stand at the same places after every refresh. */
export function layoutMap(graph: MapGraph): Layout {
  return graph.nodes.length <= layeredLimit ? layoutLayers(graph) : layoutLanes(graph);
}
