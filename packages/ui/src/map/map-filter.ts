import type { Edge } from '@concordat/api';
import { isProblem } from '../words/states.ts';

export interface MapFilter {
  /** Part of a service's name, any case. */
  readonly text: string;
  readonly problems: boolean;
  /** One service: only its own edges. */
  readonly focus: string;
}

/** Reads `q`, `problems` and `focus`; what is absent filters nothing. */
export function readMapFilter(query: URLSearchParams): MapFilter {
  return {
    text: query.get('q') ?? '',
    problems: query.get('problems') === '1',
    focus: query.get('focus') ?? '',
  };
}

/** The same filter for map and table. */
export function filterEdges(edges: readonly Edge[], filter: MapFilter): readonly Edge[] {
  const text = filter.text.trim().toLowerCase();
  return edges.filter((edge) => {
    if (filter.problems && !isProblem(edge) && edge.findings === 0) return false;
    if (filter.focus !== '' && !touches(edge, filter.focus)) return false;
    return text === '' || `${edge.consumer}\n${edge.provider}`.toLowerCase().includes(text);
  });
}

function touches(edge: Edge, service: string): boolean {
  return edge.consumer === service || edge.provider === service;
}

/** Every environment that an edge was seen or recorded in, sorted. */
export function environmentsOf(edges: readonly Edge[]): string[] {
  return [...new Set(edges.flatMap((edge) => edge.environments))].sort();
}
