import { describe, expect, test } from 'vitest';
import { concernsVersion } from './webhook-versions.ts';

describe('a webhook is about a consumer version', () => {
  const version = { branches: ['feature/login', 'main'], tags: ['rc-1'] };

  test.each([
    ['that nobody narrowed down', [], [], true],
    ['of a branch it names', ['main'], [], true],
    ['of a branch whose name it begins', ['feature/*'], [], true],
    ['of a branch whose name it ends', ['*login'], [], true],
    ['with a tag it names', [], ['rc-*'], true],
    ['of a branch or with a tag', ['other'], ['rc-1'], true],
    ['with everything in between', ['f*t*e/*n'], [], true],
    ['that has any branch', ['*'], [], true],
  ] as const)('%s', (...[, branches, tags, expected]) => {
    expect(concernsVersion({ branches, tags }, version)).toBe(expected);
  });

  test.each([
    ['only a branch that has the name in it', ['mai'], []],
    ['no branch whose name begins so', ['release/*'], []],
    ['a name too short for both ends', ['main*main'], []],
    ['pieces in another order', ['*log*feat*'], []],
    ['an end that was used up already', ['feature/*login*n'], []],
    ['a tag only by the name of a branch', [], ['main']],
  ] as const)('not when it has %s', (...[, branches, tags]) => {
    expect(concernsVersion({ branches, tags }, version)).toBe(false);
  });
});
