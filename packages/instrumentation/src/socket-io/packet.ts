/** What travels with an event: the propagators' fields, such as `traceparent`. */
export type Carrier = Record<string, string>;

const carrierKey = 'traceContext';

/** The parts of a Socket.IO packet that are looked at. */
export interface Packet {
  readonly type?: number;
  readonly nsp?: string;
  readonly data?: unknown;
  /** A plain property: adapters that connect several servers send the whole packet along. */
  [carrierKey]?: Carrier;
}

export function carrierOf(packet: Packet): Carrier | undefined {
  return packet[carrierKey];
}

/** The first carrier stays: a packet that is sent again, or on by another server, is still the same message. */
export function carry(packet: Packet, carrier: Carrier): void {
  packet[carrierKey] ??= carrier;
}

/** undefined for a packet that is no event. */
export function eventOf(packet: Packet): string | undefined {
  const name: unknown = Array.isArray(packet.data) ? packet.data[0] : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** What is being sent in this very moment: everything between `emit` and the encoded packet is synchronous. */
let sending: Carrier | undefined;

/** Whatever event is encoded while this runs gets the carrier. */
export function sendWith<Result>(carrier: Carrier, send: () => Result): Result {
  const before = sending;
  sending = carrier;
  try {
    return send();
  } finally {
    sending = before;
  }
}

export function carrierOfSending(): Carrier | undefined {
  return sending;
}
