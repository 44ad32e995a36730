import { z } from 'zod';

const consumerVersionSchema = z.object({ consumer: z.string(), version: z.string() });

/** `POST /pacts/provider/{provider}/for-verification/explanation`: what each selector picked, and of whom it picked nothing. */
export const selectionExplanationSchema = z.object({
  provider: z.string(),
  selectors: z.array(
    z.object({
      /** As asked; null for what applies when no selector is given. */
      selector: z.record(z.string(), z.union([z.string(), z.boolean()])).nullable(),
      matched: z.array(consumerVersionSchema.extend({ because: z.string() })),
      missed: z.array(z.object({ consumer: z.string(), kind: z.string(), sentence: z.string() })),
    }),
  ),
  pacts: z.array(
    consumerVersionSchema.extend({
      sha: z.string(),
      /** Null when pending status was not asked for. */
      pending: z.boolean().nullable(),
      wip: z.boolean(),
      /** What a verifier prints before it begins. */
      notices: z.array(z.string()),
    }),
  ),
  workInProgress: z.object({
    /** Why none is looked for; null when it is. */
    notLookedFor: z.string().nullable(),
    leftOut: z.array(consumerVersionSchema.extend({ kind: z.string(), sentence: z.string() })),
  }),
});

export type SelectionExplanation = z.infer<typeof selectionExplanationSchema>;
