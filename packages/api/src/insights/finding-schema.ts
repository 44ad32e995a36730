import { z } from 'zod';

export const evidenceSchema = z.object({
  /** Seconds. */
  window: z.number(),
  calls: z.number(),
  sampleRate: z.number(),
});

/** The wire form of a domain `Finding`: what is undefined there is null here. */
export const findingSchema = z.object({
  id: z.string(),
  kind: z.enum([
    'uncovered-call',
    'unpromised-status',
    'not-seen',
    'broken-promise',
    'undeclared-event',
    'silent-event',
    'unrecorded-version',
    'silent-version',
    'unknown-consumer',
    'unknown-provider',
  ]),
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
