import { z } from 'zod';
import { pageSchema } from './edge-schema.ts';

/** An exception from can-i-deploy that is in force; one that has expired is gone, and stands in the audit log. */
export const overrideSchema = z.object({
  id: z.string(),
  pacticipant: z.string(),
  version: z.string(),
  environment: z.string(),
  /** The other side of the pair that is excused; with both null every pair is. */
  consumer: z.string().nullable(),
  provider: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  createdAt: z.string(),
  until: z.string(),
});

export const overridesSchema = z.object({ overrides: z.array(overrideSchema), page: pageSchema });

/** The body of `POST /insights/overrides`. `by` is needed where the hub does not know who asks. */
export const newOverrideSchema = z.strictObject({
  pacticipant: z.string().min(1),
  version: z.string().min(1),
  environment: z.string().min(1),
  consumer: z.string().min(1).optional(),
  provider: z.string().min(1).optional(),
  reason: z.string(),
  until: z.string(),
  by: z.string().trim().min(1).max(200).optional(),
});

export type OverrideResource = z.infer<typeof overrideSchema>;
export type Overrides = z.infer<typeof overridesSchema>;
export type NewOverride = z.infer<typeof newOverrideSchema>;
