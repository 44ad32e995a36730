import type { Request } from 'express';
import type { Feature } from '../../feature.ts';
import type { Insights } from '../insights.ts';
import { FindingStream } from './finding-stream.ts';
import { findingsRoutes } from './findings-routes.ts';
import { StreamHints } from './stream-hints.ts';

/** Findings over HTTP: read, acknowledged, and followed as they turn. */
export function findingsFeature(
  insights: Insights,
  deps: {
    readonly actorOf: (request: Request) => string | undefined;
    readonly now: () => Date;
    readonly onError: (error: unknown) => void;
  },
): Feature {
  const { findings } = insights;
  const stream = new FindingStream({
    events: findings.events,
    findings: () => findings.list('all'),
    hints: new StreamHints({
      summary: () => insights.summary(),
      edges: () => insights.edges({}),
    }),
    onError: deps.onError,
  });
  return {
    routes: findingsRoutes({ findings, stream, ...deps }),
    drain: () => stream.close(),
  };
}
