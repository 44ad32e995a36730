import { z } from 'zod';
import { pageSchema } from './edge-schema.ts';

/** How often a field of an operation's answers (of an event) was there for one version of a consumer in one environment. */
const fieldSchema = z.object({
  /** JSON pointer with `*` for positions in arrays; empty for the whole body. */
  pointer: z.string(),
  consumer: z.string(),
  consumerVersion: z.string().nullable(),
  environment: z.string().nullable(),
  /** How often a live guard looked at the fields; the field was `present` in that many of them. */
  checks: z.number(),
  present: z.number(),
  /** How often the consumer's code read it; null where reading is not watched. */
  read: z.number().nullable(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  exemplarTraceId: z.string(),
});

/** `GET /insights/fields`: by pointer and consumer. */
export const fieldsSchema = z.object({
  provider: z.string(),
  operation: z.string(),
  /** False when there are more fields than are told apart: one that is not listed may have been there. */
  complete: z.boolean(),
  fields: z.array(fieldSchema),
  page: pageSchema,
});

export type Fields = z.infer<typeof fieldsSchema>;
