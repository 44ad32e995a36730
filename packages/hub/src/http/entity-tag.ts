import { createHash } from 'node:crypto';
import type { Request } from 'express';

/** A strong tag: other text, other tag. */
export function entityTagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}

/** The client says that it has this already (RFC 9110 13.1.2); what a proxy weakened counts too. */
export function isKnownToClient(request: Request, tag: string): boolean {
  const known = request.get('if-none-match');
  if (known === undefined) return false;
  return known.split(',').some((one) => {
    const text = one.trim();
    return text === '*' || text.replace(/^W\//, '') === tag;
  });
}
