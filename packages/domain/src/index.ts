export { type EdgeFacts, type EdgeState, edgeState } from './edges/edge-state.ts';
export type { Finding, FindingKind } from './findings/finding.ts';
export { type FindingNames, findingIdentity } from './findings/finding-identity.ts';
export { type FindingFacts, findingSentence } from './findings/finding-sentence.ts';
export { type CallFacts, type CallFinding, judgeCall } from './findings/judge-call.ts';
export {
  isHousekeeping,
  isPassing,
  isTestEnvironment,
  isTestTraffic,
} from './findings/observed-call.ts';
export { type Answer, RetryWindow } from './findings/retry-window.ts';
export {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from './json/json-value.ts';
export {
  describeJsonDefect,
  type JsonDefect,
  type JsonResult,
  parseJson,
} from './json/parse-json.ts';
export { compareCodePoints, writeJson, writeSortedJson } from './json/write-json.ts';
export { displayNameOf } from './pacticipants/display-name.ts';
export { similarNames } from './pacticipants/similar-names.ts';
export {
  type ContentChange,
  type PreviousPact,
  publicationChange,
  revisionChange,
} from './pacts/content-change.ts';
export { contentDiff } from './pacts/content-diff.ts';
export { mergeConflicts, mergePacts } from './pacts/merge-pacts.ts';
export { contentSha, nameInContent, type Sha1, servedContent } from './pacts/pact-content.ts';
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
export { type EvidenceFloor, judgeUsage, unusedOperations } from './usage/judge-usage.ts';
export { type PactStanding, pactsForCall, pactsInEnvironment } from './usage/pacts-in-force.ts';
export type { Evidence, Usage } from './usage/usage.ts';
