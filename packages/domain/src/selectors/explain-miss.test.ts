import { expect, test } from 'vitest';
import type { ConsumerVersionSelector } from './consumer-version-selector.ts';
import { explainMiss, type MissFacts } from './explain-miss.ts';

const facts: MissFacts = {
  consumer: 'Foo',
  provider: 'Bar',
  isKnown: true,
  mainBranch: 'main',
  providerBranch: 'feat/x',
  versions: [],
};

test.each<readonly [ConsumerVersionSelector, Partial<MissFacts>, readonly [string, string]]>([
  [
    { consumer: 'Foo', latest: true },
    { isKnown: false },
    ['unknown-consumer', 'Foo has published no pact with Bar; check how the names are written.'],
  ],
  [
    { mainBranch: true },
    { mainBranch: undefined },
    [
      'no-main-branch',
      'It is not known which branch is the main branch of Foo: set its mainBranch.',
    ],
  ],
  [{ mainBranch: true }, {}, ['no-such-branch', "Foo has no version on its main branch 'main'."]],
  [
    { mainBranch: true },
    { versions: ['5'] },
    [
      'no-pact-in-version',
      "Version 5 of Foo, the newest on its main branch 'main', has published no pact with Bar.",
    ],
  ],
  [
    { matchingBranch: true },
    {},
    ['no-such-branch', "Foo has no version on a branch 'feat/x', like the provider's."],
  ],
  [{ branch: true }, {}, ['no-such-branch', 'Foo has no version on any branch.']],
  [
    { branch: 'b', fallbackBranch: 'main' },
    {},
    ['no-such-branch', "Foo has no version on a branch 'b', nor the branch to fall back to."],
  ],
  [
    { branch: 'b' },
    { versions: ['5'] },
    [
      'no-pact-in-version',
      "Version 5 of Foo, the newest on a branch 'b', has published no pact with Bar.",
    ],
  ],
  [{ tag: 't' }, {}, ['no-such-tag', "No version of Foo has the tag 't'."]],
  [
    { tag: 't', latest: true, fallbackTag: 'u' },
    {},
    [
      'no-such-tag',
      "No version of Foo has the tag 't', and the fallback tag 'u' picks nothing of it.",
    ],
  ],
  [
    { tag: 't' },
    { versions: ['4', '5'] },
    ['no-pact-in-version', "Versions 4, 5 of Foo, with tag 't', have published no pact with Bar."],
  ],
  [
    { tag: 't', latest: true },
    { versions: ['5'] },
    [
      'no-pact-in-version',
      "Version 5 of Foo, the newest with tag 't', has published no pact with Bar.",
    ],
  ],
  [{ deployed: true }, {}, ['not-running', 'No version of Foo is recorded as deployed.']],
  [
    { released: true, environment: 'prod' },
    {},
    ['not-running', 'No version of Foo is recorded as released in prod.'],
  ],
  [
    { deployedOrReleased: true },
    {},
    ['not-running', 'No version of Foo is recorded as deployed or released.'],
  ],
  [
    { environment: 'prod' },
    { versions: ['5'] },
    [
      'no-pact-in-version',
      'Version 5 of Foo, deployed or released in prod, has published no pact with Bar.',
    ],
  ],
  [{ latest: true }, {}, ['no-pact', 'Foo has no pact with Bar any more.']],
])('%j with %j', (selector, known, [kind, sentence]) => {
  expect(explainMiss(selector, { ...facts, ...known })).toEqual({ kind, sentence });
});
