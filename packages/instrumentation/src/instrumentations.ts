import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import {
  AmqplibInstrumentation,
  type ConsumeInfo,
  type PublishInfo,
} from '@opentelemetry/instrumentation-amqplib';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

const silentPaths = ['/health', '/_pact/'];

/**
 * Server and client spans of HTTP (node:http, fetch), and producer and consumer spans of AMQP. Health checks and the
 * verifier's own calls make no spans; of express only the route is kept, not a span for each middleware.
 */
export function serviceInstrumentations(): Instrumentation[] {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request: IncomingMessage) => isSilent(request.url),
      ignoreOutgoingRequestHook: (request: RequestOptions) => isSilent(request.path),
    }),
    new ExpressInstrumentation({
      ignoreLayersType: [
        ExpressLayerType.MIDDLEWARE,
        ExpressLayerType.REQUEST_HANDLER,
        ExpressLayerType.ROUTER,
      ],
    }),
    new UndiciInstrumentation({ ignoreRequestHook: (request) => isSilent(request.path) }),
    new AmqplibInstrumentation({ publishHook: nameProduced, consumeHook: nameConsumed }),
  ];
}

function isSilent(url: string | null | undefined): boolean {
  return silentPaths.some((path) => url?.startsWith(path));
}

function nameProduced(span: Span, info: PublishInfo): void {
  nameEvent(span, info.options?.type, info.options?.messageId);
}

function nameConsumed(span: Span, info: ConsumeInfo): void {
  const { type, messageId } = info.msg.properties;
  nameEvent(span, type, messageId);
}

/** The event's name survives a detour through a retry queue, where the routing key does not. */
function nameEvent(span: Span, type: unknown, id: unknown): void {
  if (typeof type === 'string') span.setAttribute('cloudevents.event_type', type);
  if (typeof id === 'string') span.setAttribute('cloudevents.event_id', id);
}
