import { z } from 'zod';

const sideSchema = z.object({ name: z.string(), version: z.string().nullable() }).nullable();
const linkSchema = z.object({ href: z.string() });

/** An interaction that failed; its own resource has all of its mismatches. */
const failedInteractionSchema = z.object({
  id: z.string().nullable(),
  description: z.string(),
  providerStates: z.array(z.string()),
  /** The pact says that it may fail. */
  pending: z.boolean(),
  mismatches: z.array(
    z.object({
      attribute: z.string().nullable(),
      identifier: z.string().nullable(),
      description: z.string(),
    }),
  ),
  moreMismatches: z.number(),
  lastKeptBy: z.object({ version: z.string(), verifiedAt: z.string() }).nullable(),
  traceId: z.string().nullable(),
});

/** One of the `reasons` that `/can-i-deploy` and `/matrix` give for `?reasons=interactions`. */
export const reasonSchema = z.object({
  kind: z.enum([
    'verification-failed',
    'not-verified',
    'specified-version-does-not-exist',
    'pending-failure',
  ]),
  situation: z.enum([
    'kept-by-newer-version',
    'unstable',
    'broken',
    'never-kept',
    'provider-absent',
    'verified-by-newer-version',
    'not-verified',
    'no-pact',
    'unknown-version',
    'pending-failure',
  ]),
  blocking: z.boolean(),
  /** The same sentence as in `notices`. */
  text: z.string(),
  consumer: sideSchema,
  provider: sideSchema,
  whoMustAct: z
    .object({ role: z.enum(['consumer', 'provider', 'pacticipant']), name: z.string() })
    .nullable(),
  since: z.string().nullable(),
  /** Whether the failure leaves the provider's own build green. */
  pending: z.boolean().nullable(),
  explanation: z.array(z.string()),
  interactions: z
    .object({
      total: z.number(),
      /** False when the verifier said nothing about single interactions. */
      reported: z.boolean(),
      failed: z.number(),
      items: z.array(failedInteractionSchema),
    })
    .nullable(),
  _links: z.object({
    'pb:pact-version': linkSchema.optional(),
    'pb:verification-result': linkSchema.optional(),
    'concordat:interactions': linkSchema.optional(),
  }),
});

export type ReasonResource = z.infer<typeof reasonSchema>;
export type FailedInteractionResource = z.infer<typeof failedInteractionSchema>;
