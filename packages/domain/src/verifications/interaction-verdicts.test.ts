import { describe, expect, test } from 'vitest';
import type { InteractionResult } from './interaction-results.ts';
import { failsPendingOnly, interactionVerdicts } from './interaction-verdicts.ts';

function promised(id: string, description: string, states: readonly string[] = []) {
  const providerStates = states.map((name) => ({ name }));
  return { id, description, providerStates, isPending: false };
}

function result(changes: Partial<InteractionResult>): InteractionResult {
  return {
    interactionId: undefined,
    description: undefined,
    providerState: undefined,
    success: true,
    mismatches: [],
    traceId: undefined,
    ...changes,
  };
}

const wrong = (description: string) => ({
  attribute: 'body',
  identifier: '$',
  description,
});

const list = promised('a', 'list');
const full = promised('b', 'get', ['it exists']);
const empty = promised('c', 'get', ['it does not exist', 'at all']);
const pact = [list, full, empty];

type Told = readonly [string | undefined, string, string];

test.each<readonly [string, readonly InteractionResult[], readonly Told[]]>([
  [
    'nothing was reported',
    [],
    [
      ['a', 'list', 'not-reported'],
      ['b', 'get', 'not-reported'],
      ['c', 'get', 'not-reported'],
    ],
  ],
  [
    'results name interactions by id',
    [result({ interactionId: 'b', success: false }), result({ interactionId: 'a' })],
    [
      ['a', 'list', 'passed'],
      ['b', 'get', 'failed'],
      ['c', 'get', 'not-reported'],
    ],
  ],
  [
    'an id is not the broker’s, but the description is the pact’s',
    [result({ interactionId: 'own-1', description: 'list', success: false })],
    [
      ['a', 'list', 'failed'],
      ['b', 'get', 'not-reported'],
      ['c', 'get', 'not-reported'],
    ],
  ],
  [
    'a description fits two, and the state tells which',
    [
      result({ description: 'get', providerState: 'it exists' }),
      result({ description: 'get', providerState: 'it does not exist, at all', success: false }),
    ],
    [
      ['a', 'list', 'not-reported'],
      ['b', 'get', 'passed'],
      ['c', 'get', 'failed'],
    ],
  ],
  [
    'several checks of one interaction were reported',
    [
      result({ description: 'list', providerState: 'ignored, as one fits', success: false }),
      result({ description: 'list' }),
    ],
    [
      ['a', 'list', 'failed'],
      ['b', 'get', 'not-reported'],
      ['c', 'get', 'not-reported'],
    ],
  ],
  [
    'nobody can tell which interaction is meant',
    [
      result({ description: 'get', success: false }),
      result({ description: 'get', success: true }),
      result({ interactionId: 'zzz', providerState: 'x' }),
    ],
    [
      ['a', 'list', 'not-reported'],
      ['b', 'get', 'not-reported'],
      ['c', 'get', 'not-reported'],
      [undefined, 'get', 'failed'],
      ['zzz', '', 'passed'],
    ],
  ],
])('when %s', (_caption, results, expected) => {
  const verdicts = interactionVerdicts(pact, results);
  expect(verdicts.map(({ id, description, outcome }) => [id, description, outcome])).toEqual(
    expected,
  );
});

test('what was wrong comes from all failed checks, the trace from the first of them', () => {
  const [verdict] = interactionVerdicts(
    [full],
    [
      result({ interactionId: 'b', traceId: 't0' }),
      result({
        interactionId: 'b',
        success: false,
        mismatches: [wrong('one')],
        traceId: 't1',
      }),
      result({ interactionId: 'b', success: false, mismatches: [wrong('two')] }),
    ],
  );
  expect(verdict).toEqual({
    interaction: full,
    id: 'b',
    description: 'get',
    providerStates: ['it exists'],
    outcome: 'failed',
    mismatches: [wrong('one'), wrong('two')],
    traceId: 't1',
  });
});

describe('a failure counts as pending', () => {
  const soon = { ...promised('p', 'soon'), isPending: true };
  const later = { ...promised('q', 'later'), isPending: true };
  const failed = (interactionId: string) => result({ interactionId, success: false });

  test.each<readonly [string, readonly InteractionResult[], boolean]>([
    ['when only pending interactions failed', [failed('p'), failed('q')], true],
    ['when the others passed', [failed('p'), result({ interactionId: 'a' })], true],
    ['not when another failed too', [failed('p'), failed('a')], false],
    ['not when it is unknown what failed', [failed('p'), failed('zzz')], false],
    ['not when no interaction is said to have failed', [result({ interactionId: 'p' })], false],
    ['not without results', [], false],
  ])('%s', (_caption, results, expected) => {
    expect(failsPendingOnly([list, soon, later], results)).toBe(expected);
  });
});
