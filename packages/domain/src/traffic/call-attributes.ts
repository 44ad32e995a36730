// Hot path: half of all spans are halves of calls. Their few telling attributes travel in an array with a fixed place for each, because
// an object put together under names that come one by one cost 1.5 µs a half.
import { normaliseAttributes, outdatedNames } from './normalise-attributes.ts';
import type { Attributes, AttributeValue, SpanKind } from './span.ts';

/** Current names of what pairing reads of a span, each with its place in `CallValues`. */
export const callPlaces = {
  'cloudevents.event_type': 0,
  'concordat.guard.consumer': 1,
  'concordat.guard.fields': 2,
  'concordat.guard.fields.read': 3,
  'concordat.guard.interaction': 4,
  'concordat.guard.mismatches': 5,
  'concordat.guard.operation': 6,
  'concordat.guard.pact.sha': 7,
  'concordat.guard.provider': 8,
  'concordat.guard.side': 9,
  'concordat.guard.verdict': 10,
  'concordat.verification': 11,
  'db.namespace': 12,
  'db.operation.name': 13,
  'db.query.summary': 14,
  'db.query.text': 15,
  'db.system.name': 16,
  'event.name': 17,
  'http.request.method': 18,
  'http.request.method_original': 19,
  'http.response.status_code': 20,
  'http.route': 21,
  'messaging.destination.name': 22,
  'messaging.operation.type': 23,
  'messaging.rabbitmq.destination.routing_key': 24,
  'messaging.socket.io.event_name': 25,
  'messaging.system': 26,
  'rpc.method': 27,
  'rpc.status_code': 28,
  'rpc.system.name': 29,
  'sampler.param': 30,
  'sampler.type': 31,
  'server.address': 32,
  'server.port': 33,
  'service.peer.name': 34,
  'url.full': 35,
  'url.path': 36,
  'url.query': 37,
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
