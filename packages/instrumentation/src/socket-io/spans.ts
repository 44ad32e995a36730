import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type Carrier, carrierOf, eventOf, type Packet } from './packet.ts';

/** An event that was received and is being given to its handlers. */
interface Delivery {
  readonly event: string;
  readonly namespace: string;
}

const deliveryKey = createContextKey('concordat.socket-io.delivery');

interface Send {
  readonly tracer: Tracer;
  readonly event: string;
  readonly namespace: string | undefined;
  readonly rooms?: readonly string[];
}

/** Runs `send` within the span of a producer; `send` gets what must travel with the event. */
export function produce<Result>(about: Send, send: (carrier: Carrier) => Result): Result {
  const span = about.tracer.startSpan(`send ${about.event}`, {
    kind: SpanKind.PRODUCER,
    attributes: {
      ...attributesOf(about.event, about.namespace),
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      ...(about.rooms?.length ? { 'messaging.socket.io.rooms': [...about.rooms] } : {}),
    },
  });
  const sending = trace.setSpan(context.active(), span);
  const carrier: Carrier = {};
  propagation.inject(sending, carrier);
  try {
    return context.with(sending, () => send(carrier));
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Runs the dispatch of an event so that its handlers know where it came from. */
export function deliver<Result>(packet: Packet, namespace: string, dispatch: () => Result): Result {
  const event = eventOf(packet);
  if (event === undefined) return dispatch();
  const sent = propagation.extract(ROOT_CONTEXT, carrierOf(packet) ?? {});
  const delivery: Delivery = { event, namespace };
  return context.with(sent.setValue(deliveryKey, delivery), dispatch);
}

/** Runs a handler within the span of a consumer when it handles an event that was received; else just runs it. */
export function consume<Result>(tracer: Tracer, event: string, handle: () => Result): Result {
  const received = context.active();
  const delivery = received.getValue(deliveryKey) as Delivery | undefined;
  if (delivery?.event !== event) return handle();
  const parent = received.deleteValue(deliveryKey);
  const span = tracer.startSpan(
    `process ${event}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...attributesOf(event, delivery.namespace),
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
      },
    },
    parent,
  );
  return runWithin(span, trace.setSpan(parent, span), handle);
}

function runWithin<Result>(span: Span, within: Context, handle: () => Result): Result {
  let result: Result;
  try {
    result = context.with(within, handle);
  } catch (error) {
    fail(span, error);
    span.end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  // Handed on in its place: when nobody handles the rejection, nobody does as before.
  return result.then(
    (value: unknown) => {
      span.end();
      return value;
    },
    (error: unknown) => {
      fail(span, error);
      span.end();
      throw error;
    },
  ) as Result;
}

function attributesOf(event: string, namespace: string | undefined): Attributes {
  return {
    'messaging.system': 'socket.io',
    'messaging.destination.name': namespace ?? '/',
    'messaging.socket.io.event_name': event,
  };
}

function fail(span: Span, error: unknown): void {
  const isError = error instanceof Error;
  span.setAttribute('error.type', isError ? error.name : typeof error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: isError ? error.message : String(error) });
}
