import { type KeyboardEvent, memo, useMemo, useState } from 'react';
import { glyphPaths, transportPaths } from '../parts/glyph.tsx';
import { shorten } from '../words/format.ts';
import { serviceColour } from '../words/service-colour.ts';
import { isJudged, isProblem } from '../words/states.ts';
import type { MapGraph } from './graph.ts';
import type { Layout } from './layout.ts';
import {
  composeScene,
  type EdgeMark,
  type NodeMark,
  type RecentEdges,
  stepEdge,
} from './map-scene.ts';
import { usePanZoom } from './use-pan-zoom.ts';
import { boundsOf } from './viewport.ts';

interface MapCanvasProps {
  readonly graph: MapGraph;
  readonly layout: Layout;
  readonly recent: RecentEdges;
  /** Ids of the edges that pass the filter. */
  readonly shown: ReadonlySet<string>;
  readonly selected: string;
  readonly onSelect: (edge: string) => void;
  readonly onFocus: (service: string) => void;
}

/** The drawing: one stop for the tab key, arrows walk the edges, Enter opens one. */
export function MapCanvas(props: MapCanvasProps) {
  const { graph, layout, recent, shown, selected } = props;
  const scene = useMemo(() => composeScene(graph, layout, recent), [graph, layout, recent]);
  const edges = useMemo(() => scene.edges.filter((mark) => shown.has(mark.id)), [scene, shown]);
  const touched = useMemo(
    () => new Set(edges.flatMap(({ edge }) => [edge.consumer, edge.provider])),
    [edges],
  );
  const bounds = useMemo(() => {
    const boxes = scene.nodes.filter(({ id }) => touched.has(id)).map(({ box }) => box);
    return (
      boundsOf(boxes, layout.kind === 'lanes' ? 72 : 36) ?? {
        x: 0,
        y: 0,
        width: layout.width,
        height: layout.height,
      }
    );
  }, [scene, touched, layout]);
  const pan = usePanZoom(bounds);
  const { active, onKeyDown } = useWalk(edges, props);
  const isSigned = (mark: EdgeMark) => !scene.dense || isProblem(mark.edge);
  return (
    <>
      <div
        ref={pan.stage}
        className="map-stage"
        role="listbox"
        tabIndex={0}
        aria-label="Edges of the map"
        aria-activedescendant={active === '' ? undefined : elementId(active)}
        onKeyDown={onKeyDown}
        onClick={(event) => pan.dragged() || clickMap(event.target, props)}
        onPointerDown={pan.onPointerDown}
        onPointerMove={pan.onPointerMove}
        onPointerUp={pan.onPointerUp}
      >
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: the listbox around it has the name, every edge in it its own */}
        <svg
          ref={pan.canvas}
          className={scene.dense ? 'map-svg is-dense' : 'map-svg'}
          width={layout.width}
          height={layout.height}
          aria-hidden={edges.length === 0}
        >
          {edges.map((mark) => (
            <EdgeShape
              key={mark.id}
              mark={mark}
              wide={!scene.dense}
              selected={mark.id === selected}
              active={mark.id === active}
            />
          ))}
          {edges.filter(isSigned).map((mark) => (
            <EdgeBadge
              key={mark.id}
              mark={mark}
              captioned={!scene.dense}
              strong={mark.id === selected || mark.id === active}
            />
          ))}
          {scene.nodes.map((mark) => (
            <NodeShape key={mark.id} mark={mark} ghost={!touched.has(mark.id)} />
          ))}
        </svg>
      </div>
      <ZoomButtons zoom={pan.zoom} fitAll={pan.fitAll} />
    </>
  );
}

/** The edge that the arrow keys stand on. */
function useWalk(edges: readonly EdgeMark[], { selected, onSelect }: MapCanvasProps) {
  const [walked, walk] = useState('');
  const active = edges.some(({ id }) => id === walked) ? walked : '';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && active !== '') return onSelect(active);
    const ids = edges.map(({ id }) => id);
    const next = stepEdge(ids, active || selected, event.key);
    if (next === undefined) return;
    event.preventDefault();
    walk(next);
  };
  return { active, onKeyDown };
}

/** One listener for all: lines, signs and boxes say by their data attributes what they are. */
function clickMap(target: EventTarget, { onSelect, onFocus }: MapCanvasProps): void {
  if (!(target instanceof Element)) return;
  const edge = target.closest('[data-edge]')?.getAttribute('data-edge');
  const node = target.closest('[data-node]')?.getAttribute('data-node');
  if (edge) onSelect(edge);
  else if (node) onFocus(node);
}

interface EdgeShapeProps {
  readonly mark: EdgeMark;
  /** With a broad invisible line to hit. */
  readonly wide: boolean;
  readonly selected: boolean;
  readonly active: boolean;
}

