/** A body for reading: JSON is indented with its numbers as they were written, binary contents stay base64. */
export interface DescribedBody {
  readonly form: 'json' | 'text' | 'base64';
  readonly text: string;
  readonly mediaType: string | undefined;
}

/** Which place a matching rule or a generator is about, and what it says: `body $.id`, `regex \d+`. */
export interface DescribedRule {
  readonly place: string;
  readonly text: string;
}

/** What one side sends: a request, a response, or a message. */
export interface DescribedPart {
  readonly name: 'request' | 'response' | 'message';
  /** `GET /orders/1?full=true`, `200`; empty where contents and metadata say it all. */
  readonly headline: string;
  /** Headers of HTTP, metadata of messages; values as JSON or plain text. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: DescribedBody | undefined;
  readonly rules: readonly DescribedRule[];
  readonly generators: readonly DescribedRule[];
}

export interface DescribedState {
  readonly name: string;
  /** Compact JSON of the parameters; undefined when there are none. */
  readonly parameters: string | undefined;
}

/** What a plugin adds to an interaction; `configuration` is indented JSON. */
export interface DescribedPlugin {
  readonly name: string;
  readonly version: string | undefined;
  readonly configuration: string;
}

export type InteractionKind = 'http' | 'message' | 'synchronous-message' | 'unknown';

/** One interaction of a pact of any specification version, in the words of its file. */
export interface DescribedInteraction {
  /** From 0, interactions before messages. */
  readonly position: number;
  readonly id: string | undefined;
  readonly kind: InteractionKind;
  readonly description: string;
  /** One line that tells it from others: `GET /orders/1 → 200`. */
  readonly summary: string;
  readonly providerStates: readonly DescribedState[];
  /** V4: may fail without failing the verification. */
  readonly isPending: boolean;
  /** V4: such as `grpc`. */
  readonly transport: string | undefined;
  readonly comments: readonly string[];
  readonly plugins: readonly DescribedPlugin[];
  /** What a plugin wrote for people, as text of the type it names. */
  readonly markup: { readonly text: string; readonly type: string } | undefined;
  readonly parts: readonly DescribedPart[];
}
