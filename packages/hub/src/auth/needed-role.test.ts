import { expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { neededRole } from './needed-role.ts';

const { auth } = readConfig({ flags: {}, env: {} });

test.each([
  ['GET', '/pacts/latest', 'read'],
  ['OPTIONS', '/', 'read'],
  ['POST', '/pacts/provider/a%2Fb/for-verification', 'read'],
  ['POST', '/contracts/publish', 'publish'],
  ['PUT', '/pacticipants/a', 'publish'],
  ['DELETE', '/pacticipants/a/branches/b', 'publish'],
  ['POST', '/pacticipants/a/versions/1/deployed-versions/environment/e', 'publish'],
  ['DELETE', '/pacticipants/a', 'admin'],
  ['DELETE', '/integrations/provider/a/consumer/b', 'admin'],
  ['POST', '/environments', 'admin'],
  ['PUT', '/webhooks/1', 'admin'],
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

test('writing and administration are never public', () => {
  const open = { ...auth, publicRead: true, publicBadges: true, publicHeartbeat: true };
  expect(neededRole({ method: 'PUT', path: '/pacticipants/a' }, open)).toBe('publish');
  expect(neededRole({ method: 'GET', path: '/transfer/export' }, open)).toBe('admin');
});
