import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { AuthConfig } from '../config.ts';
import { HubError } from '../http/hub-error.ts';
import { type Actor, rememberActor } from './actor.ts';
import { type AccessToken, hashToken, type Role, sameSecret } from './credentials.ts';
import { neededRole } from './needed-role.ts';

const ranks: Readonly<Record<Role, number>> = { read: 1, publish: 2, admin: 3 };

/** Throws NOT_AUTHENTICATED unless the request's credentials, or the lack of any, allow its method on its path. */
export type Guard = (request: Pick<IncomingMessage, 'method' | 'headers'>, path: string) => void;

/** A token that was made while the hub ran, by the SHA-256 of its secret in hex. */
export type FindToken = (
  sha256: string,
) => { readonly description: string; readonly role: Role } | undefined;

/** True with no user and no token configured: then nobody is asked for anything. */
export function isOpen(auth: AuthConfig): boolean {
  return auth.writeUser === undefined && auth.readUser === undefined && auth.tokens.length === 0;
}

/** With no user and no token configured everything is open; the broker's answers otherwise: never 403, always a challenge. */
export function createGuard(auth: AuthConfig, findToken: FindToken): Guard {
  if (isOpen(auth)) return () => undefined;
  return (request, path) => {
    const needed = neededRole({ method: request.method ?? 'GET', path }, auth);
    if (needed === undefined) return;
    const actor = actorBehind(request.headers.authorization, { auth, findToken });
    if (actor === undefined || ranks[actor.role] < ranks[needed]) throw notAuthenticated();
    rememberActor(request, actor);
  };
}

/** The guard as express middleware. */
export function guardMiddleware(guard: Guard): RequestHandler {
  return (request, _response, next) => {
    guard(request, request.path);
    next();
  };
}

interface Known {
  readonly auth: AuthConfig;
  readonly findToken: FindToken;
}

function actorBehind(header: string | undefined, known: Known): Actor | undefined {
  if (header === undefined) return undefined;
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(.*)$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'basic':
      return userBehind(credentials, known.auth);
    case 'bearer':
      return tokenBehind(credentials.trim(), known);
    default:
      throw new HubError('UNSUPPORTED_SCHEME', 'Authenticate with Basic or Bearer.', {
        body: { type: 'text/plain', text: '' },
      });
  }
}

function userBehind(credentials: string, auth: AuthConfig): Actor | undefined {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const username = decoded.slice(0, colon);
  const password = decoded.slice(colon + 1);
  const users = [
    { user: auth.writeUser, role: 'admin' },
    { user: auth.readUser, role: 'read' },
  ] as const;
  let found: Actor | undefined;
  for (const { user, role } of users) {
    if (user === undefined) continue;
    const nameFits = sameSecret(user.username, username);
    const passwordFits = sameSecret(user.password, password);
    if (nameFits && passwordFits) found ??= { kind: 'user', name: user.username, role };
  }
  return found;
}

function tokenBehind(token: string, { auth, findToken }: Known): Actor | undefined {
  const hash = hashToken(token);
  let found: AccessToken | undefined;
  for (const known of auth.tokens) {
    if (timingSafeEqual(known.hash, hash)) found = known;
  }
  if (found !== undefined) return { kind: 'token', name: describeToken(found), role: found.role };
  const made = findToken(Buffer.from(hash).toString('hex'));
  return made && { kind: 'token', name: made.description, role: made.role };
}

/** A token without a description is told from others by the start of its hash, which does not help to guess it. */
function describeToken({ role, hash }: AccessToken): string {
  return `${role} token ${Buffer.from(hash).toString('hex').slice(0, 8)}`;
}

function notAuthenticated(): HubError {
  return new HubError('NOT_AUTHENTICATED', 'Credentials are missing or not sufficient.', {
    headers: { 'www-authenticate': 'Basic realm="Restricted area"' },
    body: { type: 'text/plain', text: '' },
  });
}
