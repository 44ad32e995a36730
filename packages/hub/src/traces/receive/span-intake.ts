/** How a body is written. */
export type SpanFormat = 'otlp-protobuf' | 'otlp-json' | 'jaeger-thrift';

/** The way in that a body came by, as the metrics name it. */
export type Transport =
  | 'otlp-protobuf'
  | 'otlp-json'
  | 'otlp-grpc'
  | 'jaeger-thrift'
  | 'jaeger-udp';

/** What is taken and not kept. */
export type UnkeptSignal = 'metrics' | 'logs';

export interface SpanBody {
  /** Inflated; whoever takes it owns it: the bytes may be moved to another thread and are gone then. */
  readonly bytes: Uint8Array;
  readonly format: SpanFormat;
  readonly transport: Transport;
}

/** What came of a body. Only `overloaded` and `closed` are worth a repetition. */
export type Receipt =
  | {
      readonly kind: 'taken';
      readonly accepted: number;
      /** Spans refused one by one, for ids that are none. */
      readonly rejected: number;
      /** One sentence a kind of fault, with its count. */
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: 'undecodable' | 'overloaded' | 'closed';
      /** For the person who runs the sender. */
      readonly message: string;
    };

/**
 * The one way of spans into the hub, whatever they travelled by. `taken` means decoded and in the bounded queue of the
 * store: what a killed process can lose of it is what was not flushed yet, a second's worth. A body is taken whole or not at all.
 */
export interface SpanIntake {
  /** Why a body of at least so many bytes would be refused whatever it holds: then it need not be read or inflated. */
  refusalFor(leastBytes: number): Receipt | undefined;
  take(body: SpanBody): Promise<Receipt>;
  /** A request with metrics or logs that was read and dropped. */
  countUnkept(signal: UnkeptSignal): void;
  /** A body that could not even be read to its end, or inflated. */
  countUnreadable(transport: Transport): void;
}
