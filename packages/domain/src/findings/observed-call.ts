import type { Call, HttpExchange } from '../traffic/call.ts';

const HEALTH_PATH =
  /^(?:\/[^/]+)?\/(?:_?health|healthz|healthcheck|health-check|live|livez|liveness|ready|readyz|readiness|metrics|ping|heartbeat|favicon\.ico)(?:\/(?:live|liveness|ready|readiness|startup))?\/?$/i;

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

/** An answer that sends the client elsewhere; clients follow by themselves. 304 is no such answer. */
export function isRedirect(call: Call): boolean {
  const status = call.exchange.kind === 'http' ? call.exchange.status : undefined;
  return status !== undefined && [301, 302, 303, 307, 308].includes(status);
}

const PLUMBING_WORD =
  'dlq|dlx|dlt|dead-?letters?(?:-?(?:queue|exchange|topic))?|retry|retries|parking-?lot|redrive';
const PLUMBING_PLACE = new RegExp(`(?:^|[.:/-])(?:${PLUMBING_WORD})(?:$|[.:/-])`);
const PLUMBING_END = new RegExp(`[.:/-](?:${PLUMBING_WORD})(?:[.:/-]\\d+\\w*)?$`);
/** Queues that the broker itself makes and names. */
const BROKER_OWN = /^(?:amq\.|\$|_inbox\.|__)/i;

/** A message on its way through dead-letter, retry or reply queues: the event was told when it was first sent. */
export function isPlumbing({ exchange }: Call): boolean {
  if (exchange.kind !== 'message') return false;
  const { destination, event = '' } = exchange;
  return (
    PLUMBING_PLACE.test(withDashes(destination)) ||
    PLUMBING_END.test(withDashes(event)) ||
    BROKER_OWN.test(event === '' ? destination : event)
  );
}

/** `deadLetter`, `dead_letter` and `DEAD-LETTER` are one name. */
function withDashes(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}
