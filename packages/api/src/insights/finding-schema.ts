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

/** The wire form of a domain `Finding`: what is undefined there is null here. */
export const findingSchema = z.object({
  id: z.string(),
  kind: z.enum(findingKinds),
  consumer: z.string().nullable(),
  provider: z.string(),
  environment: z.string().nullable(),
  operation: z.string().nullable(),
  versions: z.object({ consumer: z.array(z.string()), provider: z.array(z.string()) }),
  firstSeen: z.string(),
  lastSeen: z.string(),
  count: z.number(),
  exemplarTraceId: z.string().nullable(),
  evidence: evidenceSchema,
  sentence: z.string(),
});

export type FindingResource = z.infer<typeof findingSchema>;
