import { isObject, objectOf, textOf } from '../pact/json-values.ts';
import type { MessageInteraction } from '../pact/pact-model.ts';

/** No standard says where a message pact names its event; these are the places, the first that holds a text leads. */
const METADATA_NAMES = [
  'routingKey',
  'routing_key',
  'topic',
  'event',
  'eventType',
  'event_type',
  'type',
  'ce-type',
  'ce_type',
  'cloudEvents:type',
  'cloudEvents_type',
];

/** Metadata under this name tells which event it is. */
export function isEventName(name: string): boolean {
  return METADATA_NAMES.includes(name);
}

const CONTENT_NAMES = ['type', 'eventType', 'event_type'];

/**
 * The names under which the event of a message interaction may travel, best first: the metadata (routing key, topic, event
 * type, CloudEvents attributes in binary mode), then the payload's own type (CloudEvents in structured mode, or an
 * envelope under `data` or `payload`). Empty when the pact names none: then only its description can tell.
 */
export function promisedEvents(message: MessageInteraction): readonly string[] {
  const contents = objectOf(message.contents);
  const names = [
    ...METADATA_NAMES.map((name) => message.metadata[name]),
    ...namesIn(contents),
    ...namesIn(contents.data),
    ...namesIn(contents.payload),
  ];
  return [...new Set(names.map(textOf).filter((name) => name !== undefined && name !== ''))].map(
    String,
  );
}

function namesIn(value: unknown): readonly unknown[] {
  return isObject(value) ? CONTENT_NAMES.map((name) => value[name]) : [];
}

/** `order.placed` is the event of `order.placed`, `Order.Placed`, `order_placed` and `com.example.order.placed`. */
export function sameEvent(promised: string, seen: string): boolean {
  if (promised === seen) {
    return true;
  }
  const left = wordsOf(promised);
  const right = wordsOf(seen);
  return left === right || endsWithName(left, right) || endsWithName(right, left);
}

/** One word alone (`placed`) is no name that a longer one could be meant by. */
function endsWithName(long: string, short: string): boolean {
  return short.includes('.') && long.endsWith(`.${short}`);
}

/** True when a description speaks of the event: `an order.placed event`, `order placed`. */
export function describesEvent(description: string, event: string): boolean {
  return `.${wordsOf(description)}.`.includes(`.${wordsOf(event)}.`);
}

function wordsOf(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1.$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('.');
}
