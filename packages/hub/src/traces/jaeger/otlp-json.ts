import type { SpanKind } from '@concordat/domain';
import type { Origin } from '../decode/received-span.ts';
import { dottedAddresses } from './dotted-addresses.ts';
import { contentOf, type EventContent, type LinkContent } from './span-content.ts';
import type { ToldSpan, ToldTrace } from './told-span.ts';
import { readTypedAttributes, type TypedAttributes, type TypedValue } from './typed-value.ts';

/** Where Jaeger keeps what it has to say about a span in API v3, which has no field for it. */
const warningsKey = 'jaeger.internal.warnings';

/**
 * The list `resourceSpans` of OTLP/JSON as text, span by span: ids in hex, kinds as numbers, 64-bit numbers as text. The
 * values of a trace stand in the order of its spans' first appearance by resource and scope.
 */
export function* resourceSpansPieces(traces: Iterable<ToldTrace>): Generator<string> {
  yield '[';
  let separator = '';
  for (const trace of traces) {
    for (const group of groupsOf(trace.spans)) {
      yield separator + headOf(group, trace.isRaw);
      yield* spanPieces(group.spans, trace.isRaw);
      yield ']}]}';
      separator = ',';
    }
  }
  yield ']';
}

interface Group {
  readonly origin: Origin;
  readonly library: ToldSpan['library'];
  readonly spans: ToldSpan[];
}

function groupsOf(spans: readonly ToldSpan[]): Iterable<Group> {
  const groups: Group[] = [];
  const byOrigin = new Map<Origin, Map<ToldSpan['library'], Group>>();
  for (const told of spans) {
    const { library } = told;
    const { origin } = told.span;
    const ofOrigin = byOrigin.get(origin) ?? new Map<ToldSpan['library'], Group>();
    byOrigin.set(origin, ofOrigin);
    const known = ofOrigin.get(library);
    if (known === undefined) {
      const group: Group = { origin, library, spans: [told] };
      ofOrigin.set(library, group);
      groups.push(group);
    } else known.spans.push(told);
  }
  return groups;
}

function headOf({ origin, library = {} }: Group, isRaw: boolean): string {
  const sent = readTypedAttributes(origin.resourceBytes, 1);
  const attributes = new Map<string, TypedValue>(isRaw ? sent : dottedAddresses(sent));
  attributes.set('service.name', { kind: 'string', value: origin.resource.service });
  for (const [key, value] of Object.entries(library))
    attributes.set(key, { kind: 'string', value: String(value) });
  const scope = {
    ...origin.scope,
    ...listOf('attributes', toKeyValues(readTypedAttributes(origin.scopeBytes, 3))),
  };
  const resource = { attributes: toKeyValues(attributes) };
  return `{"resource":${JSON.stringify(resource)},"scopeSpans":[{"scope":${JSON.stringify(scope)},"spans":[`;
}

function* spanPieces(spans: readonly ToldSpan[], isRaw: boolean): Generator<string> {
  let separator = '';
  for (const told of spans) {
    yield separator + JSON.stringify(toSpan(told, isRaw));
    separator = ',';
  }
}

/** In the order of OTLP's numbers. */
const kinds: readonly SpanKind[] = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
const statusCodes = { unset: 0, ok: 1, error: 2 } as const;

function toSpan(told: ToldSpan, isRaw: boolean): object {
  const { span, parentSpanId } = told;
  const content = contentOf(told, isRaw);
  return {
    traceId: span.traceId,
    spanId: told.spanId,
    ...(span.traceState === '' ? {} : { traceState: span.traceState }),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    flags: span.flags,
    name: span.name,
    kind: kinds.indexOf(span.kind),
    startTimeUnixNano: String(content.startNanos),
    endTimeUnixNano: String(content.endNanos),
    attributes: toKeyValues(withWarnings(content.attributes, content.warnings)),
    ...countOf('droppedAttributesCount', content.droppedAttributes),
    events: content.events.map(toEvent),
    ...countOf('droppedEventsCount', content.droppedEvents),
    links: content.links.map(toLink),
    ...countOf('droppedLinksCount', content.droppedLinks),
    status: { code: statusCodes[span.status], message: span.statusMessage },
  };
}

function withWarnings(attributes: TypedAttributes, warnings: readonly string[]): TypedAttributes {
  if (warnings.length === 0) return attributes;
  const values = warnings.map((value): TypedValue => ({ kind: 'string', value }));
  return new Map([...attributes, [warningsKey, { kind: 'array', values }]]);
}

function toEvent({ timeNanos, name, attributes, dropped }: EventContent): object {
  return {
    timeUnixNano: String(timeNanos),
    name,
    attributes: toKeyValues(attributes),
    ...countOf('droppedAttributesCount', dropped),
  };
}

function toLink({ traceId, spanId, traceState, attributes, dropped, flags }: LinkContent): object {
  return {
    traceId,
    spanId,
    ...(traceState === '' ? {} : { traceState }),
    attributes: toKeyValues(attributes),
    ...countOf('droppedAttributesCount', dropped),
    ...countOf('flags', flags),
  };
}

/** Counts of zero are proto3's default and are left out, as Jaeger does. */
function countOf(name: string, count: number): object {
  return count === 0 ? {} : { [name]: count };
}

function listOf(name: string, items: readonly object[]): object {
  return items.length === 0 ? {} : { [name]: items };
}

function toKeyValues(attributes: TypedAttributes): object[] {
  const values: object[] = [];
  for (const [key, value] of attributes) values.push({ key, value: toAnyValue(value) });
  return values;
}

function toAnyValue(value: TypedValue): object {
  switch (value.kind) {
    case 'string':
      return { stringValue: value.value };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: String(value.value) };
    case 'double':
      return { doubleValue: Number.isFinite(value.value) ? value.value : String(value.value) };
    case 'bytes':
      return { bytesValue: value.value };
    case 'array':
      return { arrayValue: { values: value.values.map(toAnyValue) } };
    case 'map':
      return { kvlistValue: { values: toKeyValues(value.entries) } };
    case 'empty':
      // Jaeger's UI refuses a whole trace for one value without any member.
      return { stringValue: '' };
  }
}
