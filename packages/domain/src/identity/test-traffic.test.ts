import { expect, test } from 'vitest';
import { TestTraffic, verificationEnvironment } from './test-traffic.ts';

const web = { service: 'web' };

test.each([
  ['the environment test', { environment: 'test', consumer: web }, true],
  ['it in other letters', { environment: 'TEST', consumer: web }, true],
  ['a provider under verification', { environment: verificationEnvironment, consumer: web }, true],
  [
    'the verifier itself',
    { environment: 'production', consumer: { service: 'pact-verifier' } },
    true,
  ],
  ['production', { environment: 'production', consumer: web }, false],
  ['an environment that only begins so', { environment: 'testing', consumer: web }, false],
  ['no environment', { environment: undefined, consumer: web }, false],
])('traffic of %s is test traffic: %j is %s', (_, call, expected) => {
  expect(new TestTraffic().isTest(call)).toBe(expected);
});

test('environments of tests may be others, but verification always is one', () => {
  const tests = new TestTraffic(['CI', 'load']);
  const environments = ['ci', 'load', 'test', verificationEnvironment];
  expect(environments.map((environment) => tests.isTestEnvironment(environment))).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
