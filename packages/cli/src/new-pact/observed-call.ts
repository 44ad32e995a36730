interface Sighting {
  /** `GET /v1/carts/{id}`, `send order.placed`. */
  readonly operation: string;
  /** Extrapolated by the sample rate. */
  readonly calls: number;
  /** ISO 8601. */
  readonly lastSeen: string;
  readonly traceId: string | undefined;
}

/** A place in a path that varies; of what was there only the form is kept. */
export type VaryingSegment = 'number' | 'uuid' | 'text';

/** A request that was seen with one status and that no pact promises. It holds names and forms, no values. */
export interface ObservedRequest extends Sighting {
  readonly kind: 'http';
  readonly method: string;
  /** In order; a text stands for itself. */
  readonly path: readonly (string | { readonly varies: VaryingSegment })[];
  readonly parameters: readonly string[];
  readonly status: number;
}

/** An event that was received and that no pact promises. */
export interface ObservedEvent extends Sighting {
  readonly kind: 'message';
  readonly event: string;
}

export type ObservedCall = ObservedRequest | ObservedEvent;

/** What spans told of one request, as it was. */
export interface SeenTarget {
  /** Raw, percent-encoded. */
  readonly path: string;
  readonly query: string;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The segments of an operation's path template; the seen path tells what kind of value stands in each place that varies. */
export function pathOf(template: string, seen: SeenTarget | undefined): ObservedRequest['path'] {
  const segments = segmentsOf(template);
  const values = segmentsOf(seen?.path ?? '');
  const fits = values.length === segments.length;
  return segments.map((segment, index) =>
    /\{.*\}/.test(segment) ? { varies: formOf(fits ? (values[index] ?? '') : '') } : segment,
  );
}

function segmentsOf(path: string): readonly string[] {
  return path.replace(/^\//, '').split('/');
}

function formOf(value: string): VaryingSegment {
  if (/^\d+$/.test(value)) return 'number';
  return UUID.test(value) ? 'uuid' : 'text';
}

/** Names of a query's parameters, each once. */
export function parametersOf(query: string): readonly string[] {
  return [...new Set(new URLSearchParams(query).keys())];
}
