import type { RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures the requests of the main port under OpenTelemetry's name; routes, never paths, are labels. */
export function observeRequests(registry: Registry): RequestHandler {
  const durations = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'How long requests to the hub took.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: BOUNDS,
    registers: [registry],
  });
  return (request, response, next) => {
    const start = process.hrtime.bigint();
    response.once('finish', () => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      durations.observe(
        {
          http_request_method: methodOf(request.method),
          http_route: routeOf(request.route),
          http_response_status_code: String(response.statusCode),
        },
        seconds,
      );
    });
    next();
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function methodOf(method: string): string {
  return METHODS.has(method) ? method : '_OTHER';
}

/** Of a route with several paths the first; requests that no route took share one label. */
function routeOf(route: unknown): string {
  const path = (route as { readonly path?: unknown } | undefined)?.path;
  const first: unknown = Array.isArray(path) ? path[0] : path;
  return typeof first === 'string' ? first : 'unmatched';
}
