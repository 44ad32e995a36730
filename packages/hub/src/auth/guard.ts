import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { AuthConfig } from '../config.ts';
import { HubError } from '../http/hub-error.ts';
import { hashToken, type Role, sameSecret } from './credentials.ts';
import { neededRole } from './needed-role.ts';

const ranks: Readonly<Record<Role, number>> = { read: 1, publish: 2, admin: 3 };

/** Throws NOT_AUTHENTICATED unless the request's credentials, or the lack of any, allow its method on its path. */
export type Guard = (request: IncomingMessage, path: string) => void;

/** With no user and no token configured everything is open; the broker's answers otherwise: never 403, always a challenge. */
export function createGuard(auth: AuthConfig): Guard {
  const isOpen =
    auth.writeUser === undefined && auth.readUser === undefined && auth.tokens.length === 0;
  if (isOpen) return () => undefined;
  return (request, path) => {
    const needed = neededRole({ method: request.method ?? 'GET', path }, auth);
    if (needed === undefined) return;
    const role = roleOf(request.headers.authorization, auth);
    if (role === undefined || ranks[role] < ranks[needed]) throw notAuthenticated();
  };
}

/** The guard as express middleware. */
export function guardMiddleware(guard: Guard): RequestHandler {
  return (request, _response, next) => {
    guard(request, request.path);
    next();
  };
}

function roleOf(header: string | undefined, auth: AuthConfig): Role | undefined {
  if (header === undefined) return undefined;
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic':
      return basicRole(credentials, auth);
    case 'bearer':
      return tokenRole(credentials.trim(), auth);
    default:
      throw new HubError('UNSUPPORTED_SCHEME', 'Authenticate with Basic or Bearer.', {
        body: { type: 'text/plain', text: '' },
      });
  }
}

function basicRole(credentials: string, auth: AuthConfig): Role | undefined {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const username = decoded.slice(0, colon);
  const password = decoded.slice(colon + 1);
  const users = [
    { user: auth.writeUser, role: 'admin' },
    { user: auth.readUser, role: 'read' },
  ] as const;
  let found: Role | undefined;
  for (const { user, role } of users) {
    if (user === undefined) continue;
    const nameFits = sameSecret(user.username, username);
    const passwordFits = sameSecret(user.password, password);
    if (nameFits && passwordFits) found ??= role;
  }
  return found;
}

function tokenRole(token: string, auth: AuthConfig): Role | undefined {
  const hash = hashToken(token);
  let found: Role | undefined;
  for (const known of auth.tokens) {
    if (timingSafeEqual(known.hash, hash)) found = known.role;
  }
  return found;
}

function notAuthenticated(): HubError {
  return new HubError('NOT_AUTHENTICATED', 'Credentials are missing or not sufficient.', {
    headers: { 'www-authenticate': 'Basic realm="Restricted area"' },
    body: { type: 'text/plain', text: '' },
  });
}
