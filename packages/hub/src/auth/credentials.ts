import { createHash, timingSafeEqual } from 'node:crypto';

export interface BasicUser {
  readonly username: string;
  readonly password: string;
}

/** read: look; publish: what a build does; admin: everything. */
export type Role = 'read' | 'publish' | 'admin';

/** A bearer token as the hub keeps it: only its SHA-256. */
export interface AccessToken {
  readonly role: Role;
  readonly hash: Uint8Array;
}

const HASH_PREFIX = 'sha256:';

/**
 * Reads `role=token` entries, separated by white space or commas; the token may be given as `sha256:<64 hex digits>`, so
 * that no file has to hold it. A line that starts with `#` is a comment. Defects never repeat a token.
 */
export function parseTokens(text: string): {
  readonly tokens: readonly AccessToken[];
  readonly defects: readonly string[];
} {
  const tokens: AccessToken[] = [];
  const defects: string[] = [];
  const entries = text.replace(/^\s*#.*$/gm, '').split(/[\s,]+/);
  for (const [index, entry] of entries.filter((each) => each !== '').entries()) {
    const token = parseToken(entry);
    if (token === undefined) {
      defects.push(`entry ${index + 1} is not read=…, publish=… or admin=…`);
    } else {
      tokens.push(token);
    }
  }
  return { tokens, defects };
}

/** SHA-256 of a token: it is random and long, so it needs no salt and no slow hash. */
export function hashToken(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}

/** Compares in time that does not depend on where the two differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(hashToken(left), hashToken(right));
}

function parseToken(entry: string): AccessToken | undefined {
  const split = entry.indexOf('=');
  const role = entry.slice(0, split);
  const secret = entry.slice(split + 1);
  if (!isRole(role) || secret === '') return undefined;
  if (!secret.startsWith(HASH_PREFIX)) return { role, hash: hashToken(secret) };
  const hex = secret.slice(HASH_PREFIX.length);
  return /^[0-9a-f]{64}$/i.test(hex) ? { role, hash: Buffer.from(hex, 'hex') } : undefined;
}

function isRole(text: string): text is Role {
  return text === 'read' || text === 'publish' || text === 'admin';
}
