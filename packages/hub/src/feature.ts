import type { RequestListener } from 'node:http';
import type { RequestHandler } from 'express';
import type { Dependency } from './diagnostics/diagnostics-routes.ts';

/** What a feature brings to the hub; every field is a place it may hook into. */
export interface Feature {
  /** On the main port; the first feature of the list that knows a path answers. */
  readonly routes?: RequestHandler;
  /** Where a router has other routes than resources: the first parts of their paths; it is asked about no others. */
  readonly under?: readonly string[];
  /** Paths of the main port that are answered before express, because express is too slow for them. */
  readonly handOver?: Readonly<Record<string, RequestListener>>;
  readonly dependencies?: readonly Dependency[];
  /** Runs as soon as the hub closes, before it waits for the requests that run: ends answers that have no end of their own. */
  readonly drain?: () => Promise<void>;
  /** Runs when no request is left: flush and let go. */
  readonly close?: () => Promise<void>;
}
