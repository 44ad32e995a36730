import type { Span } from '@opentelemetry/api';
import type { ConsumeInfo, PublishInfo } from '@opentelemetry/instrumentation-amqplib';

/** Puts the event's name and id on the span of a message that is sent. */
export function nameProduced(span: Span, info: PublishInfo): void {
  nameEvent(span, info.options);
}

/** Puts the event's name and id, and the queue it came through, on the span of a message that is handled. */
export function nameConsumed(span: Span, info: ConsumeInfo): void {
  nameEvent(span, info.msg.properties);
  const queue = queueOf(span);
  if (queue !== undefined) span.setAttribute('messaging.destination.subscription.name', queue);
}

interface Properties {
  readonly type?: unknown;
  readonly messageId?: unknown;
  readonly headers?: unknown;
}

/** The event's name survives a detour through a retry queue, where the routing key does not. */
function nameEvent(span: Span, properties: Properties | undefined): void {
  const type = cloudEvent(properties, 'type') ?? properties?.type;
  const id = cloudEvent(properties, 'id') ?? properties?.messageId;
  const source = cloudEvent(properties, 'source');
  if (isText(type)) span.setAttribute('cloudevents.event_type', type);
  if (isText(id)) span.setAttribute('cloudevents.event_id', id);
  if (isText(source)) span.setAttribute('cloudevents.event_source', source);
}

/** CloudEvents over AMQP names its headers `cloudEvents:type`, or with an underscore where a colon is not allowed. */
function cloudEvent(properties: Properties | undefined, name: string): unknown {
  const headers = properties?.headers;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const named = headers as Readonly<Record<string, unknown>>;
  return named[`cloudEvents:${name}`] ?? named[`cloudEvents_${name}`];
}

/** The instrumentation tells the queue nowhere but in the name of the span. */
function queueOf(span: Span): string | undefined {
  const name = 'name' in span ? span.name : undefined;
  const queue = isText(name) ? /^(.+) process$/.exec(name)?.[1] : undefined;
  return queue;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
