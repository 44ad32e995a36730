import type { ToldSpan } from './told-span.ts';

/**
 * Zipkin's way of telling a call gives both halves one span id. The server's half gets an id that the trace does not use
 * and becomes the child of the client's; what was below the shared id is below the server's half then.
 */
export function splitSharedIds(spans: readonly ToldSpan[]): readonly ToldSpan[] {
  const ofClients = new Set<string>();
  for (const { span, spanId } of spans) if (span.kind === 'client') ofClients.add(spanId);
  const isShared = ({ span, spanId }: ToldSpan): boolean =>
    span.kind === 'server' && ofClients.has(spanId);
  if (!spans.some(isShared)) return spans;

  const nextId = freeIds(spans);
  const newIds = new Map<string, string>();
  const split = spans.map((told): ToldSpan => {
    if (!isShared(told)) return told;
    const spanId = nextId();
    newIds.set(told.spanId, spanId);
    return { ...told, spanId, parentSpanId: told.spanId };
  });
  return split.map((told) => belowServer(told, newIds));
}

function belowServer(told: ToldSpan, newIds: ReadonlyMap<string, string>): ToldSpan {
  const parentSpanId = newIds.get(told.parentSpanId ?? '');
  const isServer = told.spanId !== told.span.spanId;
  return parentSpanId === undefined || isServer ? told : { ...told, parentSpanId };
}

function freeIds(spans: readonly ToldSpan[]): () => string {
  const used = new Set(spans.map((told) => told.spanId));
  let last = 0;
  return () => {
    let id: string;
    do {
      last += 1;
      id = last.toString(16).padStart(16, '0');
    } while (used.has(id));
    return id;
  };
}
