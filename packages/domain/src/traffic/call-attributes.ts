// Hot path: half of all spans are halves of calls. Their few telling attributes travel in an array with a fixed place for each, because
// an object put together under names that come one by one cost 1.5 µs a half.
import { normaliseAttributes, outdatedNames } from './normalise-attributes.ts';
import type { Attributes, AttributeValue, SpanKind } from './span.ts';

/** Current names of what pairing reads of a span, each with its place in `CallValues`. */
export const callPlaces = {
  'cloudevents.event_type': 0,
  'concordat.verification': 1,
  'db.namespace': 2,
  'db.operation.name': 3,
  'db.query.summary': 4,
  'db.query.text': 5,
  'db.system.name': 6,
  'event.name': 7,
  'http.request.method': 8,
  'http.request.method_original': 9,
  'http.response.status_code': 10,
  'http.route': 11,
  'messaging.destination.name': 12,
  'messaging.operation.type': 13,
  'messaging.rabbitmq.destination.routing_key': 14,
  'messaging.socket.io.event_name': 15,
  'messaging.system': 16,
  'rpc.method': 17,
  'rpc.status_code': 18,
  'rpc.system.name': 19,
  'sampler.param': 20,
  'sampler.type': 21,
  'server.address': 22,
  'server.port': 23,
  'service.peer.name': 24,
  'url.full': 25,
  'url.path': 26,
  'url.query': 27,
} as const;

/** By place; undefined where the span has no such attribute. */
export type CallValues = (AttributeValue | undefined)[];

const currentNames = Object.keys(callPlaces);
const kinds: readonly SpanKind[] = ['client', 'server'];
const names = [...currentNames, ...outdatedNames.filter(becomesRead)];
const places: ReadonlyMap<string, number> = new Map(names.map((name, place) => [name, place]));

/** Where the value of an attribute stands among those that pairing reads, under its current or an outdated name; -1 for all others. */
export function callPlaceOf(name: string): number {
  return places.get(name) ?? -1;
}

export function newCallValues(): CallValues {
  return new Array(names.length).fill(undefined);
}

/** Brings values under outdated names to the places of the current ones. */
export function normaliseCallValues(values: CallValues, kind: SpanKind): void {
  if (!hasOutdated(values)) return;
  const attributes: Record<string, AttributeValue> = {};
  for (const [place, name] of names.entries()) {
    const value = values[place];
    if (value !== undefined) attributes[name] = value;
  }
  const current: Attributes = normaliseAttributes(attributes, kind);
  for (const [place, name] of currentNames.entries()) values[place] = current[name];
}

/** Two current names have values that may need mending. */
function hasOutdated(values: CallValues): boolean {
  for (let place = currentNames.length; place < values.length; place += 1)
    if (values[place] !== undefined) return true;
  const query = values[callPlaces['url.query']];
  return (
    (typeof query === 'string' && query.startsWith('?')) ||
    typeof values[callPlaces['http.response.status_code']] === 'string'
  );
}

/** Found by trying, so that a rewrite that is added later counts by itself. */
function becomesRead(name: string): boolean {
  if (Object.hasOwn(callPlaces, name)) return false;
  return kinds.some((kind) => {
    const probe = { 'rpc.method': 'get', [name]: 'http://host:80/path?query' };
    const current = normaliseAttributes(probe, kind);
    return Object.keys(current).some(
      (key) =>
        Object.hasOwn(callPlaces, key) && current[key] !== (probe as Record<string, unknown>)[key],
    );
  });
}
