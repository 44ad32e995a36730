/** What every event of the shop looks like on the wire: CloudEvents' attributes, the aggregate and its version. */
export interface ShopEvent<Data = unknown> {
  readonly specversion: '1.0';
  /** Unique for ever: receivers recognise a repeated event by it. */
  readonly id: string;
  /** Also the routing key: `order.placed`. */
  readonly type: string;
  readonly source: string;
  /** UTC, ISO 8601. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly aggregate: { readonly type: string; readonly id: string };
  /** Counts the events of the aggregate from 1: a receiver can tell their order. */
  readonly version: number;
  readonly metadata: { readonly correlationId: string };
  readonly data: Data;
}

/** Reads an event from a message's bytes; throws an Error that names what is missing. */
export function readEvent(bytes: Uint8Array): ShopEvent {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new Error('the message is no JSON object');
  for (const name of ['id', 'type', 'time'] as const) {
    if (typeof (value as Record<string, unknown>)[name] !== 'string') {
      throw new Error(`the event has no text '${name}'`);
    }
  }
  return value as ShopEvent;
}
