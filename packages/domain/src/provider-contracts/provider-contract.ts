export type Specification = 'openapi' | 'asyncapi';

/** One route of an OpenAPI document. */
export interface HttpOperation {
  readonly kind: 'http';
  /** `GET /orders/{id}`: what edges, usage and findings name the operation by. */
  readonly key: string;
  readonly method: string;
  /** Path template as written in the document, servers' base paths left out. */
  readonly path: string;
  readonly operationId: string | undefined;
  /** Paths of the servers that stand before `path` on the wire; absent where no server has one. */
  readonly basePaths?: readonly string[];
  /** Response keys of the document: `201`, `4XX`, `default`. */
  readonly statuses: readonly string[];
}

/** One operation of an AsyncAPI document, from the view of the service that publishes the document. */
export interface MessageOperation {
  readonly kind: 'message';
  /** `send order.placed`. */
  readonly key: string;
  readonly action: 'send' | 'receive';
  /** Address of the channel; its id where the address is unknown at design time. */
  readonly channel: string;
  readonly operationId: string | undefined;
  /** Names of the messages that the operation may carry; empty when they stand in another file. */
  readonly messages: readonly string[];
}

export type ContractOperation = HttpOperation | MessageOperation;

/** What the hub knows of a document that a provider published. */
export interface ProviderContract {
  readonly specification: Specification;
  readonly specificationVersion: string;
  readonly title: string;
  /** `info.version`: the version of the interface, which is not the pacticipant version. */
  readonly version: string;
  /** In document order. */
  readonly operations: readonly ContractOperation[];
  /** `$ref`s to other files, each once: stored as written, never fetched. */
  readonly externalReferences: readonly string[];
}

/** Line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface DocumentDefect {
  /** JSON pointer; the empty string is the whole document. */
  readonly pointer: string;
  readonly position: Position | undefined;
  /** What is wrong, with the name and value, and what to do. */
  readonly message: string;
}
