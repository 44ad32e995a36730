import { z } from 'zod';

const name = z.string().trim().min(1);
/** Null takes the value away. */
const detail = z.string().min(1).nullable().optional();

const environment = z.strictObject({
  name: name.regex(/^\S+$/, 'must not contain spaces'),
  displayName: z.string().min(1).optional(),
  production: z.boolean().default(false),
  contacts: z
    .array(z.strictObject({ name, details: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
});

const pacticipant = z.strictObject({
  name,
  displayName: z.string().min(1).optional(),
  mainBranch: detail,
  repositoryUrl: detail,
  repositoryName: detail,
  repositoryNamespace: detail,
  /** All of them: others are taken away. */
  labels: z.array(name).optional(),
});

const side = z
  .union([name, z.strictObject({ name }), z.strictObject({ label: name })])
  .transform((value) => (typeof value === 'string' ? { name: value } : value))
  .optional();

const webhook = z.strictObject({
  /** Needed only where two webhooks have one description. */
  uuid: z
    .string()
    .regex(/^[\w-]{16,}$/, 'must be 16 or more letters, digits, _ or -')
    .optional(),
  description: name,
  consumer: side,
  provider: side,
  consumerVersionBranches: z.array(name).default([]),
  consumerVersionTags: z.array(name).default([]),
  enabled: z.boolean().default(true),
  events: z.array(name).min(1).default(['contract_content_changed']),
  request: z.strictObject({
    method: z.string().toUpperCase().default('POST'),
    url: z.string().min(1),
    headers: z.record(z.string().toLowerCase(), z.string()).default({}),
    body: z.unknown().optional(),
    username: z.string().optional(),
    password: z.string().optional(),
    signingSecret: z.string().optional(),
  }),
});

const token = z.strictObject({
  description: name,
  role: z.enum(['read', 'publish', 'admin']),
  /** A date stands for its beginning, UTC. */
  expiresAt: z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional(),
  secret: z.string().min(32).optional(),
});

/** What `concordat apply` arranges; a section that is absent is left alone. */
export const configSchema = z.strictObject({
  environments: z.array(environment).optional(),
  pacticipants: z.array(pacticipant).optional(),
  webhooks: z.array(webhook).optional(),
  tokens: z.array(token).optional(),
});

export type HubSetup = z.infer<typeof configSchema>;
export type EnvironmentSetup = z.infer<typeof environment>;
export type PacticipantSetup = z.infer<typeof pacticipant>;
export type WebhookSetup = z.infer<typeof webhook>;
export type TokenSetup = z.infer<typeof token>;
