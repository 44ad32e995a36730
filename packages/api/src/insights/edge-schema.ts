import { z } from 'zod';
import { evidenceSchema, findingSchema } from './finding-schema.ts';

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

const transportSchema = z.enum(['http', 'message']);

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
  /** Milliseconds, provider's side where known; null without calls. */
  meanDuration: z.number().nullable(),
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

const interactionUsageSchema = z.object({
  description: z.string(),
  providerStates: z.array(z.string()),
  transport: transportSchema,
  /** The provider's operation: `GET /orders/{id}`, `send order.placed`. */
  operation: z.string(),
  /** Status the pact promises; null for messages. */
  status: z.number().nullable(),
  verification: z.enum(['success', 'failed', 'unverified']),
  usage: usageSchema,
  count: z.number(),
  firstSeen: z.string().nullable(),
  lastSeen: z.string().nullable(),
  exemplarTraceId: z.string().nullable(),
  /** Descriptions of the interactions that spans cannot tell from this one; their counts are shared. */
  indistinguishableFrom: z.array(z.string()),
});

const observedOperationSchema = z.object({
  operation: z.string(),
  transport: transportSchema,
  /** Status code → calls; `none` when no status was seen, `message` for events. */
  statuses: z.record(z.string(), z.number()),
  calls: z.number(),
  failed: z.number(),
  /** A pact in force promises this operation. */
  promised: z.boolean(),
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
  findings: z.array(findingSchema),
  evidence: evidenceSchema,
});

export type Edge = z.infer<typeof edgeSchema>;
export type EdgeState = z.infer<typeof edgeStateSchema>;
export type EdgeDetail = z.infer<typeof edgeDetailSchema>;
export type Edges = z.infer<typeof edgesSchema>;
