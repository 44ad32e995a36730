import { createHash, randomBytes } from 'node:crypto';
import type { CreatedToken, NewToken, TokenChange, TokenResource, Tokens } from '@concordat/api';
import type { Request, Response, Router } from 'express';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { createRouter } from '../http/app.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { readBodyOf } from '../http/read-body-of.ts';
import { knownParameters, pageParameters } from '../http/read-parameters.ts';
import { parameter, resource } from '../http/resource.ts';
import { sendEmpty, sendJson } from '../http/send.ts';
import { type TokenRow, TokenStore } from './token-store.ts';

const JSON_TYPE = ['application/json'];
const FINGERPRINT_LENGTH = 12;
const REFUSAL = 'The token cannot be kept.';

export interface TokenDeps {
  readonly db: Database;
  /** With no user and no token configured, nobody needs a token. */
  readonly isOpen: boolean;
  /** Runs after a token was changed. */
  readonly changed: () => Promise<void>;
  readonly now: () => Date;
}

/** Bearer tokens: made, listed, changed and revoked by an admin. */
export function tokensRoutes(deps: TokenDeps): Router {
  const router = createRouter();
  resource(router, '/tokens', {
    provides: JSON_TYPE,
    GET: (request, response) => list(request, response, deps),
    POST: (request, response) => create(request, response, deps),
  });
  resource(router, '/tokens/:uuid', {
    provides: JSON_TYPE,
    consumes: { PATCH: ['application/json', 'application/merge-patch+json'] },
    GET: async (request, response) => {
      const uuid = parameter(request, 'uuid');
      const row = await new TokenStore(deps.db).find(uuid);
      if (row === undefined) throw noToken(uuid);
      sendJson(response, resourceOf(row));
    },
    PATCH: (request, response) => change(request, response, deps),
    DELETE: async (request, response) => {
      const uuid = parameter(request, 'uuid');
      const removed = await transact(deps.db, (tx) => new TokenStore(tx).remove(uuid));
      if (!removed) throw noToken(uuid);
      await deps.changed();
      sendEmpty(response);
    },
  });
  return router;
}

async function list(request: Request, response: Response, deps: TokenDeps): Promise<void> {
  knownParameters(request, ['page', 'size']);
  const page = pageParameters(request);
  const rows = await new TokenStore(deps.db).list();
  const start = (page.number - 1) * page.size;
  const body: Tokens = {
    tokens: rows.slice(start, start + page.size).map(resourceOf),
    page: {
      ...page,
      totalElements: rows.length,
      totalPages: Math.ceil(rows.length / page.size),
    },
  };
  sendJson(response, body);
}

async function create(request: Request, response: Response, deps: TokenDeps): Promise<void> {
  if (deps.isOpen) {
    throw new HubError(
      'UNPROCESSABLE',
      'This hub is open to everybody, so anybody could make a token that stays: configure a user or a token of role admin first (BASIC_AUTH_USERNAME and BASIC_AUTH_PASSWORD, or TOKENS).',
    );
  }
  const { newTokenSchema } = await import('@concordat/api');
  const wanted: NewToken = await readBodyOf(request, newTokenSchema, REFUSAL);
  const at = deps.now();
  const expiresAt = futureTime(wanted.expiresAt ?? null, at);
  const secret = wanted.secret ?? `concordat_${randomBytes(32).toString('base64url')}`;
  const { description, role } = wanted;
  const row = await transact(deps.db, async (tx) => {
    const store = new TokenStore(tx);
    const sha256 = hashOf(secret);
    refuseRival(await store.rival({ description, sha256 }), description);
    return store.add({ description, role, sha256, expiresAt, at: at.toISOString() });
  });
  await deps.changed();
  const created: CreatedToken = { ...resourceOf(row), secret };
  response.setHeader('Location', `${baseUrlOf(response)}${pathTo('tokens', row.uuid)}`);
  sendJson(response, created, 201);
}

async function change(request: Request, response: Response, deps: TokenDeps): Promise<void> {
  const uuid = parameter(request, 'uuid');
  const { tokenChangeSchema } = await import('@concordat/api');
  const wanted: TokenChange = await readBodyOf(request, tokenChangeSchema, REFUSAL);
  const { role, expiresAt, secret } = wanted;
  const row = await transact(deps.db, async (tx) => {
    const store = new TokenStore(tx);
    const known = await store.find(uuid);
    if (known === undefined) throw noToken(uuid);
    const sha256 = secret === undefined ? known.sha256 : hashOf(secret);
    refuseRival(await store.rival({ ...known, sha256 }), known.description);
    return store.change(uuid, {
      ...(role === undefined ? {} : { role }),
      ...(expiresAt === undefined ? {} : { expiresAt: futureTime(expiresAt, deps.now()) }),
      sha256,
    });
  });
  await deps.changed();
  sendJson(response, resourceOf(row));
}

function resourceOf(row: TokenRow): TokenResource {
  return {
    uuid: row.uuid,
    description: row.description,
    role: row.role as TokenResource['role'],
    fingerprint: row.sha256.slice(0, FINGERPRINT_LENGTH),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

function futureTime(time: string | null, now: Date): string | null {
  if (time === null) return null;
  const date = new Date(time);
  if (date > now) return date.toISOString();
  const errors = { expiresAt: ['must be in the future'] };
  throw new HubError('VALIDATION_FAILED', 'The token would have expired.', { errors });
}

function refuseRival(rival: TokenRow | undefined, description: string): void {
  if (rival === undefined) return;
  const what =
    rival.description === description
      ? `A token described as '${description}' exists`
      : `The token '${rival.description}' has the same secret`;
  throw new HubError('CONFLICT', `${what}; revoke it first, or choose another.`);
}

function noToken(uuid: string): HubError {
  return new HubError('NOT_FOUND', `No token has the uuid '${uuid}'.`);
}

/** SHA-256 is enough for a secret that is long and random: nobody can try them all. */
function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
