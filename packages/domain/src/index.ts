export type { Finding, FindingKind } from './findings/finding.ts';
export { httpOperationKey, messageOperationKey } from './provider-contracts/operation-key.ts';
export type {
  ContractOperation,
  DocumentDefect,
  HttpOperation,
  MessageOperation,
  Position,
  ProviderContract,
  Specification,
} from './provider-contracts/provider-contract.ts';
export {
  type DocumentReading,
  type Locate,
  readProviderContract,
} from './provider-contracts/read-provider-contract.ts';
export type { Call, HttpExchange, MessageExchange, Peer } from './traffic/call.ts';
export { normaliseAttributes } from './traffic/normalise-attributes.ts';
export { isSelfCall, virtualPeers } from './traffic/pair-halves.ts';
export {
  createPairing,
  defaultPairing,
  Pairing,
  type PairingCounts,
  type PairingOptions,
} from './traffic/pair-spans.ts';
export { promoteResource, unknownService } from './traffic/promote-resource.ts';
export type {
  Attributes,
  AttributeValue,
  Resource,
  Span,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from './traffic/span.ts';
export type { Evidence, Usage } from './usage/usage.ts';
