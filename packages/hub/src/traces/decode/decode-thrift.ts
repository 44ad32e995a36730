import type { SpanBatch } from '../span-batch.ts';
import { decodeOtlp } from './decode-otlp.ts';
import {
  type EncodableEvent,
  type EncodableLink,
  type EncodableSpan,
  type EncodedGroup,
  encodeRequest,
  encodeSpan,
  ProtobufWriter,
  writeAttributes,
} from './encode-otlp.ts';
import {
  readThriftBatch,
  type Tags,
  type ThriftLog,
  type ThriftSpan,
} from './read-thrift-batch.ts';

/**
 * Decodes a Jaeger `Batch` in Thrift's binary protocol, without envelope, as collectors take it over HTTP, and undoes what
 * the OpenTelemetry exporter does to it: resource attributes on every span, every number a double, kind and status as tags.
 */
export function decodeThrift(body: Buffer): SpanBatch {
  const { process, spans } = readThriftBatch(body);
  return decodeOtlp(encodeRequest(groupByOrigin(process, spans)));
}

const resourcePrefixes =
  /^(?:service\.(?!peer\.)|deployment\.|telemetry\.(?:sdk|distro|auto)\.|host\.|process\.|os\.|container\.|k8s\.|cloud\.|vcs\.)/;
const scopeTags = ['otel.scope.name', 'otel.library.name'] as const;
const scopeVersionTags = ['otel.scope.version', 'otel.library.version'] as const;
const consumedTags: ReadonlySet<string> = new Set([
  ...scopeTags,
  ...scopeVersionTags,
  'span.kind',
  'otel.status_code',
  'otel.status_description',
  'w3c.tracestate',
]);

interface Group extends EncodedGroup {
  readonly spans: Buffer[];
}

/** Spans of one resource and scope together, so that what the exporter repeated on each is kept once. */
function groupByOrigin(process: Tags, spans: readonly ThriftSpan[]): EncodedGroup[] {
  const groups = new Map<string, Group>();
  for (const span of spans) {
    const lifted = Object.entries(span.tags).filter(([key]) => resourcePrefixes.test(key));
    const resourceTags = { ...Object.fromEntries(lifted), ...process };
    const resource = writeAttributes(new ProtobufWriter(), 1, resourceTags).finish();
    const scope = encodeScope(span.tags);
    const key = `${resource.toString('latin1')}\0${scope.toString('latin1')}`;
    const group: Group = groups.get(key) ?? { resource, scope, spans: [] };
    groups.set(key, group);
    group.spans.push(encodeSpan(toOtlp(span)));
  }
  return [...groups.values()];
}

function encodeScope(tags: Tags): Buffer {
  return new ProtobufWriter()
    .string(1, firstText(tags, scopeTags))
    .string(2, firstText(tags, scopeVersionTags))
    .finish();
}

function firstText(tags: Tags, names: readonly string[]): string {
  const found = names.map((name) => tags[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
}

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

function toOtlp(span: ThriftSpan): EncodableSpan {
  const kind = kinds.indexOf(firstText(span.tags, ['span.kind']));
  const parent = parentOf(span);
  const kept = Object.entries(span.tags).filter(
    ([key]) => !consumedTags.has(key) && !resourcePrefixes.test(key),
  );
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: parent,
    traceState: firstText(span.tags, ['w3c.tracestate']),
    flags: 0,
    name: span.name,
    kind: kind > 0 ? kind : 1,
    startNanos: span.startMicros * 1000n,
    endNanos: (span.startMicros + span.durationMicros) * 1000n,
    attributes: Object.fromEntries(kept),
    events: span.logs.map(toEvent),
    links: linksOf(span, parent),
    statusCode: statusOf(span.tags),
    statusMessage: firstText(span.tags, ['otel.status_description']),
  };
}

/** `error` wins over what OpenTelemetry's own tag says. */
function statusOf(tags: Tags): number {
  if (tags.error === true || tags.error === 'true') return 2;
  return ['', 'OK', 'ERROR'].indexOf(firstText(tags, ['otel.status_code'])) === 2
    ? 2
    : Number(tags['otel.status_code'] === 'OK');
}

const noId = Buffer.alloc(0);

function isSet(id: Buffer): boolean {
  return id.some((byte) => byte !== 0);
}

function parentOf(span: ThriftSpan): Buffer {
  if (isSet(span.parentSpanId)) return span.parentSpanId;
  const local = span.references.filter((one) => one.traceId.equals(span.traceId));
  const parent = local.find((one) => !one.followsFrom);
  return parent?.spanId ?? noId;
}

function linksOf(span: ThriftSpan, parent: Buffer): EncodableLink[] {
  return span.references
    .filter((one) => !one.spanId.equals(parent) || !one.traceId.equals(span.traceId))
    .map(({ traceId, spanId }) => ({ traceId, spanId, attributes: {} }));
}

function toEvent(log: ThriftLog): EncodableEvent {
  const { event, message, ...attributes } = log.fields;
  const name = typeof event === 'string' ? event : message;
  const kept = typeof event === 'string' && message !== undefined ? { message } : {};
  return {
    timeNanos: log.timeMicros * 1000n,
    name: typeof name === 'string' ? name : '',
    attributes: { ...attributes, ...kept },
  };
}
