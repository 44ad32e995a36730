import { normaliseAttributes, outdatedNames } from './normalise-attributes.ts';
import type { SpanKind } from './span.ts';

/** Current names of what pairing reads of a span. */
const read: ReadonlySet<string> = new Set([
  'cloudevents.event_type',
  'concordat.verification',
  'db.system.name',
  'event.name',
  'http.request.method',
  'http.request.method_original',
  'http.response.status_code',
  'http.route',
  'messaging.destination.name',
  'messaging.operation.type',
  'messaging.rabbitmq.destination.routing_key',
  'messaging.socket.io.event_name',
  'messaging.system',
  'rpc.method',
  'sampler.param',
  'sampler.type',
  'server.address',
  'server.port',
  'service.peer.name',
  'url.full',
  'url.path',
  'url.query',
]);

const kinds: readonly SpanKind[] = ['client', 'server'];
const outdated: ReadonlySet<string> = new Set(outdatedNames.filter(becomesRead));

/** True for what pairing reads of a span, under its current or an outdated name; all other attributes need no decoding for it. */
export function isCallAttribute(name: string): boolean {
  return read.has(name) || outdated.has(name);
}

/** Found by trying, so that a rewrite that is added later counts by itself. */
function becomesRead(name: string): boolean {
  return kinds.some((kind) => {
    const probe = { 'rpc.method': 'get', [name]: 'http://host:80/path?query' };
    const current = normaliseAttributes(probe, kind);
    return Object.keys(current).some(
      (key) => read.has(key) && current[key] !== (probe as Record<string, unknown>)[key],
    );
  });
}
