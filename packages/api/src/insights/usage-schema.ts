import { z } from 'zod';
import { pageSchema } from './edge-schema.ts';

/** Seen at least once · enough was looked at and it was never seen · too little was looked at to say. */
const usageStateSchema = z.enum(['used', 'not-seen', 'no-evidence']);

/** What a statement about usage rests on. */
const usageEvidenceSchema = z.object({
  /** Seconds between the first and the last call that was looked at. */
  window: z.number(),
  /** Calls that were looked at and could be told apart, sample weights applied. */
  calls: z.number(),
  /** 0 to 1. */
  sampleRate: z.number(),
  /** Since when it is watched, or the first call where that is all there is; null when there is neither. */
  since: z.string().nullable(),
  /** Below these nothing is called not seen. */
  floor: z.object({ calls: z.number(), window: z.number() }),
});

const seenSchema = {
  usage: usageStateSchema,
  /** Sample weights applied. */
  count: z.number(),
  firstSeen: z.string().nullable(),
  lastSeen: z.string().nullable(),
  evidence: usageEvidenceSchema,
};

/** Usage by one version in one environment; both are null where spans do not tell them. */
const versionUsageSchema = z.object({
  version: z.string().nullable(),
  environment: z.string().nullable(),
  ...seenSchema,
  exemplarTraceId: z.string().nullable(),
});

/** One promise of a pact: an interaction, or several that spans cannot tell apart, each with the same count. */
const interactionUsageSchema = z.object({
  consumer: z.string(),
  description: z.string(),
  providerStates: z.array(z.string()),
  status: z.number().nullable(),
  ...seenSchema,
  /** The latest of different calls. */
  exemplarTraceIds: z.array(z.string()),
  promisedBy: z.array(
    z.object({
      consumerVersion: z.string(),
      sha: z.string(),
      environments: z.array(z.string()),
      verification: z.enum(['success', 'failed', 'unverified']),
    }),
  ),
  /** Versions that the promise is of, and whoever used it. */
  consumerVersions: z.array(versionUsageSchema),
  providerVersions: z.array(versionUsageSchema),
  /** Interactions that the count is also of. */
  indistinguishableFrom: z.array(z.string()),
  /** Calls that the live guard told to be of this very interaction; null where it has to tell nothing apart, or told nothing. */
  guarded: z.number().nullable(),
});

/** Who calls an operation, by versions. */
const callerSchema = z.object({
  consumer: z.string(),
  consumerVersion: z.string().nullable(),
  providerVersion: z.string().nullable(),
  environment: z.string().nullable(),
  /** True when any pact of the consumer promises the operation. */
  promised: z.boolean(),
  count: z.number(),
  /** Calls by status; events have none. */
  statuses: z.record(z.string(), z.number()),
  firstSeen: z.string(),
  lastSeen: z.string(),
  exemplarTraceId: z.string(),
});

/** One operation of a provider: promised by pacts, declared by its own documents, or only called. */
const operationUsageSchema = z.object({
  provider: z.string(),
  /** `GET /v1/orders/{id}`, `send order.placed` */
  operation: z.string(),
  transport: z.enum(['http', 'message', 'database', 'rpc']),
  /** False for what is called and promised nowhere. */
  promised: z.boolean(),
  /** Where the provider's documents declare it, under which name; empty when nowhere. */
  declaredBy: z.array(
    z.object({
      specification: z.enum(['openapi', 'asyncapi']),
      providerVersion: z.string(),
      operation: z.string(),
    }),
  ),
  ...seenSchema,
  exemplarTraceIds: z.array(z.string()),
  interactions: z.array(interactionUsageSchema),
  /** The busiest first. */
  callers: z.array(callerSchema),
});

export const usageSchema = z.object({
  operations: z.array(operationUsageSchema),
  page: pageSchema,
});

export type UsageEvidence = z.infer<typeof usageEvidenceSchema>;
export type VersionUsage = z.infer<typeof versionUsageSchema>;
export type InteractionUsage = z.infer<typeof interactionUsageSchema>;
export type Caller = z.infer<typeof callerSchema>;
export type OperationUsage = z.infer<typeof operationUsageSchema>;
export type Usages = z.infer<typeof usageSchema>;
