import { type Field, type FieldTable, longField, textField, textOf } from './field-table.ts';
import type { Properties } from './properties.ts';

/** A published message; immutable, one object may stand in many queues. */
export interface Message {
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: Properties;
  readonly body: Buffer;
}

export type DeathReason = 'rejected' | 'expired' | 'maxlen';

export interface Death {
  readonly queue: string;
  readonly reason: DeathReason;
  readonly at: Date;
  /** Where the message goes now. */
  readonly exchange: string;
  /** undefined keeps the message's own. */
  readonly routingKey: string | undefined;
}

/**
 * The message as it leaves a queue for its dead-letter exchange, with RabbitMQ's `x-death` (newest first, one entry for
 * each queue and reason, counted) and `x-first-death-*`. Its own expiration is noted there and taken off, so that it
 * does not expire again.
 */
export function deadLettered(message: Message, death: Death): Message {
  const headers = new Map(message.properties.headers);
  if (!headers.has('x-first-death-queue')) {
    headers.set('x-first-death-exchange', textField(message.exchange));
    headers.set('x-first-death-queue', textField(death.queue));
    headers.set('x-first-death-reason', textField(death.reason));
  }
  headers.set('x-death', { kind: 'list', value: deathList(message, death) });
  return {
    exchange: death.exchange,
    routingKey: death.routingKey ?? message.routingKey,
    properties: { ...message.properties, headers, expiration: undefined },
    body: message.body,
  };
}

/** True when the message has come back to this queue by itself: nobody rejected it on the way, so it would go round for ever. */
export function isEndlessCycle(message: Message, queue: string): boolean {
  const deaths = deathsOf(message);
  const back = deaths.findIndex((death) => textOf(death.get('queue')) === queue);
  return (
    back >= 0 &&
    deaths.slice(0, back + 1).every((death) => textOf(death.get('reason')) !== 'rejected')
  );
}

function deathList(message: Message, death: Death): readonly Field[] {
  const isSame = (entry: FieldTable) =>
    textOf(entry.get('queue')) === death.queue && textOf(entry.get('reason')) === death.reason;
  const deaths = deathsOf(message);
  const earlier = deaths.find(isSame);
  const entry = earlier === undefined ? firstDeath(message, death) : countedAgain(earlier);
  const others = deaths.filter((other) => !isSame(other));
  return [entry, ...others].map((value) => ({ kind: 'table', value }));
}

function firstDeath(message: Message, death: Death): FieldTable {
  const { expiration } = message.properties;
  return new Map<string, Field>([
    ['count', longField(1n)],
    ['reason', textField(death.reason)],
    ['queue', textField(death.queue)],
    ['time', { kind: 'timestamp', value: BigInt(Math.floor(death.at.getTime() / 1000)) }],
    ['exchange', textField(message.exchange)],
    ['routing-keys', { kind: 'list', value: [textField(message.routingKey)] }],
    ...(expiration === undefined
      ? []
      : ([['original-expiration', textField(expiration)]] as const)),
  ]);
}

function countedAgain(entry: FieldTable): FieldTable {
  const count = entry.get('count');
  const before = count?.kind === 'integer' ? count.value : 0n;
  return new Map([...entry, ['count', longField(before + 1n)]]);
}

function deathsOf(message: Message): readonly FieldTable[] {
  const deaths = message.properties.headers?.get('x-death');
  if (deaths?.kind !== 'list') return [];
  return deaths.value.flatMap((entry) => (entry.kind === 'table' ? [entry.value] : []));
}
