export type MismatchPart =
  | 'method'
  | 'path'
  | 'query'
  | 'header'
  | 'status'
  | 'body-type'
  | 'body'
  | 'metadata';

/** One place in which what came differs from what was promised. */
export interface Mismatch {
  readonly part: MismatchPart;
  /** JSON pointer (RFC 6901) into a body or metadata; name of a header or parameter; empty for the whole part. */
  readonly pointer: string;
  /**
   * The same place as pacts write it: `$.items[0].sku`; the name of a header or parameter. Of a key or item that is missing or too much
   * the pointer names itself, the path (as in the native library) the object or list it belongs to.
   */
  readonly path: string;
  /** The rule that failed, by its name in pacts (`type`, `regex`, `integer`), `equality` where none was given, `required` or `unexpected` for keys and lengths. */
  readonly rule: string;
  readonly kind: 'missing' | 'unexpected' | 'type' | 'value' | 'length';
  /** In the words of the native Pact library where it has them. Contains values: for reports of tests, never for telemetry. */
  readonly text: string;
}

/**
 * `strict`: as verification does, examples without a rule must be equal. `live`: for real traffic, where an example without a rule is
 * compared by type, an array without a rule may have any length, and unexpected parts of requests are allowed; rules are kept as they are.
 */
export type Profile = 'strict' | 'live';
