/** One end of a call. */
export interface Peer {
  /** `service.name`, or the best name known for a peer that sends no spans. */
  readonly service: string;
  readonly version: string | undefined;
  /** True when the peer sent no span of its own: its name is a guess from the other half. */
  readonly virtual: boolean;
}

export interface HttpExchange {
  readonly kind: 'http';
  /** Upper case. */
  readonly method: string;
  /** The raw path the provider saw (the consumer's when only that is known), percent-encoded, without the query. */
  readonly path: string;
  /** Raw query text without `?`; empty when there was none or none is known. */
  readonly query: string;
  /** `http.route`, when the provider's framework matched one. */
  readonly route: string | undefined;
  /** undefined when neither half carried a status (a connection that failed). */
  readonly status: number | undefined;
}

export interface MessageExchange {
  readonly kind: 'message';
  /** `messaging.system`, for example `rabbitmq`. */
  readonly system: string;
  /** `messaging.destination.name`: the exchange or topic; empty for a default exchange. */
  readonly destination: string;
  /** Routing key or event name (`order.placed`) when the spans carry one. */
  readonly event: string | undefined;
}

/**
 * One observed consumer→provider exchange, paired from spans. The words are the contract's: of an event, the
 * **consumer** is the service that receives it and the **provider** the one that sends it.
 */
export interface Call {
  readonly consumer: Peer;
  readonly provider: Peer;
  /** The provider's `deployment.environment.name`, else the consumer's. */
  readonly environment: string | undefined;
  readonly exchange: HttpExchange | MessageExchange;
  readonly traceId: string;
  /** Span of the calling half (CLIENT, PRODUCER); undefined when it never came. */
  readonly clientSpanId: string | undefined;
  /** Span of the answering half (SERVER, CONSUMER); undefined when it never came. */
  readonly serverSpanId: string | undefined;
  readonly atMicros: number;
  readonly clientDurationMicros: number | undefined;
  readonly serverDurationMicros: number | undefined;
  /** Of a message whose both halves came: from sent to received, never below 0 although clocks differ. */
  readonly transitMicros?: number | undefined;
  /** Either half has status error. */
  readonly failed: boolean;
  /** How many calls this one stands for: 1, or the adjusted count of tracestate `ot=th`. */
  readonly weight: number;
  /** The pair was concluded (parent of another service that is no client span), not seen. */
  readonly inferred: boolean;
}
