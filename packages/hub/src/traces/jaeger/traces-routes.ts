import type { RequestListener } from 'node:http';
import type { Router } from 'express';
import { createRouter } from '../../http/app.ts';
import { jaegerV1Routes } from './jaeger-v1-routes.ts';
import { jaegerV3Routes } from './jaeger-v3-routes.ts';
import type { TraceReading } from './question.ts';

/** Jaeger's query API, v1 and v3, and its collector. */
export function tracesRoutes(
  deps: TraceReading & { readonly receiveThrift: RequestListener },
): Router {
  const router = createRouter();
  router.use(jaegerV1Routes(deps));
  router.use(jaegerV3Routes(deps));
  return router;
}
