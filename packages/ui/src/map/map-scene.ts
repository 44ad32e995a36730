import type { Edge } from '@concordat/api';
import { formatCount, formatMillis, formatRate, formatShare, plural } from '../words/format.ts';
import { edgeWord, transportWords, virtualMeaning } from '../words/states.ts';
import { drawLine, placeBadges } from './edge-line.ts';
import type { MapGraph, MapLink, MapNode } from './graph.ts';
import type { Box, Layout, Point } from './layout.ts';

/** An edge as it is drawn. */
export interface EdgeMark {
  readonly id: string;
  readonly edge: Edge;
  readonly path: string;
  readonly arrow: string;
  readonly badge: Point;
  /** Read out and shown as a tip. */
  readonly words: string;
  /** Lines below the sign; none where lines are too many for it. */
  readonly caption: readonly string[];
}

export interface NodeMark {
  readonly id: string;
  readonly box: Box;
  readonly virtual: boolean;
  readonly kind: MapNode['kind'];
  /** Second line of the box; empty where boxes are low. */
  readonly words: string;
}

export interface Scene {
  /** In the order keys walk through them: by place, left to right and top to bottom. */
  readonly edges: readonly EdgeMark[];
  readonly nodes: readonly NodeMark[];
  /** Too many lines for signs and captions on each: only problems get them. */
  readonly dense: boolean;
}

const denseFrom = 300;

/** Edge id → the same edge with the figures of the last minutes. */
export type RecentEdges = ReadonlyMap<string, Edge>;

/** How long ago `recent` begins, in words. */
export const recentWords = 'last 15 minutes';

export const recentSeconds = 900;

const noEdges: RecentEdges = new Map();

export function composeScene(
  graph: MapGraph,
  layout: Layout,
  recent: RecentEdges = noEdges,
): Scene {
  const routes = graph.links.map((link) => layout.routes.get(link.id) ?? []);
  const badges = placeBadges(graph.links.length >= denseFrom ? [] : routes);
  const edges = graph.links.map((link, index): EdgeMark => {
    const route = routes[index] ?? [];
    return {
      id: link.id,
      edge: link.edge,
      ...drawLine(route),
      badge: badges[index] ?? middleOf(route),
      words: edgeWords(link),
      caption: edgeCaption(link.edge, recent.get(link.id)),
    };
  });
  edges.sort((a, b) => a.badge.x - b.badge.x || a.badge.y - b.badge.y);
  const degrees = countRoles(graph);
  const nodes = graph.nodes.map(({ id, virtual, kind }): NodeMark => {
    const box = layout.boxes.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
    return {
      id,
      virtual,
      kind,
      box,
      words: layout.kind === 'layers' ? nodeWords({ virtual, kind }, degrees.get(id)) : '',
    };
  });
  return { edges, nodes, dense: graph.links.length >= denseFrom };
}

/** `gateway to orders over HTTP: Kept; 1,204 calls, no findings`. */
function edgeWords({ edge }: MapLink): string {
  const findings = edge.findings === 0 ? 'no findings' : plural(edge.findings, 'finding');
  const guess = edge.virtual ? `. ${virtualMeaning}` : '';
  return `${edge.consumer} to ${edge.provider} ${transportWords[edge.transport].phrase}: ${edgeWord(edge).label}; ${formatCount(edge.calls)} ${edge.calls === 1 ? 'call' : 'calls'}${speedWords(edge)}, ${findings}${guess}`;
}

function speedWords({ latency, errorRate }: Edge): string {
  const failed = errorRate === 0 ? '' : ` with ${formatShare(errorRate, 1)} failed`;
  return latency === null ? failed : `${failed}, p95 ${formatMillis(latency.p95)}`;
}

/** What stands below the sign of an edge: the kind of calls where it is not HTTP, and how they go of late. */
export function edgeCaption(edge: Edge, recent: Edge | undefined): readonly string[] {
  const kind = edge.transport === 'http' ? [] : [transportWords[edge.transport].mark];
  if (recent === undefined || recent.calls === 0) return kind;
  const rate = formatRate(recent.calls / recentSeconds);
  const p95 = recent.latency === null ? [] : [`p95 ${formatMillis(recent.latency.p95)}`];
  const failed = recent.errorRate === 0 ? [] : [`${formatShare(recent.errorRate, 1)} failed`];
  return [[...kind, rate].join(' · '), ...p95, ...failed];
}

interface Roles {
  providers: number;
  consumers: number;
}

function countRoles(graph: MapGraph): Map<string, Roles> {
  const roles = new Map(
    graph.nodes.map(({ id }): [string, Roles] => [id, { providers: 0, consumers: 0 }]),
  );
  for (const { edge } of graph.links) {
    const [consumer, provider] = [roles.get(edge.consumer), roles.get(edge.provider)];
    if (consumer !== undefined) consumer.providers += 1;
    if (provider !== undefined) provider.consumers += 1;
  }
  return roles;
}

function nodeWords(
  { virtual, kind }: Pick<MapNode, 'virtual' | 'kind'>,
  roles: Roles | undefined,
): string {
  if (kind !== 'service') return kind === 'database' ? 'database' : 'remote procedures';
  if (virtual) return 'no spans, name guessed';
  const parts: string[] = [];
  if (roles !== undefined && roles.consumers > 0) parts.push(plural(roles.consumers, 'consumer'));
  if (roles !== undefined && roles.providers > 0) parts.push(plural(roles.providers, 'provider'));
  return parts.join(' · ');
}

function middleOf(route: readonly Point[]): Point {
  const [first, last] = [route[0], route.at(-1)];
  if (first === undefined || last === undefined) return { x: 0, y: 0 };
  return { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
}

/** The edge to stand on after an arrow key; undefined when the key is none or there are no edges. */
export function stepEdge(ids: readonly string[], current: string, key: string): string | undefined {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (step === undefined || ids.length === 0) return undefined;
  const at = ids.indexOf(current);
  if (at < 0) return step === 1 ? ids[0] : ids.at(-1);
  return ids[(at + step + ids.length) % ids.length];
}
