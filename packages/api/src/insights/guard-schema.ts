import { z } from 'zod';

/** A content that a live guard judges by; it never changes, so that a guard that has it need not read it again. */
const guardPactSchema = z.object({
  consumer: z.string(),
  provider: z.string(),
  /** Names the content. */
  sha: z.string(),
  /** Who published it, of the versions it speaks for. */
  consumerVersions: z.array(z.string()),
  /** Where the hub has the content, as the pact's own JSON. */
  path: z.string(),
});

/** `GET /insights/guard/pacts`: empty for a service that no pact names. */
export const guardPactsSchema = z.object({ pacts: z.array(guardPactSchema) });

export type GuardPact = z.infer<typeof guardPactSchema>;
export type GuardPacts = z.infer<typeof guardPactsSchema>;
