import type { Call, HttpExchange } from '../traffic/call.ts';

/** `service.name` that the verifier of a pact gives itself. */
const VERIFIER = 'pact-verifier';

const HEALTH_PATH =
  /^(?:\/[^/]+)?\/(?:_?health|healthz|healthcheck|health-check|live|livez|liveness|ready|readyz|readiness|metrics|ping|heartbeat|favicon\.ico)(?:\/(?:live|liveness|ready|readiness|startup))?\/?$/i;

/** Verification and test traffic shows what tests do, not what production does: it is no observed traffic. */
export function isTestTraffic(call: {
  readonly environment: string | undefined;
  readonly consumer: { readonly service: string };
}): boolean {
  return isTestEnvironment(call.environment) || call.consumer.service === VERIFIER;
}

export function isTestEnvironment(environment: string | undefined): boolean {
  return environment?.toLowerCase() === 'test';
}

/** Probes, scrapes and preflights: machinery asks for them, no consumer depends on them. */
export function isHousekeeping(call: Call): boolean {
  const { exchange } = call;
  return exchange.kind === 'http' && (exchange.method === 'OPTIONS' || isProbe(exchange));
}

function isProbe({ method, path }: HttpExchange): boolean {
  return (method === 'GET' || method === 'HEAD') && HEALTH_PATH.test(path);
}

/** An answer that a retry usually follows: the provider was not able to answer, which says nothing about what it promises. */
export function isPassing(call: Call): boolean {
  const status = call.exchange.kind === 'http' ? call.exchange.status : undefined;
  return status !== undefined && (status >= 500 || status === 429 || status === 408);
}
