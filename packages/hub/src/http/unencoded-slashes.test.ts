import { expect, test } from 'vitest';
import { withEncodedNames } from './unencoded-slashes.ts';

const PAIR = '/pacts/provider/p/consumer/c';

test.each([
  ['GET', '/pacts/provider/p/branch/feat/x', '/pacts/provider/p/branch/feat%2Fx'],
  ['GET', '/pacts/provider/p/branch/feat/x/latest', '/pacts/provider/p/branch/feat%2Fx/latest'],
  ['GET', `${PAIR}/branch/a/b/c`, `${PAIR}/branch/a%2Fb%2Fc`],
  ['GET', `${PAIR}/branch/feat/x/latest`, `${PAIR}/branch/feat%2Fx/latest`],
  ['GET', `${PAIR}/branch/a/b/latest/versions`, `${PAIR}/branch/a%2Fb/latest/versions`],
  ['PUT', '/pacticipants/p/branches/a/b/versions/1', '/pacticipants/p/branches/a%2Fb/versions/1'],
  ['PUT', '/pacticipants/p/branches/b/versions/1/2', '/pacticipants/p/branches/b/versions/1%2F2'],
  ['PUT', '/pacticipants/p/versions/1/tags/a/b', '/pacticipants/p/versions/1/tags/a%2Fb'],
  ['PUT', '/pacticipants/p/versions/1/2/tags/a', '/pacticipants/p/versions/1%2F2/tags/a'],
  ['GET', '/pacticipants/p/versions/1/2', '/pacticipants/p/versions/1%2F2'],
])('%s %s means %s', (method, path, meant) => {
  expect(withEncodedNames(method, path)).toBe(meant);
});

test.each([
  ['GET', '/pacts/provider/p/branch'],
  ['GET', '/pacts/provider/p/branch/latest'],
  ['GET', '/pacts/provider/p/branch/main/latest'],
  ['GET', '/pacts/provider/p/branch/feat%2Fx/latest'],
  ['GET', `${PAIR}/branch/versions`],
  ['GET', `${PAIR}/branch/latest/versions`],
  ['GET', `${PAIR}/branch/main/latest/versions`],
  ['DELETE', `${PAIR}/branch/feat/x`],
  ['PUT', '/pacticipants/p/branches/b/versions/1'],
  ['DELETE', '/pacticipants/p/branches/a/b'],
  ['PUT', '/pacticipants/p/versions/1/tags/prod'],
  ['PUT', '/pacticipants/p/versions/1/tag/prod'],
  ['GET', '/pacticipants/p/versions/1/tags/prod'],
  ['GET', '/pacticipants/p/versions/1'],
  ['GET', '/pacticipants/p/versions/1/tags'],
  ['GET', '/pacticipants/p/versions/1/deployed-versions/environment/u'],
  ['GET', '/pacticipants/p/versions/1/triggered-webhooks'],
  ['POST', '/pacticipants/p/versions/1/released-versions/environment/u'],
  ['GET', '/matrix'],
])('%s %s stays as it is', (method, path) => {
  expect(withEncodedNames(method, path)).toBe(path);
});
