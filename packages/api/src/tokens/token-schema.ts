import { z } from 'zod';
import { pageSchema } from '../insights/edge-schema.ts';

const role = z.enum(['read', 'publish', 'admin']);
const time = z.iso.datetime({ offset: true });
/** Long enough that nobody guesses it from its fingerprint. */
const secret = z.string().min(32).max(512).regex(/^\S+$/, 'must not contain spaces');

/** Asks for a token; without `secret` the hub makes one. */
export const newTokenSchema = z.strictObject({
  description: z.string().trim().min(1).max(200),
  role,
  expiresAt: time.nullish(),
  secret: secret.optional(),
});

/** Changes a token; what is absent stays, `expiresAt: null` means never. */
export const tokenChangeSchema = z.strictObject({
  role: role.optional(),
  expiresAt: time.nullish(),
  secret: secret.optional(),
});

/** A token without its secret. `fingerprint` is the start of the secret's SHA-256: it tells whether two are the same. */
export const tokenSchema = z.object({
  uuid: z.string(),
  description: z.string(),
  role,
  fingerprint: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  /** To the minute. */
  lastUsedAt: z.string().nullable(),
});

/** The only answer that ever shows the secret. */
export const createdTokenSchema = tokenSchema.extend({ secret: z.string() });

export const tokensSchema = z.object({ tokens: z.array(tokenSchema), page: pageSchema });

export type NewToken = z.infer<typeof newTokenSchema>;
export type TokenChange = z.infer<typeof tokenChangeSchema>;
export type TokenResource = z.infer<typeof tokenSchema>;
export type CreatedToken = z.infer<typeof createdTokenSchema>;
export type Tokens = z.infer<typeof tokensSchema>;
