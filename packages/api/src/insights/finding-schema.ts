import type { FindingKind } from '@concordat/domain';
import { z } from 'zod';

/** Every kind of the domain and no other: a kind added there does not compile until it stands here. */
const findingKinds = {
  'uncovered-call': 'uncovered-call',
  'unpromised-status': 'unpromised-status',
  'not-seen': 'not-seen',
  'broken-promise': 'broken-promise',
  'undeclared-event': 'undeclared-event',
  'silent-event': 'silent-event',
  'unrecorded-version': 'unrecorded-version',
  'silent-version': 'silent-version',
  'unknown-consumer': 'unknown-consumer',
  'unknown-provider': 'unknown-provider',
} as const satisfies { readonly [Kind in FindingKind]: Kind };

export const evidenceSchema = z.object({
  /** Seconds. */
  window: z.number(),
  calls: z.number(),
  sampleRate: z.number(),
});

export const findingStates = ['open', 'acknowledged', 'resolved'] as const;

/** Who lets a finding be, why, and until when (null: for ever). Times are ISO 8601. */
const acknowledgementSchema = z.object({
  by: z.string(),
  reason: z.string(),
  at: z.string(),
  until: z.string().nullable(),
});

/** The wire form of a domain `Finding`: what is undefined there is null here. */
export const findingSchema = z.object({
  id: z.string(),
  kind: z.enum(findingKinds),
  state: z.enum(findingStates),
  consumer: z.string().nullable(),
  provider: z.string(),
  environment: z.string().nullable(),
  operation: z.string().nullable(),
  versions: z.object({ consumer: z.array(z.string()), provider: z.array(z.string()) }),
  firstSeen: z.string(),
  lastSeen: z.string(),
  count: z.number(),
  exemplarTraceId: z.string().nullable(),
  /** The latest few, the latest first. */
  exemplarTraceIds: z.array(z.string()),
  /** Of `unpromised-status`: what was answered. */
  statuses: z.array(z.string()),
  /** Of `broken-promise`: part, matching rule, and place in it (a JSON pointer, a header's name). */
  mismatches: z.array(z.object({ part: z.string(), rule: z.string(), pointer: z.string() })),
  evidence: evidenceSchema,
  sentence: z.string(),
  openedAt: z.string(),
  resolvedAt: z.string().nullable(),
  /** `agrees`: promised, declared, recorded or used by now · `no-longer-seen`: traffic went on without it. */
  resolution: z.enum(['agrees', 'no-longer-seen']).nullable(),
  acknowledgement: acknowledgementSchema.nullable(),
});

/** A turn in the life of a finding. */
export const findingEventSchema = z.object({
  id: z.number(),
  kind: z.enum([
    'opened',
    're-seen',
    'resolved',
    'reopened',
    'acknowledged',
    'unacknowledged',
    'acknowledgement-expired',
  ]),
  at: z.string(),
  by: z.string().nullable(),
  note: z.string().nullable(),
});

export const findingDetailSchema = findingSchema.extend({ history: z.array(findingEventSchema) });

/** The body of `PUT /insights/findings/{id}/acknowledgement`. */
export const acknowledgeSchema = z.strictObject({
  /** Whoever authenticated when not given. */
  by: z.string().trim().min(1).max(200).optional(),
  reason: z.string().trim().min(1).max(2000),
  /** ISO 8601; for ever when not given. */
  until: z.iso.datetime({ offset: true }).or(z.iso.date()).nullish(),
});

export type FindingResource = z.infer<typeof findingSchema>;
export type FindingDetailResource = z.infer<typeof findingDetailSchema>;
export type FindingEventResource = z.infer<typeof findingEventSchema>;
export type AcknowledgeRequest = z.infer<typeof acknowledgeSchema>;
