import { z } from 'zod';
import { pageSchema } from './edge-schema.ts';

const runningVersionSchema = z.object({
  version: z.string(),
  /**
   * `running`: recorded and seen · `unrecorded`: seen, never recorded · `replaced`: seen after another took its place · `silent`:
   * recorded, and not seen although others of the service were · `no-evidence`: recorded, and nothing says that it should have been seen.
   */
  state: z.enum(['running', 'unrecorded', 'replaced', 'silent', 'no-evidence']),
  /** The broker has a version of this number. */
  exists: z.boolean(),
  /** It published a pact or a provider contract, or was verified against a pact. */
  hasContracts: z.boolean(),
  /** Records that hold now. */
  recorded: z.array(
    z.object({
      how: z.enum(['deployed', 'released']),
      since: z.string(),
      applicationInstance: z.string().nullable(),
    }),
  ),
  /** UTC, ISO 8601; null for what was never seen. */
  firstSeen: z.string().nullable(),
  lastSeen: z.string().nullable(),
  /** Calls in the window, on either side, sample weights applied. */
  calls: z.number(),
  exemplarTraceId: z.string().nullable(),
  /** As spans name it, the latest first. */
  sentAs: z.array(z.object({ service: z.string(), version: z.string() })),
  /** By what the version that spans name was recognised; `none` and `ambiguous` where it was not, null where none was seen. */
  recognisedBy: z
    .enum(['exact', 'revision', 'commit', 'number', 'release', 'tag', 'build', 'ambiguous', 'none'])
    .nullable(),
  /** What an ambiguous version may mean. */
  candidates: z.array(z.string()),
});

export const deploymentSchema = z.object({
  environment: z.string(),
  /** The broker has an environment of this name. */
  environmentExists: z.boolean(),
  pacticipant: z.string(),
  /** The latest seen first. */
  versions: z.array(runningVersionSchema),
  /** Several versions answer at once; null where only one does. */
  mixed: z
    .object({
      since: z.string(),
      /** It takes longer than a rollout does. */
      isLasting: z.boolean(),
      /** `share` of the calls in the window, 0 to 1; null where there were none. */
      versions: z.array(z.object({ version: z.string(), share: z.number().nullable() })),
    })
    .nullable(),
});

/** By environment and pacticipant. `window`: seconds before now in which calls are counted and a version is taken to run. */
export const deploymentsSchema = z.object({
  window: z.number(),
  deployments: z.array(deploymentSchema),
  page: pageSchema,
});

/** What `POST /insights/deployments/record` takes; every pacticipant of the environment when none is named. */
export const recordRunningSchema = z.strictObject({
  environment: z.string().min(1),
  pacticipant: z.string().min(1).optional(),
  /** Tells what would be recorded, and records nothing. */
  dryRun: z.boolean().optional(),
  /** Creates versions that the broker does not know. */
  createVersions: z.boolean().optional(),
  /** So often a version must have been seen; 5 when not given. */
  minimumSightings: z.number().int().min(1).max(1_000_000).optional(),
});

export const recordedRunningSchema = z.object({
  environment: z.string(),
  dryRun: z.boolean(),
  recorded: z.array(
    z.object({
      pacticipant: z.string(),
      version: z.string(),
      /** The broker did not know it before. */
      created: z.boolean(),
      /** Versions whose place it took. */
      replaces: z.array(z.string()),
    }),
  ),
  skipped: z.array(
    z.object({
      pacticipant: z.string(),
      version: z.string(),
      reason: z.enum([
        'not-seen-lately',
        'too-few-sightings',
        'ambiguous-version',
        'unknown-version',
        'rolling-out',
        'replaced',
      ]),
      /** A sentence with what to do. */
      detail: z.string(),
    }),
  ),
});

export type DeploymentResource = z.infer<typeof deploymentSchema>;
export type RunningVersionResource = DeploymentResource['versions'][number];
export type DeploymentsAnswer = z.infer<typeof deploymentsSchema>;
export type RecordRunning = z.infer<typeof recordRunningSchema>;
export type RecordedRunning = z.infer<typeof recordedRunningSchema>;
