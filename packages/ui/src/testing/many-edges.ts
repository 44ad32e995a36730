import type { Edge, EdgeState } from '@concordat/api';
import { anEdge } from './samples.tsx';

const states: readonly EdgeState[] = [
  'kept',
  'kept',
  'kept',
  'kept',
  'kept',
  'unverified',
  'unused',
  'uncontracted',
  'drift',
  'verification-failed',
];

/** A made-up system of many services with cycles and events; the same numbers give the same system. */
export function manyEdges(services: number, edges: number): Edge[] {
  let seed = 42;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const made = new Map<string, Edge>();
  while (made.size < edges) {
    const from = random(services);
    const to = random(10) === 0 ? random(services) : Math.min(services - 1, from + 1 + random(60));
    const transport = random(5) === 0 ? 'message' : 'http';
    const edge = anEdge({
      consumer: `service-${from}`,
      provider: `service-${to}`,
      transport,
      state: states[random(states.length)] ?? 'kept',
    });
    if (from !== to) made.set(`${from} ${to} ${transport}`, edge);
  }
  return [...made.values()];
}
