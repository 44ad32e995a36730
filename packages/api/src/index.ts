export {
  type Edge,
  type EdgeDetail,
  type EdgeState,
  type Edges,
  edgeDetailSchema,
  edgeSchema,
  edgesSchema,
} from './insights/edge-schema.ts';
export { type FindingResource, findingSchema } from './insights/finding-schema.ts';
export {
  createInsightsClient,
  type EdgesQuery,
  type FindingsQuery,
  type InsightsClient,
  InsightsError,
  type InsightsFetch,
} from './insights/insights-client.ts';
export {
  type Findings,
  findingsSchema,
  type Summary,
  summarySchema,
} from './insights/summary-schema.ts';
export {
  type DocumentDefectResource,
  documentDefectSchema,
  type ProviderContractResource,
  type ProviderContracts,
  providerContractSchema,
  providerContractsSchema,
} from './provider-contracts/provider-contract-schema.ts';
