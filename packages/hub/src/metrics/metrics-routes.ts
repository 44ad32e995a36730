import type { Router } from 'express';
import { createRouter } from '../http/app.ts';
import { mediaTypeOf, resource } from '../http/resource.ts';
import { HAL_JSON, send } from '../http/send.ts';
import type { HubMetrics } from './hub-metrics.ts';
import { textFormatFor } from './text-format.ts';

export interface MetricsRoutesDeps {
  readonly metrics: HubMetrics;
  /** The Pact Broker's own counters. */
  readonly brokerCounts: () => Promise<unknown>;
}

/** `/metrics`: text for a scraper that names a text format, else the counters that the Pact Broker answers there. */
export function metricsRoutes({ metrics, brokerCounts }: MetricsRoutesDeps): Router {
  const router = createRouter();
  resource(router, '/metrics', {
    provides: ['application/json', HAL_JSON, 'application/openmetrics-text', 'text/plain'],
    GET: async (request, response) => {
      const format = textFormatFor(request.get('accept') ?? '');
      if (format === undefined) {
        const text = JSON.stringify(await brokerCounts());
        send(response, { status: 200, type: mediaTypeOf(response), text });
        return;
      }
      send(response, { status: 200, ...(await metrics.text(format)) });
    },
  });
  return router;
}
