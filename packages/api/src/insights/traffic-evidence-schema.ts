import { z } from 'zod';
import { evidenceSchema } from './finding-schema.ts';
import { overrideSchema } from './override-schema.ts';

const trafficVerdictSchema = z.enum([
  'broken',
  'potentially-affected',
  'unaffected',
  'no-evidence',
]);

const sideSchema = z.object({ name: z.string(), version: z.string().nullable() }).nullable();

const judgedInteractionSchema = z.object({
  description: z.string(),
  providerStates: z.array(z.string()),
  operation: z.string(),
  /** Status the pact promises; null for messages. */
  status: z.number().nullable(),
  /** `untold`: the pact failed, and the verifier did not say which of its interactions. */
  outcome: z.enum(['failed', 'unverified', 'untold']),
  verdict: trafficVerdictSchema,
  reason: z.enum([
    'used',
    'untold-results',
    'indistinguishable',
    'other-version',
    'unpromised-status',
    'unresolved-operation',
    'unnamed-events',
    'sampled-too-low',
    'new-promise',
    'not-used',
    'no-traffic',
    'too-little-traffic',
  ]),
  count: z.number(),
  lastSeen: z.string().nullable(),
  usedBy: z.array(
    z.object({
      /** Null where the spans tell none. */
      version: z.string().nullable(),
      count: z.number(),
      lastSeen: z.string(),
      exemplarTraceId: z.string(),
    }),
  ),
  indistinguishableFrom: z.array(z.string()),
});

/** One obstacle; in the order of the errors in `notices`. */
const judgedRowSchema = z.object({
  /** The same sentence as in `notices`. */
  text: z.string(),
  consumer: sideSchema,
  provider: sideSchema,
  verdict: trafficVerdictSchema,
  sentences: z.array(z.string()),
  interactions: z.array(judgedInteractionSchema),
  evidence: evidenceSchema,
  override: overrideSchema.nullable(),
});

/** The member `evidence` of an answer of `/can-i-deploy` and `/matrix` for `?evidence=traffic`. */
export const trafficEvidenceSchema = z.object({
  kind: z.literal('traffic'),
  environment: z.string(),
  since: z.string(),
  until: z.string(),
  /** The worst of the rows; null when nothing is in the way. */
  verdict: trafficVerdictSchema.nullable(),
  rows: z.array(judgedRowSchema),
});

/** The member `overrides` of an answer of `/can-i-deploy` and `/matrix` for `?overrides=true`: who excuses what is in the way. */
export const appliedOverridesSchema = z.object({
  /** Whether something is in the way and all of it is excused. */
  covered: z.boolean(),
  rows: z.array(
    z.object({
      text: z.string(),
      consumer: sideSchema,
      provider: sideSchema,
      override: overrideSchema.nullable(),
    }),
  ),
});

/** The body of `POST /insights/acceptances`: may a version go although the strict answer is not yes? */
export const newAcceptanceSchema = z.strictObject({
  pacticipant: z.string().min(1),
  version: z.string().min(1),
  environment: z.string().min(1),
  /** Pacticipants to leave out, as in can-i-deploy. */
  ignore: z.array(z.string().min(1)).optional(),
  /** Excuse what traffic shows to be unaffected. */
  unaffected: z.boolean().optional(),
  /** Such as `7d`; of the traffic that is looked at. */
  window: z.string().optional(),
  /** Excuse what an override excuses. */
  overrides: z.boolean().optional(),
});

export const acceptanceSchema = z.object({
  /** The strict answer, which stays as it is. */
  deployable: z.boolean().nullable(),
  /** Everything that is in the way is excused; it stands in the audit log then. False when nothing is. */
  accepted: z.boolean(),
  rows: z.array(
    z.object({
      text: z.string(),
      /** Null when the question did not ask for traffic. */
      verdict: trafficVerdictSchema.nullable(),
      override: overrideSchema.nullable(),
      acceptedBy: z.enum(['unaffected', 'override']).nullable(),
    }),
  ),
});

export type TrafficEvidence = z.infer<typeof trafficEvidenceSchema>;
export type AppliedOverrides = z.infer<typeof appliedOverridesSchema>;
export type NewAcceptance = z.infer<typeof newAcceptanceSchema>;
export type Acceptance = z.infer<typeof acceptanceSchema>;
