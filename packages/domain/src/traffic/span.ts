export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export type SpanStatus = 'unset' | 'ok' | 'error';

/** Attribute values after decoding: 64-bit integers beyond 2^53 stay bigint, bytes become base64 text. */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The service that emitted a span; OpenTelemetry's resource, with the three names that the join needs promoted. */
export interface Resource {
  /** `service.name`; `unknown_service` when the sender named none. */
  readonly service: string;
  readonly version: string | undefined;
  /** `deployment.environment.name`, old spelling `deployment.environment` included. */
  readonly environment: string | undefined;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

export interface SpanEvent {
  readonly name: string;
  readonly timeMicros: number;
  readonly attributes: Attributes;
}

/** One decoded span with attribute names already in their current form (source: OpenTelemetry trace.proto 1.x). */
export interface Span {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly traceState: string;
  /** The 32-bit flags word; 0x100 = parent's remoteness is known, 0x200 = parent is remote. */
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKind;
  /** Microseconds since the Unix epoch, whole. */
  readonly startMicros: number;
  /** Microseconds, with the fraction that the nanoseconds left. */
  readonly durationMicros: number;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly scope: { readonly name: string; readonly version: string };
  readonly resource: Resource;
}
