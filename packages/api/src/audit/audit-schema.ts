import { z } from 'zod';
import { pageSchema } from '../insights/edge-schema.ts';

/** A change somebody made: who, from where, what. */
export const auditEntrySchema = z.object({
  id: z.number(),
  at: z.string(),
  actor: z.object({ kind: z.enum(['user', 'token', 'anonymous', 'hub']), name: z.string() }),
  /** Null when the hub did it by itself. */
  client: z.string().nullable(),
  /** Such as `pact.publish`. */
  action: z.string(),
  method: z.string(),
  path: z.string(),
  pacticipants: z.array(z.string()),
  /** What else the request names: version, branch, environment and the like. */
  names: z.record(z.string(), z.string()),
  status: z.number(),
  requestId: z.string(),
});

export const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), page: pageSchema });

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;
