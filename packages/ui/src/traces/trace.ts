/** A trace as Jaeger's query API v1 gives it, read leniently: what is missing or of the wrong kind gets an empty value. */
export interface Trace {
  readonly traceId: string;
  readonly spans: readonly TraceSpan[];
  readonly warnings: readonly string[];
  readonly clocks: Clocks;
}

/** As the services recorded it; or corrected by the hub, clocks of hosts aligned and shared ids split, which each span says itself. */
export type Clocks = 'recorded' | 'aligned';

export type Tag = readonly [key: string, value: string];

export interface SpanReference {
  readonly kind: 'child-of' | 'follows-from';
  readonly traceId: string;
  readonly spanId: string;
}

export interface SpanLog {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly fields: readonly Tag[];
}

export interface TraceSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  /** Tags of the process: OpenTelemetry's resource. */
  readonly resource: readonly Tag[];
  readonly references: readonly SpanReference[];
  /** Microseconds since 1970, as recorded. */
  readonly start: number;
  /** Microseconds. */
  readonly duration: number;
  readonly tags: readonly Tag[];
  readonly logs: readonly SpanLog[];
  readonly warnings: readonly string[];
  /** `client`, `server`, `producer`, `consumer`, `internal` or empty. */
  readonly kind: string;
  readonly failed: boolean;
}

/** Reads `{"data": [trace, …]}`; anything that is not a trace is left out, never an error. */
export function readTraces(body: unknown, clocks: Clocks): Trace[] {
  return list(field(body, 'data')).flatMap((item) => {
    const traceId = text(field(item, 'traceID'));
    return traceId === '' ? [] : [{ ...readTrace(item, traceId), clocks }];
  });
}

/** Reads `{"data": ["name", …]}`: the services, or the operations of one. */
export function readNames(body: unknown): string[] {
  return list(field(body, 'data'))
    .map((item) => (typeof item === 'string' ? item : text(field(item, 'name'))))
    .filter((name) => name !== '')
    .sort();
}

/** The value of a tag; undefined when there is none. */
export function tagOf(tags: readonly Tag[], key: string): string | undefined {
  return tags.find(([name]) => name === key)?.[1];
}

function readTrace(item: unknown, traceId: string): Omit<Trace, 'clocks'> {
  const processes = new Map<string, { service: string; tags: readonly Tag[] }>();
  for (const [id, process] of entries(field(item, 'processes'))) {
    const service = text(field(process, 'serviceName'));
    processes.set(id, { service, tags: readTags(field(process, 'tags')) });
  }
  return {
    traceId,
    warnings: list(field(item, 'warnings')).map(text),
    spans: list(field(item, 'spans')).map((span) => {
      const process = processes.get(text(field(span, 'processID')));
      return readSpan(span, process?.service || 'unknown service', process?.tags ?? []);
    }),
  };
}

function readSpan(span: unknown, service: string, resource: readonly Tag[]): TraceSpan {
  const tags = readTags(field(span, 'tags'));
  return {
    spanId: text(field(span, 'spanID')),
    name: text(field(span, 'operationName')),
    service,
    resource,
    references: readReferences(span),
    start: number(field(span, 'startTime')),
    duration: Math.max(0, number(field(span, 'duration'))),
    tags,
    logs: list(field(span, 'logs')).map((log) => ({
      at: number(field(log, 'timestamp')),
      fields: readTags(field(log, 'fields')),
    })),
    warnings: list(field(span, 'warnings')).map(text),
    kind: tagOf(tags, 'span.kind') ?? '',
    failed: tagOf(tags, 'error') === 'true' || tagOf(tags, 'otel.status_code') === 'ERROR',
  };
}

function readReferences(span: unknown): SpanReference[] {
  const references = list(field(span, 'references')).map(
    (reference): SpanReference => ({
      kind: field(reference, 'refType') === 'FOLLOWS_FROM' ? 'follows-from' : 'child-of',
      traceId: text(field(reference, 'traceID')),
      spanId: text(field(reference, 'spanID')),
    }),
  );
  const parent = text(field(span, 'parentSpanID'));
  const known = parent === '' || references.some(({ spanId }) => spanId === parent);
  return known
    ? references
    : [{ kind: 'child-of', traceId: text(field(span, 'traceID')), spanId: parent }, ...references];
}

function readTags(value: unknown): Tag[] {
  return list(value).map((tag) => {
    const content = field(tag, 'value');
    return [
      text(field(tag, 'key')),
      typeof content === 'object' ? (JSON.stringify(content) ?? '') : String(content ?? ''),
    ];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function number(value: unknown): number {
  const read = typeof value === 'string' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : 0;
}
