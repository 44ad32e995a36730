import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { AuthConfig } from '../config.ts';
import { actorOf } from './actor.ts';
import { hashToken } from './credentials.ts';
import { createGuard } from './guard.ts';

const closed: AuthConfig = {
  writeUser: { username: 'ada', password: 'lovelace' },
  readUser: { username: 'look', password: 'only' },
  tokens: [{ role: 'publish', hash: hashToken('ci-secret') }],
  publicRead: true,
  publicBadges: false,
  publicHeartbeat: false,
};

const noTokens = () => undefined;

test.each([
  ['the write user is known by name', basic('ada', 'lovelace'), 'PUT', ['user', 'ada', 'admin']],
  [
    'a token without a description is known by its role and the start of its hash',
    'Bearer ci-secret',
    'PUT',
    ['token', 'publish token f82da6e2', 'publish'],
  ],
  [
    'where nothing has to be proved nobody is known',
    undefined,
    'GET',
    ['anonymous', 'anonymous', 'admin'],
  ],
])('%s', (...[, authorization, method, [kind, name, role]]) => {
  const request = requestWith(authorization, method);
  createGuard(closed, noTokens)(request, '/pacticipants/shop');
  expect(actorOf(request)).toEqual({ kind, name, role });
});

test('a token that was made while the hub ran is known by its description', () => {
  const made = { description: 'nightly build', role: 'publish' } as const;
  const hash = Buffer.from(hashToken('made-secret')).toString('hex');
  const guard = createGuard(closed, (sha256) => (sha256 === hash ? made : undefined));
  const request = requestWith('Bearer made-secret', 'PUT');
  guard(request, '/pacticipants/shop');
  expect(actorOf(request)).toEqual({ kind: 'token', name: 'nightly build', role: 'publish' });
  expect(() => guard(requestWith('Bearer other', 'PUT'), '/pacticipants/shop')).toThrow();
});

test('an open hub believes no name that nobody has checked', () => {
  const open = { ...closed, writeUser: undefined, readUser: undefined, tokens: [] };
  const request = requestWith(basic('ada', 'lovelace'), 'PUT');
  createGuard(open, noTokens)(request, '/pacticipants/shop');
  expect(actorOf(request).kind).toBe('anonymous');
});

function requestWith(authorization: string | undefined, method: string): IncomingMessage {
  return { method, headers: { authorization } } as unknown as IncomingMessage;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
