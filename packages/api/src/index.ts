export {
  type AuditEntry,
  type AuditPage,
  auditEntrySchema,
  auditPageSchema,
} from './audit/audit-schema.ts';
export {
  type CleanOverview,
  type CleanPlan,
  type CleanPreview,
  type CleanRunResource,
  type CleanRuns,
  type CleanVersion,
  cleanOverviewSchema,
  cleanPreviewSchema,
  cleanRunSchema,
  cleanRunsSchema,
} from './clean/clean-schema.ts';
export {
  type Aliases,
  type AliasResource,
  type AliasSuggestionResource,
  type AliasSuggestions,
  aliasesSchema,
  aliasSchema,
  aliasSuggestionsSchema,
  type NewAlias,
  newAliasSchema,
} from './insights/alias-schema.ts';
export {
  type DeploymentResource,
  type DeploymentsAnswer,
  deploymentsSchema,
  type RecordedRunning,
  type RecordRunning,
  type RunningVersionResource,
  recordedRunningSchema,
  recordRunningSchema,
} from './insights/deployment-schema.ts';
export {
  type Edge,
  type EdgeDetail,
  type EdgeState,
  type Edges,
  edgeDetailSchema,
  edgeSchema,
  edgesSchema,
  type OperationGuard,
} from './insights/edge-schema.ts';
export { type Fields, fieldsSchema } from './insights/field-schema.ts';
export {
  type AcknowledgeRequest,
  acknowledgeSchema,
  type FindingDetailResource,
  type FindingEventResource,
  type FindingResource,
  findingDetailSchema,
  findingEventSchema,
  findingSchema,
  findingStates,
} from './insights/finding-schema.ts';
export { type GuardPact, type GuardPacts, guardPactsSchema } from './insights/guard-schema.ts';
export {
  createInsightsClient,
  type DeploymentsQuery,
  type EdgesQuery,
  type FieldsQuery,
  type FindingsQuery,
  type GuardPactsQuery,
  type InsightsClient,
  InsightsError,
  type InsightsFetch,
  type InteractionsQuery,
  type OverridesQuery,
  type RemovalQuery,
  type UsageQuery,
  type WindowQuery,
} from './insights/insights-client.ts';
export type { Latency } from './insights/latency-schema.ts';
export {
  type NewOverride,
  newOverrideSchema,
  type OverrideResource,
  type Overrides,
  overrideSchema,
  overridesSchema,
} from './insights/override-schema.ts';
export { type Removal, removalSchema } from './insights/removal-schema.ts';
export { type Routes, routesSchema } from './insights/route-schema.ts';
export {
  type Service,
  type ServiceDetail,
  type ServiceOperation,
  type Services,
  serviceDetailSchema,
  servicesSchema,
} from './insights/service-schema.ts';
export {
  type Findings,
  findingsSchema,
  type Summary,
  summarySchema,
} from './insights/summary-schema.ts';
export {
  type Acceptance,
  type AppliedOverrides,
  acceptanceSchema,
  appliedOverridesSchema,
  type NewAcceptance,
  newAcceptanceSchema,
  type TrafficEvidence,
  trafficEvidenceSchema,
} from './insights/traffic-evidence-schema.ts';
export {
  type Caller,
  type InteractionUsage,
  type OperationUsage,
  type UsageEvidence,
  type Usages,
  usageSchema,
  type VersionUsage,
} from './insights/usage-schema.ts';
export {
  type FoundInteraction,
  type FoundInteractions,
  foundInteractionsSchema,
  type InteractionResource,
  type PactInteractions,
  pactInteractionsSchema,
} from './interactions/interaction-schema.ts';
export {
  type DocumentDefectResource,
  documentDefectSchema,
  type ProviderContractResource,
  type ProviderContracts,
  providerContractSchema,
  providerContractsSchema,
} from './provider-contracts/provider-contract-schema.ts';
export {
  type FailedInteractionResource,
  type ReasonResource,
  reasonSchema,
} from './reasons/reason-schema.ts';
export {
  type SelectionExplanation,
  selectionExplanationSchema,
} from './selection/selection-explanation-schema.ts';
export {
  type CreatedToken,
  createdTokenSchema,
  type NewToken,
  newTokenSchema,
  type TokenChange,
  type TokenResource,
  type Tokens,
  tokenChangeSchema,
  tokenSchema,
  tokensSchema,
} from './tokens/token-schema.ts';
export {
  TRANSFER_FORMAT,
  TRANSFER_VERSION,
  type TransferHeader,
  type TransferRecord,
  type TransferRecordOf,
  type TransferResult,
  type TransferTally,
  type TransferType,
  transferHeaderSchema,
  transferRecordSchema,
  transferResultSchema,
} from './transfer/transfer-record.ts';
