import { describe, expect, test } from 'vitest';
import { pactsForCall, pactsInEnvironment } from './pacts-in-force.ts';

const deployed = { consumerVersion: '1', environments: ['production'], isLatestMain: false };
const staged = { consumerVersion: '2', environments: ['staging'], isLatestMain: false };
const main = { consumerVersion: '3', environments: [], isLatestMain: true };
const branch = { consumerVersion: '4', environments: [], isLatestMain: false };
const all = [deployed, staged, main, branch];

describe('the pacts that speak for a call', () => {
  test.each([
    [
      "are the version's own publication",
      all,
      { version: '4', environment: 'production' },
      [branch],
    ],
    ['are what is deployed there', all, { version: '9', environment: 'staging' }, [staged]],
    [
      'are what is deployed anywhere without an environment',
      all,
      { version: undefined, environment: undefined },
      [deployed, staged],
    ],
    [
      'are the latest from main where nothing is deployed',
      all,
      { version: '9', environment: 'qa' },
      [main],
    ],
    [
      'are all when there is no better choice',
      [branch],
      { version: '9', environment: 'qa' },
      [branch],
    ],
    ['are none when there is no pact', [], { version: '9', environment: 'qa' }, []],
  ])('%s', (...[, pacts, call, expected]) => {
    expect(pactsForCall(pacts, call)).toEqual(expected);
  });

  test('do not depend on the version when an environment is asked about', () => {
    expect(pactsInEnvironment(all, 'production')).toEqual([deployed]);
  });
});
