import { z } from 'zod';
import { pageSchema } from '../insights/edge-schema.ts';

/** How many of each kind are gone. */
const cleanedSchema = z.object({
  versions: z.number(),
  branches: z.number(),
  publications: z.number(),
  contents: z.number(),
  results: z.number(),
});

/** What a clean-up wants to remove; results and contents that go with a version are counted when they go. */
export const cleanPlanSchema = z.object({
  versions: z.number(),
  branches: z.number(),
  overwrittenPublications: z.number(),
  overwrittenResults: z.number(),
  orphanContents: z.number(),
  /** Versions by the reason they go, and by the reason they stay. */
  removedBecause: z.record(z.string(), z.number()),
  keptBecause: z.record(z.string(), z.number()),
});

/** `planned` is null until the decision is made. */
export const cleanRunSchema = z.object({
  uuid: z.string(),
  status: z.enum(['running', 'done', 'stopped', 'failed']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  startedBy: z.string(),
  policy: z.record(z.string(), z.unknown()),
  planned: cleanPlanSchema.nullable(),
  removed: cleanedSchema,
  error: z.string().nullable(),
});

export const cleanVersionSchema = z.object({
  pacticipant: z.string(),
  version: z.string(),
  createdAt: z.string(),
  verdict: z.enum(['keep', 'remove']),
  because: z.string(),
  /** The environment, branch or selector it is because of. */
  about: z.string().nullable(),
});

/** What would go, without anything going. `versions` stops after the first ten thousand. */
export const cleanPreviewSchema = z.object({
  dryRun: z.literal(true),
  policy: z.record(z.string(), z.unknown()),
  planned: cleanPlanSchema,
  pacticipants: z.array(
    z.object({ pacticipant: z.string(), kept: z.number(), removed: z.number() }),
  ),
  branches: z.array(z.object({ pacticipant: z.string(), branch: z.string() })),
  versions: z.array(cleanVersionSchema),
});

export const cleanOverviewSchema = z.object({
  enabled: z.boolean(),
  schedule: z.string(),
  next: z.string().nullable(),
  policy: z.record(z.string(), z.unknown()),
});

export const cleanRunsSchema = z.object({ runs: z.array(cleanRunSchema), page: pageSchema });

export type CleanPlan = z.infer<typeof cleanPlanSchema>;
export type CleanRunResource = z.infer<typeof cleanRunSchema>;
export type CleanVersion = z.infer<typeof cleanVersionSchema>;
export type CleanPreview = z.infer<typeof cleanPreviewSchema>;
export type CleanOverview = z.infer<typeof cleanOverviewSchema>;
export type CleanRuns = z.infer<typeof cleanRunsSchema>;
