import { z } from 'zod';
import { evidenceSchema, findingSchema } from './finding-schema.ts';
import { latencySchema } from './latency-schema.ts';

/**
 * The first that fits: `verification-failed`: the latest verification of a pact in force failed · `drift`: open findings ·
 * `uncontracted`: traffic without any pact · `unused`: a pact without any traffic · `unverified`: promised and seen, but a
 * pact in force has no verification result · `kept`: promised, verified and seen.
 */
export const edgeStateSchema = z.enum([
  'kept',
  'unverified',
  'verification-failed',
  'drift',
  'uncontracted',
  'unused',
]);

/** Contracts promise requests and messages; calls of databases and of other remote procedures are counted and never judged. */
const transportSchema = z.enum(['http', 'message', 'database', 'rpc']);

/** All calls and promises between one consumer and one provider over one kind of transport. */
export const edgeSchema = z.object({
  consumer: z.string(),
  provider: z.string(),
  transport: transportSchema,
  state: edgeStateSchema,
  /** A peer that sends no spans and is known by no contract: its name is a guess. */
  virtual: z.boolean(),
  environments: z.array(z.string()),
  /** Interactions in the pacts in force. */
  promised: z.number(),
  /** Of those, the ones whose pact's latest verification succeeded. */
  verified: z.number(),
  used: z.number(),
  notSeen: z.number(),
  noEvidence: z.number(),
  /** Open findings. */
  findings: z.number(),
  /** Calls seen, sample weights applied; `failed` of them with an error status. */
  calls: z.number(),
  failed: z.number(),
  /** `failed` of `calls`, 0 to 1; 0 without calls. */
  errorRate: z.number(),
  /** Milliseconds, provider's side where known; null without calls. */
  meanDuration: z.number().nullable(),
  /** Of the same side as `meanDuration`; null when no call told a duration. */
  latency: latencySchema.nullable(),
  /** As the one who called (of an event, who sent it) measured it. */
  clientLatency: latencySchema.nullable(),
  /** Of messages: from sent to received. */
  transitLatency: latencySchema.nullable(),
  firstSeen: z.string().nullable(),
  lastSeen: z.string().nullable(),
});

export const pageSchema = z.object({
  number: z.number(),
  size: z.number(),
  totalElements: z.number(),
  totalPages: z.number(),
});

export const edgesSchema = z.object({ edges: z.array(edgeSchema), page: pageSchema });

const usageSchema = z.enum(['used', 'not-seen', 'no-evidence']);

/** What the newest result of a pact in force says about one interaction. */
const interactionVerificationSchema = z.object({
  result: z.enum(['passed', 'failed']),
  /** Of the replay: the hub has its spans when the provider is traced. null where the verifier sent none. */
  traceId: z.string().nullable(),
  providerVersion: z.string(),
  verifiedAt: z.string(),
  mismatches: z.array(
    z.object({
      attribute: z.string().nullable(),
      identifier: z.string().nullable(),
      description: z.string(),
    }),
  ),
});

const interactionUsageSchema = z.object({
  description: z.string(),
  providerStates: z.array(z.string()),
  transport: z.enum(['http', 'message']),
  /** The provider's operation: `GET /orders/{id}`, `send order.placed`. */
  operation: z.string(),
  /** Status the pact promises; null for messages. */
  status: z.number().nullable(),
  verification: z.enum(['success', 'failed', 'unverified']),
  /** null where no verifier said anything about this interaction. */
  lastVerification: interactionVerificationSchema.nullable(),
  usage: usageSchema,
  count: z.number(),
  firstSeen: z.string().nullable(),
  lastSeen: z.string().nullable(),
  exemplarTraceId: z.string().nullable(),
  /** Descriptions of the interactions that spans cannot tell from this one; their counts are shared. */
  indistinguishableFrom: z.array(z.string()),
});

/** What live guards said of real requests, answers and events. */
const operationGuardSchema = z.object({
  /** How many were looked at; each of them is one of the four below. */
  checks: z.number(),
  kept: z.number(),
  broken: z.number(),
  uncovered: z.number(),
  undecided: z.number(),
  lastBroken: z.string().nullable(),
  /** Of the last that was broken. */
  exemplarTraceId: z.string().nullable(),
  /** What was broken most often, first; never a value. */
  mismatches: z.array(
    z.object({
      part: z.string(),
      rule: z.string(),
      /** JSON pointer with `*` for positions, or a header's or parameter's name. */
      pointer: z.string(),
      times: z.number(),
      lastSeen: z.string(),
      exemplarTraceId: z.string(),
    }),
  ),
});

const observedOperationSchema = z.object({
  operation: z.string(),
  transport: transportSchema,
  /** Status code → calls; `none` when no status was seen, `message` for events. */
  statuses: z.record(z.string(), z.number()),
  calls: z.number(),
  failed: z.number(),
  errorRate: z.number(),
  latency: latencySchema.nullable(),
  /** A pact in force promises this operation. */
  promised: z.boolean(),
  lastSeen: z.string(),
  exemplarTraceId: z.string().nullable(),
  /** null where no guard has looked. */
  guard: operationGuardSchema.nullable(),
});

/** An operation of the calling service during which it called: why the edge has calls. */
const triggerSchema = z.object({
  operation: z.string(),
  kind: z.enum(['server', 'consumer']),
  /** What it called: an operation of the provider's, as the caller's spans name it. */
  outbound: z.string(),
  calls: z.number(),
  lastSeen: z.string(),
  exemplarTraceId: z.string().nullable(),
});

export const edgeDetailSchema = z.object({
  consumer: z.string(),
  provider: z.string(),
  edges: z.array(edgeSchema),
  /** Consumer versions whose pacts are in force, newest first, with the latest verification of each. */
  pacts: z.array(
    z.object({
      consumerVersion: z.string(),
      sha: z.string(),
      verification: z.enum(['success', 'failed', 'unverified']),
      providerVersion: z.string().nullable(),
      verifiedAt: z.string().nullable(),
    }),
  ),
  interactions: z.array(interactionUsageSchema),
  operations: z.array(observedOperationSchema),
  /** Most frequent first. */
  triggeredBy: z.array(triggerSchema),
  findings: z.array(findingSchema),
  evidence: evidenceSchema,
});

export type OperationGuard = z.infer<typeof operationGuardSchema>;
export type Edge = z.infer<typeof edgeSchema>;
export type EdgeState = z.infer<typeof edgeStateSchema>;
export type EdgeDetail = z.infer<typeof edgeDetailSchema>;
export type Edges = z.infer<typeof edgesSchema>;
