import type {
  ContractOperation,
  Declaration,
  MessageExchange,
  MessageOperation,
} from '@concordat/domain';
import { sameEvent } from './promised-event.ts';

export interface EventDeclaration {
  readonly declaration: Declaration;
  /** The operations of the documents that declare it. */
  readonly operations: readonly MessageOperation[];
}

const UNKNOWN: EventDeclaration = { declaration: 'unknown', operations: [] };

/**
 * What the documents in force say of an event that their service sent. An event goes by the address or id of its channel (a
 * routing key, with parameters), by the name of a message or by the operation's own; on a channel that is a topic all of whose
 * messages are named in another way than the event, nothing can be said against it.
 */
export function declarationOf(
  operations: readonly ContractOperation[],
  { event, destination, system }: Pick<MessageExchange, 'event' | 'destination' | 'system'>,
): EventDeclaration {
  const sent = operations.filter(isSent);
  if (sent.length === 0) return UNKNOWN;
  if (event === undefined) return byDestination(sent, destination, system);
  const named = sent.filter((operation) => isNamed(operation, event));
  if (named.length > 0) return { declaration: 'declared', operations: named };
  const there = sent.filter(({ channel }) => isAddress(channel, destination));
  const open = there.filter(({ messages }) => !messages.some((message) => isAlike(message, event)));
  return open.length > 0
    ? { declaration: 'declared', operations: open }
    : { declaration: 'undeclared', operations: [] };
}

function isSent(operation: ContractOperation): operation is MessageOperation {
  return operation.kind === 'message' && operation.action === 'send';
}

/** An exchange carries many events, so its name alone says nothing; a topic is the channel. */
function byDestination(
  sent: readonly MessageOperation[],
  destination: string,
  system: string,
): EventDeclaration {
  const there = sent.filter(
    ({ channel, messages }) =>
      isAddress(channel, destination) ||
      messages.some((message) => sameEvent(message, destination)),
  );
  if (there.length > 0) return { declaration: 'declared', operations: there };
  const isTopic = TOPIC_SYSTEMS.includes(system) && destination !== '';
  return isTopic ? { declaration: 'undeclared', operations: [] } : UNKNOWN;
}

/** Systems in which the destination is all the address there is. */
const TOPIC_SYSTEMS = ['kafka', 'pulsar', 'gcp_pubsub', 'aws_sns', 'eventhubs', 'servicebus'];

function isNamed({ channel, messages, operationId }: MessageOperation, event: string): boolean {
  return (
    isAddress(channel, event) ||
    messages.some((message) => sameEvent(withoutSuffix(message), event)) ||
    (operationId !== undefined &&
      sameEvent(operationId.replace(/^(?:send|publish|emit)_?/i, ''), event))
  );
}

/** `orders/{id}/placed` is the address of `orders/7/placed`; `#` and `*` stand for words as in routing keys. */
function isAddress(address: string, name: string): boolean {
  if (name === '') return false;
  if (!/[{*#]/.test(address)) return sameEvent(address, name);
  return addressPattern(address).test(name);
}

const patterns = new Map<string, RegExp>();
const MOST_PATTERNS = 1000;

function addressPattern(address: string): RegExp {
  const known = patterns.get(address);
  if (known !== undefined) return known;
  const source = address
    .split(/(\{[^}]*\}|\*|#)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return part === '#' ? '.*' : '[^/]+';
    })
    .join('');
  const pattern = new RegExp(`^${source}$`, 'i');
  if (patterns.size >= MOST_PATTERNS) patterns.clear();
  patterns.set(address, pattern);
  return pattern;
}

/** Of one convention: as many words, one of them in common. Then another name is another event. */
function isAlike(message: string, event: string): boolean {
  const [left, right] = [wordsOf(withoutSuffix(message)), wordsOf(event)];
  const shorter = Math.min(left.length, right.length);
  const [one, other] = [left.slice(-shorter), right.slice(-shorter)];
  return (
    shorter > 1 && left.length <= right.length && one.some((word, index) => word === other[index])
  );
}

/** `OrderPlacedEvent`, `order.placed message` → without the last word. */
function withoutSuffix(message: string): string {
  return message.replace(/[\s._-]?(?:event|message|msg|payload)$/i, '');
}

function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1.$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}
