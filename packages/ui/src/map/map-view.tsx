import type { Edge } from '@concordat/api';
import { useEffect, useMemo } from 'react';
import { hrefTo, hrefWith, setQuery, useSurroundings } from '../app/place.ts';
import type { Resource } from '../data/resource.ts';
import { pollEvery, useResource } from '../data/use-resource.ts';
import { SearchField, Toggle } from '../parts/fields.tsx';
import { Link } from '../parts/link.tsx';
import { Await, Empty } from '../parts/states.tsx';
import { ViewHead } from '../parts/view-head.tsx';
import { formatCount, plural } from '../words/format.ts';
import { EdgePanel } from './edge-panel.tsx';
import { EdgeTable } from './edge-table.tsx';
import { buildGraph, edgeId, type MapGraph } from './graph.ts';
import { layeredLimit, layoutMap } from './layout.ts';
import { MapCanvas } from './map-canvas.tsx';
import { filterEdges, type MapFilter, readMapFilter } from './map-filter.ts';
import { MapLegend } from './map-legend.tsx';
import { type RecentEdges, recentSeconds } from './map-scene.ts';

/** Services with their contracts laid over their traffic, as a map or as a table. */
export function MapView({ edges }: { readonly edges: Resource<readonly Edge[]> }) {
  const { place } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  const recent = useRecentEdges(environment);
  const json = `${place.hub}insights/edges${environment === '' ? '' : `?environment=${encodeURIComponent(environment)}`}`;
  return (
    <>
      <ViewHead title="Map" json={json}>
        <p>What services promised, laid over what they do.</p>
      </ViewHead>
      <Await resource={edges} what="the map">
        {(value) => (value.length === 0 ? <EmptyMap /> : <MapPage edges={value} recent={recent} />)}
      </Await>
    </>
  );
}

const noEdges: RecentEdges = new Map();

/** Figures of the last minutes; none while the hub has not said. Positions and states rest on all traffic, so these move nothing. */
function useRecentEdges(environment: string): RecentEdges {
  const { client } = useSurroundings();
  const recent = useResource(
    `recent edges ${environment}`,
    () => client.edgesSince(environment, new Date(Date.now() - recentSeconds * 1000).toISOString()),
    pollEvery,
  );
  const edges = recent.kind === 'ready' ? recent.value : undefined;
  return useMemo(
    () => (edges === undefined ? noEdges : new Map(edges.map((edge) => [edgeId(edge), edge]))),
    [edges],
  );
}

interface MapPageProps {
  readonly edges: readonly Edge[];
  readonly recent?: RecentEdges;
}

/** The map of some edges, filtered as the address says. */
export function MapPage({ edges, recent = noEdges }: MapPageProps) {
  const { place, takeCommands } = useSurroundings();
  const filter = readMapFilter(place.query);
  const table = place.query.get('as') === 'table';
  const selected = place.query.get('edge') ?? '';
  const shown = useMemo(() => filterEdges(edges, readMapFilter(place.query)), [edges, place.query]);
  const edge = edges.find((candidate) => edgeId(candidate) === selected);
  useEffect(
    () =>
      takeCommands((command) => {
        if (command !== 'close' || !place.query.has('edge')) return false;
        setQuery(place, { edge: undefined });
        return true;
      }),
    [place, takeCommands],
  );
  return (
    <>
      <MapTools filter={filter} table={table} shown={shown} edges={edges} />
      <div className="map-body">
        {table ? (
          <EdgeTable edges={shown} />
        ) : (
          <Canvas edges={edges} shown={shown} recent={recent} selected={selected} />
        )}
        {edge !== undefined && <EdgePanel edge={edge} recent={recent.get(selected)} />}
      </div>
    </>
  );
}

interface CanvasProps {
  readonly edges: readonly Edge[];
  readonly shown: readonly Edge[];
  readonly recent: RecentEdges;
  readonly selected: string;
}

/**
 * Positions come from all edges, filtered or not: a filter hides lines, it moves nothing. Only where a filter leaves a few
 * services of a large map are these laid out by themselves, large enough to read.
 */
