import type { GuardVerdict } from '../guard/guard-verdict.ts';

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

/** A query of a database: its provider is virtual, and no contract is expected of it. */
export interface DatabaseExchange {
  readonly kind: 'database';
  /** `db.system.name`, for example `postgresql`. */
  readonly system: string;
  readonly namespace: string | undefined;
  /** `SELECT`, `get`: the operation's name, else the first word of the query. */
  readonly operation: string | undefined;
}

/** A remote procedure (gRPC, Connect): seen, but of a protocol that no pact of ours describes. */
export interface RpcExchange {
  readonly kind: 'rpc';
  /** `rpc.system.name`, for example `grpc`; empty when the spans do not say. */
  readonly system: string;
  /** `package.Service/Method`, as far as the spans tell it. */
  readonly method: string;
  /** The name of the status code: `OK`, `NOT_FOUND`. */
  readonly status: string | undefined;
}

export type Exchange = HttpExchange | MessageExchange | DatabaseExchange | RpcExchange;

/**
 * One observed consumer→provider exchange, paired from spans. The words are the contract's: of an event, the
 * **consumer** is the service that receives it and the **provider** the one that sends it.
 */
export interface Call {
  readonly consumer: Peer;
  readonly provider: Peer;
  /** The provider's `deployment.environment.name`, else the consumer's. */
  readonly environment: string | undefined;
  readonly exchange: Exchange;
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
  /** The gateways it went through, when this is what a call meant behind the hops that were seen; the hops are calls of their own. */
  readonly via?: string;
  /** What the live guard said about it, at either end, each with both names; undefined where nobody looked. */
  readonly guard?: readonly GuardVerdict[] | undefined;
}

/** What made a service call another: the request or message it was working on. */
export interface CallCause {
  readonly service: string;
  readonly environment: string | undefined;
  /** The service's own SERVER or CONSUMER span, by name. */
  readonly inbound: { readonly operation: string; readonly kind: 'server' | 'consumer' };
  /** Who was called (of a message: who received it), and the name of its span, or of the caller's when it sent none. */
  readonly outbound: {
    readonly service: string;
    readonly operation: string;
    /** `http` when it is not told. */
    readonly transport?: Exchange['kind'];
  };
  readonly traceId: string;
  readonly atMicros: number;
  readonly weight: number;
}
