import type { Attributes, AttributeValue } from '@concordat/domain';
import { readAttributes } from '../decode/decode-value.ts';
import { ProtobufReader } from '../decode/protobuf-reader.ts';
import type { Origin, ReceivedSpan } from '../decode/received-span.ts';
import { kindNumbers } from '../store/append-spans.ts';
import type { StoredTrace } from '../store/trace-store.ts';

/** Traces as OTLP/JSON, the form of Jaeger's query API v3: ids in hex, kinds as numbers, 64-bit numbers as text. */
export function toTracesData(traces: readonly StoredTrace[]): object {
  const byOrigin = new Map<Origin, ReceivedSpan[]>();
  for (const span of traces.flatMap((trace) => trace.spans)) {
    const spans = byOrigin.get(span.origin);
    if (spans === undefined) byOrigin.set(span.origin, [span]);
    else spans.push(span);
  }
  return {
    resourceSpans: [...byOrigin].map(([origin, spans]) => ({
      resource: { attributes: toKeyValues(resourceAttributes(origin)) },
      scopeSpans: [{ scope: origin.scope, spans: spans.map(toSpan) }],
    })),
  };
}

function resourceAttributes(origin: Origin): Attributes {
  const sent = readAttributes(new ProtobufReader(origin.resourceBytes), 1);
  return { ...sent, 'service.name': origin.resource.service };
}

const statusCodes = { unset: 0, ok: 1, error: 2 } as const;

function toSpan(span: ReceivedSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    ...(span.traceState === '' ? {} : { traceState: span.traceState }),
    flags: span.flags,
    name: span.name,
    kind: kindNumbers[span.kind],
    startTimeUnixNano: nanos(span.startMicros),
    endTimeUnixNano: nanos(span.startMicros, span.durationMicros),
    attributes: toKeyValues(span.sentAttributes),
    events: span.events.map((event) => ({
      timeUnixNano: nanos(event.timeMicros),
      name: event.name,
      attributes: toKeyValues(event.attributes),
    })),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: toKeyValues(link.attributes),
    })),
    status: { code: statusCodes[span.status], message: span.statusMessage },
  };
}

function nanos(startMicros: number, durationMicros = 0): string {
  return String(BigInt(startMicros) * 1000n + BigInt(Math.round(durationMicros * 1000)));
}

function toKeyValues(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

function toAnyValue(value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: String(value) };
    case 'number':
      return toNumber(value);
    default:
      return value === null ? {} : toNested(value);
  }
}

function toNumber(value: number): object {
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

function toNested(
  value: readonly AttributeValue[] | { readonly [key: string]: AttributeValue },
): object {
  if (Array.isArray(value)) {
    const values = value as readonly AttributeValue[];
    return { arrayValue: { values: values.map(toAnyValue) } };
  }
  return { kvlistValue: { values: toKeyValues(value as Attributes) } };
}
