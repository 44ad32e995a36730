/** One real part of an exchange. A body of `undefined` was not captured: nothing is said about it. */
export interface SampleBody {
  readonly contentType: string | undefined;
  /** As it was sent, after transfer and content coding were undone. Empty: there was none. */
  readonly content: Uint8Array;
}

/** Names in any case; a repeated header as it came, in order. */
export type SampleHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RequestSample {
  readonly method: string;
  /** Raw, percent-encoded, without the query. */
  readonly path: string;
  /** Raw query text without `?`. */
  readonly query: string;
  /** undefined where headers were not captured. */
  readonly headers: SampleHeaders | undefined;
  readonly body: SampleBody | undefined;
}

export interface ResponseSample {
  readonly status: number;
  readonly headers: SampleHeaders | undefined;
  readonly body: SampleBody | undefined;
}

export interface HttpSample {
  readonly request: RequestSample;
  /** undefined: judge the request alone. */
  readonly response: ResponseSample | undefined;
}

export interface MessageSample {
  readonly system: string;
  readonly destination: string;
  /** Routing key or event name. */
  readonly event: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly body: SampleBody | undefined;
}