function Canvas({ edges, shown, recent, selected }: CanvasProps) {
  const { place } = useSurroundings();
  const graph = useMemo(() => drawnGraph(edges, shown), [edges, shown]);
  const layout = useMemo(() => layoutMap(graph), [graph]);
  const ids = useMemo(() => new Set(shown.map(edgeId)), [shown]);
  const focus = place.query.get('focus') ?? '';
  return (
    <div className="map-column">
      <div className="map-frame">
        <MapCanvas
          graph={graph}
          layout={layout}
          recent={recent}
          shown={ids}
          selected={selected}
          onSelect={(edge) => setQuery(place, { edge }, 'push')}
          onFocus={(service) =>
            setQuery(
              place,
              { focus: service === focus ? undefined : service, edge: undefined },
              'push',
            )
          }
        />
      </div>
      <MapLegend />
    </div>
  );
}

function drawnGraph(edges: readonly Edge[], shown: readonly Edge[]): MapGraph {
  const all = buildGraph(edges);
  if (all.nodes.length <= layeredLimit || shown.length === 0) return all;
  const part = buildGraph(shown);
  return part.nodes.length <= layeredLimit ? part : all;
}

interface MapToolsProps {
  readonly filter: MapFilter;
  readonly table: boolean;
  readonly shown: readonly Edge[];
  readonly edges: readonly Edge[];
}

function MapTools({ filter, table, shown, edges }: MapToolsProps) {
  const { place } = useSurroundings();
  return (
    <div className="tools">
      <SearchField
        label="Search services"
        value={filter.text}
        onChange={(q) => setQuery(place, { q })}
      />
      <Toggle
        pressed={filter.problems}
        onToggle={() => setQuery(place, { problems: !filter.problems }, 'push')}
      >
        Problems only
      </Toggle>
      {filter.focus !== '' && (
        <button
          type="button"
          className="button chip"
          aria-label={`Only ${filter.focus}; show every service again`}
          onClick={() => setQuery(place, { focus: undefined }, 'push')}
        >
          Only {filter.focus} <span aria-hidden="true">×</span>
        </button>
      )}
      <p className="showing" role="status">
        {showingWords(shown, edges)}
        {shown.length < edges.length && (
          <>
            {' '}
            <Link to={hrefWith(place, { q: undefined, problems: false, focus: undefined })}>
              Show all
            </Link>
          </>
        )}
      </p>
      <fieldset className="switch">
        <legend className="hidden">Show as</legend>
        <Toggle pressed={!table} onToggle={() => setQuery(place, { as: undefined }, 'push')}>
          Map
        </Toggle>
        <Toggle pressed={table} onToggle={() => setQuery(place, { as: 'table' }, 'push')}>
          Table
        </Toggle>
      </fieldset>
    </div>
  );
}

/** How many of the edges pass the filter, and between how many services. */
export function showingWords(shown: readonly Edge[], edges: readonly Edge[]): string {
  const services = new Set(shown.flatMap((edge) => [edge.consumer, edge.provider])).size;
  const between = `between ${plural(services, 'service')}`;
  if (shown.length === edges.length)
    return `Showing all ${plural(edges.length, 'edge')} ${between}.`;
  return `Showing ${formatCount(shown.length)} of ${plural(edges.length, 'edge')} ${between}.`;
}

function EmptyMap() {
  const { place } = useSurroundings();
  const environment = place.query.get('env') ?? '';
  if (environment !== '') {
    return (
      <Empty title={`Nothing in ${environment} yet`}>
        <p>No pact is in force there and no call was seen there.</p>
        <p>
          <Link to={hrefTo(place, { view: 'map' }, { env: undefined })}>
            Show every environment
          </Link>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="No services yet">
      <p>The map fills by itself as soon as the hub has a pact or a trace.</p>
      <ol>
        <li>
          Publish pacts: <code>npx concordat publish</code>, or any Pact client with this hub as its
          broker.
        </li>
        <li>
          Send traces: point <code>OTEL_EXPORTER_OTLP_ENDPOINT</code> of your services at this hub.
        </li>
      </ol>
      <p>
        To see one that is alive, run <code>npx concordat demo</code>.
      </p>
    </Empty>
  );
}
