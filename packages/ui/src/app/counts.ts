import type { Edge, Summary } from '@concordat/api';
import { isProblem } from '../words/states.ts';

/** Edges in a state that somebody has to act on. */
export function problemCount(edges: readonly Edge[]): number {
  return edges.filter(isProblem).length;
}

/** Open findings of every kind. */
export function findingCount(summary: Summary): number {
  return Object.values(summary.findings).reduce((sum, count) => sum + count, 0);
}