const EdgeShape = memo(function EdgeShape({ mark, wide, selected, active }: EdgeShapeProps) {
  const { id, path, arrow, words } = mark;
  const classes = [edgeClass(mark)];
  if (selected) classes.push('is-selected');
  if (active) classes.push('is-active');
  return (
    <g
      id={elementId(id)}
      className={classes.join(' ')}
      role="option"
      aria-label={words}
      aria-selected={selected}
      data-edge={id}
    >
      <title>{words}</title>
      {wide && <path className="edge-hit" d={path} />}
      <path className="edge-line" d={path} />
      <path className="edge-arrow" d={arrow} />
    </g>
  );
});

interface EdgeBadgeProps {
  readonly mark: EdgeMark;
  readonly captioned: boolean;
  readonly strong: boolean;
}

/** The sign of an edge; drawn after all lines, so that none runs through it. */
const EdgeBadge = memo(function EdgeBadge({ mark, captioned, strong }: EdgeBadgeProps) {
  const { id, edge, badge, words } = mark;
  const message = edge.transport === 'message';
  return (
    <g
      className={strong ? `${edgeClass(mark)} is-active` : edgeClass(mark)}
      data-edge={id}
      transform={`translate(${badge.x} ${badge.y})`}
    >
      <title>{words}</title>
      {message ? (
        <rect className="badge" x="-9" y="-9" width="18" height="18" rx="3" />
      ) : (
        <circle className="badge" r="9.5" />
      )}
      <path className="badge-sign" d={signOf(mark)} />
      {captioned &&
        mark.caption.map((line, index) => (
          <text key={line} className="edge-caption" y={22 + 13 * index}>
            {line}
          </text>
        ))}
    </g>
  );
});

function signOf({ edge }: EdgeMark): string {
  if (edge.transport === 'database' || edge.transport === 'rpc') {
    return transportPaths[edge.transport];
  }
  return glyphPaths[edge.state];
}

function edgeClass({ edge }: EdgeMark): string {
  if (!isJudged(edge)) return `edge edge-plain edge-${edge.transport}`;
  const transport = edge.transport === 'message' ? ' edge-message' : '';
  return `edge edge-${edge.state}${transport}`;
}

const NodeShape = memo(function NodeShape({
  mark,
  ghost,
}: {
  readonly mark: NodeMark;
  readonly ghost: boolean;
}) {
  const { id, box, virtual, kind, words } = mark;
  const classes = ['node', `node-${kind}`];
  if (virtual) classes.push('is-virtual');
  if (ghost) classes.push('is-ghost');
  const low = words === '';
  return (
    <g className={classes.join(' ')} transform={`translate(${box.x} ${box.y})`} data-node={id}>
      <title>{nodeTip(mark)}</title>
      <NodeBox box={box} kind={kind} />
      <rect
        className={`node-colour service-${serviceColour(id)}`}
        x="8"
        y={box.height / 2 - 8}
        width="4"
        height="16"
        rx="2"
      />
      <text className="node-name" x="20" y={low ? box.height / 2 + 4.5 : 25}>
        {shorten(id, Math.floor((box.width - 28) / nameLetterWidth))}
      </text>
      {!low && (
        <text className="node-words" x="20" y="43">
          {words}
        </text>
      )}
    </g>
  );
});

function nodeTip({ id, virtual, kind }: NodeMark): string {
  if (kind === 'database')
    return `${id}: a database, as its callers name it. Click: only its edges`;
  if (virtual) return `${id}: sends no spans, its name is guessed. Click: only its edges`;
  return `${id}. Click: only its edges`;
}

/** A database is drawn as a drum. */
function NodeBox({ box, kind }: Pick<NodeMark, 'box' | 'kind'>) {
  const { width, height } = box;
  if (kind !== 'database') {
    return <rect className="node-box" width={width} height={height} rx={kind === 'rpc' ? 18 : 8} />;
  }
  const lid = 5;
  return (
    <>
      <path
        className="node-box"
        d={`M0 0a${width / 2} ${lid} 0 0 1 ${width} 0V${height}a${width / 2} ${lid} 0 0 1 ${-width} 0z`}
      />
      <path className="node-lid" d={`M0 0a${width / 2} ${lid} 0 0 0 ${width} 0`} />
    </>
  );
}

function ZoomButtons({
  zoom,
  fitAll,
}: {
  readonly zoom: (factor: number) => void;
  readonly fitAll: () => void;
}) {
  return (
    <fieldset className="zoom">
      <legend className="hidden">Zoom</legend>
      <button type="button" className="button" aria-label="Zoom in" onClick={() => zoom(1.3)}>
        +
      </button>
      <button type="button" className="button" aria-label="Zoom out" onClick={() => zoom(1 / 1.3)}>
        −
      </button>
      <button type="button" className="button" onClick={fitAll}>
        Fit
      </button>
    </fieldset>
  );
}

/** In pixels: a little more than the broadest of the usual fonts needs. */
const nameLetterWidth = 8.4;

function elementId(edge: string): string {
  return `edge-${edge}`;
}
