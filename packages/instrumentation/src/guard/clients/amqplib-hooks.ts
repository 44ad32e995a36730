import type { MessageSample } from '@concordat/conformance';
import type { Span } from '@opentelemetry/api';
import type { ExchangeDesk, Side } from '../exchange-desk.ts';

interface Published {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Uint8Array;
  readonly options?: unknown;
  readonly isConfirmChannel?: boolean;
  readonly confirmError?: unknown;
}

interface Consumed {
  readonly msg: {
    readonly content: Uint8Array;
    readonly fields?: { readonly exchange?: string; readonly routingKey?: string };
    readonly properties: unknown;
  };
}

/** Fits the configuration of AmqplibInstrumentation: judged when the broker has a message, or the host has settled it. */
export interface AmqplibHooks {
  publishHook(span: Span, published: Published): void;
  publishConfirmHook(span: Span, published: Published): void;
  consumeEndHook(span: Span, consumed: Consumed): void;
}

export function amqplibHooks(desk: ExchangeDesk): AmqplibHooks {
  const publish = (span: Span, published: Published): void => {
    const { exchange, routingKey, content, options: properties } = published;
    judge(desk, span, { side: 'provider', exchange, routingKey, content, properties });
  };
  return {
    // A channel without confirmations ends its span as soon as the message is on its way.
    publishHook: (span, published) => {
      if (published.isConfirmChannel !== true) publish(span, published);
    },
    publishConfirmHook: (span, published) => {
      if (!published.confirmError) publish(span, published);
    },
    consumeEndHook: (span, { msg }) => {
      const { exchange = '', routingKey = '' } = msg.fields ?? {};
      const { content, properties } = msg;
      judge(desk, span, { side: 'consumer', exchange, routingKey, content, properties });
    },
  };
}

interface Message {
  readonly side: Side;
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Uint8Array;
  readonly properties: unknown;
}

function judge(desk: ExchangeDesk, span: Span, message: Message): void {
  try {
    const properties = recordOf(message.properties);
    const headers = recordOf(properties.headers);
    const event = eventOf(message.routingKey, properties, headers);
    const ticket = desk.admitMessage(message.side, event, { span });
    if (ticket === undefined) return;
    desk.judgeMessage(ticket, sampleOf(desk, message, { properties, headers, event }), { span });
  } catch {
    // A message that cannot be read is not the guard's matter.
  }
}

type Members = Readonly<Record<string, unknown>>;

function recordOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

/** The event's name survives a detour through a retry queue, where the routing key does not. */
function eventOf(routingKey: string, properties: Members, headers: Members): string {
  const named = headers['cloudEvents:type'] ?? headers.cloudEvents_type ?? properties.type;
  return typeof named === 'string' && named !== '' ? named : routingKey;
}

function sampleOf(
  desk: ExchangeDesk,
  { exchange, routingKey, content }: Message,
  { properties, headers, event }: { properties: Members; headers: Members; event: string },
): MessageSample {
  const { headers: _headers, contentType, ...rest } = properties;
  const type = typeof contentType === 'string' ? contentType : undefined;
  const isKnown = content.length <= desk.settings.maxBodyBytes && !properties.contentEncoding;
  return {
    ...{ system: 'rabbitmq', destination: exchange, event },
    metadata: {
      ...{ exchange, routingKey, ...defined(rest), ...headers },
      ...(type === undefined ? {} : { contentType: type }),
    },
    body: isKnown ? { contentType: type, content } : undefined,
  };
}

function defined(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
