import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { neededRole } from './needed-role.ts';

const { auth } = readConfig({ flags: {}, env: {} });

test.each([
  ['GET', '/pacts/latest', 'read'],
  ['OPTIONS', '/', 'read'],
  ['POST', '/pacts/provider/a%2Fb/for-verification', 'read'],
  ['POST', '/pacts/provider/a/for-verification/explanation', 'read'],
  ['POST', '/api/transform', 'read'],
  ['POST', '/api/archive/abc', 'publish'],
  ['POST', '/contracts/publish', 'publish'],
  ['PUT', '/pacticipants/a', 'publish'],
  ['DELETE', '/pacticipants/a/branches/b', 'publish'],
  ['POST', '/pacticipants/a/versions/1/deployed-versions/environment/e', 'publish'],
  ['DELETE', '/pacticipants/a', 'admin'],
  ['DELETE', '/integrations/provider/a/consumer/b', 'admin'],
  ['POST', '/environments', 'admin'],
  ['PUT', '/webhooks/1', 'admin'],
  ['POST', '/clean', 'admin'],
  ['GET', '/clean/runs', 'read'],
  ['GET', '/audit', 'admin'],
  ['GET', '/tokens', 'admin'],
  ['GET', '/transfer/export', 'admin'],
  ['POST', '/transfer/import', 'admin'],
])('%s %s needs the role %s', (method, path, role) => {
  expect(neededRole({ method, path }, auth)).toBe(role);
});

test.each([
  ['reading', { publicRead: true }, 'GET', '/pacts/latest'],
  ['for-verification', { publicRead: true }, 'POST', '/pacts/provider/a/for-verification'],
  ['badges', { publicBadges: true }, 'GET', '/pacts/provider/a/consumer/b/latest/badge.svg'],
  ['the heartbeat', { publicHeartbeat: true }, 'GET', '/diagnostic/status/heartbeat'],
])('%s can be made public', (...[, setting, method, path]) => {
  expect(neededRole({ method, path }, { ...auth, ...setting })).toBeUndefined();
});

test.each([
  ['/pacts/provider/a/consumer/b/latest/badge', undefined],
  ['/pacts/provider/a/consumer/b/latest/prod/badge', undefined],
  ['/pacts/provider/a/consumer/b/latest-untagged/badge.svg', undefined],
  ['/matrix/provider/a/latest/t/consumer/b/latest/u/badge.svg', undefined],
  ['/pacticipants/a/branches/b%2Fc/latest-version/can-i-deploy/to-environment/e/badge', undefined],
  ['/pacticipants/a/latest-version/t/can-i-deploy/to/u/badge', undefined],
  ['/pacticipants/a/main-branch/can-i-merge/badge', undefined],
  ['/pacticipants/badge', 'read'],
  ['/pacticipants/a/versions/1/tags/badge', 'read'],
  ['/pacts/provider/a/latest/badge', 'read'],
  ['/pacts/provider/a/consumer/b/tag/badge', 'read'],
])('where badges are public, %s needs %s', (path, role) => {
  expect(neededRole({ method: 'GET', path }, { ...auth, publicBadges: true })).toBe(role);
});

test('writing and administration are never public', () => {
  const open = { ...auth, publicRead: true, publicBadges: true, publicHeartbeat: true };
  expect(neededRole({ method: 'PUT', path: '/pacticipants/a' }, open)).toBe('publish');
  expect(neededRole({ method: 'GET', path: '/transfer/export' }, open)).toBe('admin');
});
