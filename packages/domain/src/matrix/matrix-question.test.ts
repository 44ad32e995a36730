import { expect, test } from 'vitest';
import { type AskedMatrix, isLatestBy, matrixDefects } from './matrix-question.ts';

const known = { pacticipants: new Set(['Foo', 'Bar']), environments: new Set(['test']) };
const foo = { pacticipant: 'Foo' };

function asked(question: Partial<AskedMatrix>): AskedMatrix {
  return {
    selectors: [foo],
    ignored: [],
    destination: {},
    latestBy: undefined,
    limit: undefined,
    ...question,
  };
}

test.each<readonly [string, Partial<AskedMatrix>, readonly string[]]>([
  ['a good question', { destination: { environment: 'test' }, limit: '10', latestBy: 'cvp' }, []],
  ['no selectors', { selectors: [] }, ['Please provide 1 or more version selectors.']],
  [
    'a selector without name',
    { selectors: [{ pacticipant: undefined }] },
    ['Please specify the pacticipant name'],
  ],
  [
    'two unknown pacticipants',
    { selectors: [{ pacticipant: 'Ghost' }, { pacticipant: 'Phantom' }, { pacticipant: 'Ghost' }] },
    ['Pacticipant Ghost not found', 'Pacticipant Phantom not found'],
  ],
  [
    'a number and latest',
    { selectors: [{ ...foo, version: '1', latest: true }] },
    ['A version number and latest flag cannot both be specified for Foo'],
  ],
  [
    'ignoring nobody',
    { ignored: [{ pacticipant: undefined, version: '1' }] },
    ['Please specify the pacticipant name to ignore'],
  ],
  [
    'two destinations',
    { destination: { tag: 'x', environment: 'test' } },
    ['Cannot specify more than one of tag, environment and mainBranch.'],
  ],
  [
    'latest in an environment',
    { destination: { latest: true, environment: 'test' } },
    ['Cannot specify both latest=true and an environment.'],
  ],
  [
    'an unknown environment, asked twice',
    { selectors: [{ ...foo, environment: 'mars' }], destination: { environment: 'mars' } },
    ["Environment with name 'mars' does not exist"],
  ],
  ['limit 0', { limit: '0' }, ['The limit must be 1 or greater.']],
  ['limit abc', { limit: 'abc' }, ['The limit must be 1 or greater.']],
  [
    'an unknown latestby',
    { latestBy: 'bogus' },
    ["latestby must be one of: cvpv, cvp, cp (not 'bogus')."],
  ],
])('%s', (_caption, question, defects) => {
  expect(matrixDefects(asked(question), known)).toEqual(defects);
});

test('there are three ways to be the latest', () => {
  expect(['cvpv', 'cvp', 'cp', 'x'].map(isLatestBy)).toEqual([true, true, true, false]);
});
