export {
  type Badge,
  canIDeployBadge,
  canIMergeBadge,
  type LatestResult,
  notFoundBadge,
  pactBadge,
  pactStanding,
} from './badges/badge.ts';
export { drawBadge } from './badges/draw-badge.ts';
export type { CleanBranch, CleanHistory, CleanPlacement } from './clean/clean-history.ts';
export {
  type CleanPolicy,
  type CleanPolicyReading,
  defaultCleanPolicy,
  readCleanPolicy,
} from './clean/clean-policy.ts';
export { type CronSchedule, nextOf, readCronSchedule } from './clean/cron-schedule.ts';
export {
  type CleanDecision,
  type CleanQuestion,
  type CleanVerdict,
  decideClean,
  decideCleanInSteps,
} from './clean/decide-clean.ts';
export { type KeepSelector, writeKeepSelector } from './clean/keep-selector.ts';
export { type CleanResult, ResultFold } from './clean/result-fold.ts';
export { contentDiff, documentDiff } from './diff/content-diff.ts';
export { timeAgo } from './diff/time-ago.ts';
export { type EdgeFacts, type EdgeState, edgeState } from './edges/edge-state.ts';
export {
  type EnvironmentDefects,
  type EnvironmentReading,
  type EnvironmentRequest,
  readEnvironmentRequest,
} from './environments/environment-request.ts';
export { namesField, readFieldPointer } from './evidence/field-pointer.ts';
export {
  evidenceOfCalls,
  judgeBlockedRow,
  nothingToCompare,
} from './evidence/judge-blocked-row.ts';
export {
  type FieldFacts,
  judgeRemoval,
  type RemovalAnswer,
  type RemovalFacts,
  type RemovalReason,
} from './evidence/judge-removal.ts';
export { findOperations, mayBeOperation, nearNames } from './evidence/operation-likeness.ts';
export {
  type BlockedPair,
  isInForce,
  LONGEST_OVERRIDE_DAYS,
  type Override,
  overrideDefects,
  overrideFor,
} from './evidence/override.ts';
export {
  type AskedRow,
  type BlockedRow,
  type FailingInteraction,
  type JudgedInteraction,
  type PromisedOperation,
  type RowJudgement,
  type SeenCalls,
  type SeenPromise,
  type SeenTraffic,
  type TrafficReason,
  type TrafficVerdict,
  worstVerdict,
} from './evidence/traffic-verdict.ts';
export { readTrafficWindow } from './evidence/traffic-window.ts';
export type { Finding, FindingKind } from './findings/finding.ts';
export { type FindingNames, findingIdentity } from './findings/finding-identity.ts';
export {
  type Acknowledgement,
  type FindingEvent,
  type FindingEventKind,
  type FindingLife,
  type FindingState,
  lifeOf,
  type Resolution,
} from './findings/finding-life.ts';
export { type FindingFacts, findingSentence } from './findings/finding-sentence.ts';
export {
  type CallFacts,
  type CallFinding,
  type Declaration,
  isUndeclaredEvent,
  judgeCall,
  type SeenFinding,
} from './findings/judge-call.ts';
export {
  type BrokenPromise,
  brokenPromises,
  mismatchText,
  readMismatch,
} from './findings/judge-guard.ts';
export {
  isHousekeeping,
  isPassing,
  isRedirect,
} from './findings/observed-call.ts';
export { outlivesRecord } from './findings/outlived-record.ts';
export { isNoLongerSeen, type QuietFacts } from './findings/quiet-finding.ts';
export { type Answer, RetryWindow } from './findings/retry-window.ts';
export {
  type GuardMismatch,
  type GuardVerdict,
  guardAttributes,
  guardSpanName,
} from './guard/guard-verdict.ts';
export {
  type Alias,
  type AliasDefect,
  type AliasKnowledge,
  aliasDefects,
} from './identity/alias-defects.ts';
export {
  decideRecording,
  type RecordingDecision,
  type RecordingRefusal,
  type RecordingRules,
  type RunningEvidence,
} from './identity/decide-recording.ts';
export {
  type DeploymentFacts,
  type DeploymentState,
  type DeploymentTruth,
  deploymentTruth,
  isRunning,
  type JudgedVersion,
  type MixedRollout,
  type RecordedPlacement,
  RUNNING_MICROS,
  type SeenRunning,
} from './identity/deployment-truth.ts';
export {
  type MappedBy,
  mapVersion,
  type PublishedVersion,
  type SentVersion,
  type VersionMapping,
  type VersionProbes,
  versionProbes,
} from './identity/map-version.ts';
export { peerNames } from './identity/peer-names.ts';
export {
  type AliasSuggestion,
  suggestAliases,
  type UnknownService,
} from './identity/suggest-aliases.ts';
export { TestTraffic, verificationEnvironment } from './identity/test-traffic.ts';
export { describeInteractions } from './interactions/describe-interactions.ts';
export type {
  DescribedBody,
  DescribedInteraction,
  DescribedPart,
  DescribedPlugin,
  DescribedRule,
  DescribedState,
  InteractionKind,
} from './interactions/described-interaction.ts';
export { interactionLines } from './interactions/interaction-lines.ts';
export { indentJson } from './json/indent-json.ts';
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
export {
  type IgnoreSelector,
  type Integration,
  type MatrixFacts,
  markIgnored,
} from './matrix/considered-rows.ts';
export type { ContentHistory, ContentResult } from './matrix/content-history.ts';
export { decideDeployment, type MatrixVerdict } from './matrix/decide-deployment.ts';
export { type Blocker, deploymentBlockers } from './matrix/deployment-blockers.ts';
export {
  type BlockerExplanation,
  type BlockerSituation,
  explainBlocker,
  type KeptLast,
} from './matrix/explain-blocker.ts';
export {
  type AskedIgnore,
  type AskedMatrix,
  type AskedSelector,
  isLatestBy,
  type KnownNames,
  matrixDefects,
} from './matrix/matrix-question.ts';
export {
  describeReason,
  type MatrixReason,
  type NoticeType,
  noticeType,
} from './matrix/matrix-reason.ts';
export {
  inMatrixOrder,
  type JudgedRow,
  keepLatest,
  type LatestBy,
  type MatrixRow,
  type MatrixVerification,
  mostRecent,
} from './matrix/matrix-row.ts';
export {
  infersOthers,
  type MatrixDestination,
  type MatrixSelector,
  type NumberedVersion,
  type ResolvedSelector,
} from './matrix/matrix-selector.ts';
export { displayNameOf } from './pacticipants/display-name.ts';
export { similarNames } from './pacticipants/similar-names.ts';
export {
  type ContentChange,
  type PreviousPact,
  publicationChange,
  revisionChange,
} from './pacts/content-change.ts';
export { changedByMerge, mergeConflicts, mergePacts } from './pacts/merge-pacts.ts';
export {
  contentSha,
  documentSha,
  nameInContent,
  type Sha1,
  servedContent,
} from './pacts/pact-content.ts';
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
export type { ConsumerVersionSelector } from './selectors/consumer-version-selector.ts';
export { selectionCriteria, shortDescription } from './selectors/describe-selection.ts';
export { explainMiss, type Miss, type MissKind } from './selectors/explain-miss.ts';
export {
  type ForVerificationReading,
  type ForVerificationRequest,
  readForVerificationRequest,
} from './selectors/for-verification-request.ts';
export {
  mergeSelections,
  type PublishedPact,
  type ResolvedReason,
  type SelectedPact,
  type Selection,
  type SelectionReason,
} from './selectors/selected-pact.ts';
export type {
  Call,
  CallCause,
  DatabaseExchange,
  Exchange,
  HttpExchange,
  MessageExchange,
  Peer,
  RpcExchange,
} from './traffic/call.ts';
export { type CallValues, callPlaceOf } from './traffic/call-attributes.ts';
export type { ToldCalls } from './traffic/call-outlet.ts';
export { columnsOf } from './traffic/columns-of-spans.ts';
export {
  latencyBounds,
  latencyBucket,
  latencyBuckets,
  latencyPercentiles,
  latencyQuantile,
} from './traffic/latency-histogram.ts';
export { normaliseAttributes, outdatedNames } from './traffic/normalise-attributes.ts';
export { isSelfCall, virtualPeers } from './traffic/pair-halves.ts';
export { createPairing, Pairing } from './traffic/pair-spans.ts';
export {
  defaultPairing,
  type PairedSpans,
  type PairingCounts,
  type PairingOptions,
} from './traffic/pairing-options.ts';
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
export type { SpanColumns } from './traffic/span-columns.ts';
export { traceIdText } from './traffic/span-ids.ts';
export {
  defaultTallyLimits,
  type OperationMinute,
  OperationTally,
  overflowName,
  type TallyLimits,
} from './traffic/tally-operations.ts';
export { type EvidenceFloor, judgeUsage, unusedOperations } from './usage/judge-usage.ts';
export { type PactStanding, pactsForCall, pactsInEnvironment } from './usage/pacts-in-force.ts';
export type { Evidence, Usage } from './usage/usage.ts';
export { type LeftOut, whyNotWip, whyNoWip } from './verifications/explain-wip.ts';
export {
  type InteractionResult,
  type ReportedMismatch,
  readInteractionResults,
} from './verifications/interaction-results.ts';
export {
  failsPendingOnly,
  type InteractionOutcome,
  type InteractionVerdict,
  interactionVerdicts,
  type PromisedInteraction,
} from './verifications/interaction-verdicts.ts';
export {
  type ContentSuccess,
  isWorkInProgress,
  type PendingState,
  type ProviderLine,
  type ProviderView,
  pendingState,
  settledWhereItRuns,
} from './verifications/pending.ts';
export {
  type VerificationNotice,
  verificationNotices,
} from './verifications/verification-notices.ts';
export {
  readVerificationRequest,
  type VerificationReading,
  type VerificationRequest,
} from './verifications/verification-request.ts';
export {
  expandTemplate,
  type TemplateParameters,
  templateParameters,
  versionEventParameters,
  type WebhookFacts,
  type WebhookParty,
} from './webhooks/template-parameters.ts';
export {
  attemptOutcome,
  attemptsRemaining,
  type TriggeredStatus,
} from './webhooks/webhook-attempts.ts';
export {
  publicationEvents,
  type VersionEvent,
  verificationEvents,
  type WebhookEvent,
} from './webhooks/webhook-event.ts';
export {
  type DescribedWebhook,
  readWebhookRequest,
  type WebhookCall,
  type WebhookRequest,
  type WebhookRules,
  type WebhookSelector,
  type WebhookVersions,
} from './webhooks/webhook-request.ts';
export {
  hideSecrets,
  keepSecretHeaders,
  REDACTED,
  redactHeaders,
  secretsOf,
  type WebhookHeaders,
} from './webhooks/webhook-secrets.ts';
export { webhookScope } from './webhooks/webhook-texts.ts';
export { concernsVersion } from './webhooks/webhook-versions.ts';
