import { z } from 'zod';
import { evidenceSchema } from './finding-schema.ts';

/** The answer of `GET /insights/can-i-remove`. */
export const removalSchema = z.object({
  answer: z.enum(['yes', 'no', 'cannot-tell']),
  provider: z.string(),
  /** As contracts and traffic write what was asked about; several when they differ in the names of variable places. */
  operations: z.array(z.string()),
  /** JSON pointer, positions as `*`. */
  field: z.string().nullable(),
  environment: z.string().nullable(),
  since: z.string(),
  until: z.string(),
  reasons: z.array(
    z.object({
      kind: z.enum([
        'promised',
        'declared-receiver',
        'called',
        'unresolved-calls',
        'unnamed-events',
        'field-read',
        'field-unknown-use',
        'field-not-needed',
        'not-called',
        'too-little-evidence',
      ]),
      /** What it would say alone. */
      answer: z.enum(['yes', 'no', 'cannot-tell']),
      consumers: z.array(z.string()),
      sentence: z.string(),
    }),
  ),
  /** Pacts in force that name it. */
  promisedBy: z.array(
    z.object({
      consumer: z.string(),
      versions: z.array(z.string()),
      environments: z.array(z.string()),
      interactions: z.array(z.string()),
    }),
  ),
  /** AsyncAPI documents of others that receive the event. */
  receivers: z.array(z.object({ pacticipant: z.string(), version: z.string() })),
  /** Of all time, the latest first; `count` is that of the window. */
  calledBy: z.array(
    z.object({
      consumer: z.string(),
      /** Null where the spans tell none. */
      version: z.string().nullable(),
      environment: z.string().nullable(),
      count: z.number(),
      lastSeen: z.string(),
      exemplarTraceId: z.string(),
    }),
  ),
  /** What live guards saw of the field; empty when none looked, or no field is asked about. */
  fieldUsage: z.array(
    z.object({
      consumer: z.string(),
      field: z.string(),
      present: z.number(),
      /** Null where reading is not watched. */
      read: z.number().nullable(),
      lastSeen: z.string(),
    }),
  ),
  /** Fields that the pacts name for it, for who has misspelled one; empty without a field. */
  knownFields: z.array(z.string()),
  evidence: evidenceSchema,
});

export type Removal = z.infer<typeof removalSchema>;
