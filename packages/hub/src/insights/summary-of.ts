import type { Edge, Summary } from '@concordat/api';
import type { Finding } from '@concordat/domain';
import type { TrafficFacts } from './gather-facts.ts';
import type { PromiseBook } from './promise-book.ts';
import { type EdgeSources, readEdges } from './read-edges.ts';

/** Counts over everything that is promised and was seen; of findings those that nobody has acknowledged. */
export function summaryOf(sources: EdgeSources): Summary {
  const edges = readEdges(sources);
  const sum = (value: (edge: Edge) => number): number =>
    edges.reduce((total, edge) => total + value(edge), 0);
  const { book, traffic, findings } = sources;
  const pacts = book
    .pairs()
    .reduce((total, pair) => total + book.pactsBetween(pair, undefined).length, 0);
  const { documents } = book.providerContracts;
  return {
    services: servicesIn(book, traffic).size,
    contracts: pacts + documents,
    pacts,
    providerContracts: documents,
    interactions: sum(({ promised }) => promised),
    verified: sum(({ verified }) => verified),
    used: sum(({ used }) => used),
    notSeen: sum(({ notSeen }) => notSeen),
    noEvidence: sum(({ noEvidence }) => noEvidence),
    edges: edges.length,
    calls: sum(({ calls }) => calls),
    findings: countByKind(findings.filter(({ life }) => life.state === 'open')),
  };
}

function servicesIn(book: PromiseBook, traffic: TrafficFacts): ReadonlySet<string> {
  const services = new Set(book.pacticipants);
  for (const edge of traffic.totals.values()) {
    if (!edge.consumerVirtual) {
      services.add(edge.consumer);
    }
    if (!edge.providerVirtual) {
      services.add(edge.provider);
    }
  }
  return services;
}

function countByKind(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of findings) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
