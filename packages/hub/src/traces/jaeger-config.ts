/** A real Jaeger beside the hub. */
export interface JaegerConfig {
  /** Base URL of its OTLP receiver, which gets every span. */
  readonly url: string;
  /** Base URL of its query API; when there is one, traces are read there, and the hub keeps no spans of its own. */
  readonly queryUrl: string | undefined;
  /** Sent as bearer token to both, unless a URL has user info. */
  readonly token: string | undefined;
  /** Of spans that wait until it takes them. */
  readonly maxQueueBytes: number;
}
