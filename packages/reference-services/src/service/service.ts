import express, { type Express, type Router } from 'express';
import type { ServiceConfig } from '../config.ts';
import { answerProblem, unknownRoute } from './problem.ts';

/** A service that is wired but does not listen yet. */
export interface Service {
  readonly app: Express;
  /** Gives back what the service holds (bus connections); called once, after the last request. */
  readonly close: () => Promise<void>;
}

export type BuildService = (config: ServiceConfig) => Promise<Service>;

/** What `/health` answers: 200 when `ready`, else 503. */
export interface Health {
  readonly ready: boolean;
  readonly events?: { readonly handled: number; readonly deadLettered: number };
}

export interface AppParts {
  readonly routers: readonly Router[];
  readonly health?: () => Health;
}

/** The frame of every service: JSON in, its routes, `/health`, problems out. */
export function serviceApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/health', (_request, response) => {
    const health = parts.health?.() ?? { ready: true };
    response.status(health.ready ? 200 : 503).json(health);
  });
  app.use(express.json({ limit: '100kb' }));
  for (const router of parts.routers) app.use(router);
  app.use(unknownRoute);
  app.use(answerProblem);
  return app;
}
