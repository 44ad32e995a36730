import { describe, expect, test } from 'vitest';
import { mapVersion, type PublishedVersion, versionProbes } from './map-version.ts';

const SHA = 'abc1234f00d5678900aabbccddeeff0011223344';
const DIGITS = '1234567f00d5678900aabbccddeeff0011223344';

function published(number: string, more: Partial<PublishedVersion> = {}): PublishedVersion {
  return { number, tags: [], buildUrl: undefined, ...more };
}

describe('a sent version means', () => {
  test.each<[string, string, readonly (string | PublishedVersion)[], string]>([
    ['the number it is', '1.4.0', ['1.4.0', 'v1.4.0', '1.4.0+abc1234'], 'exact 1.4.0'],
    ['the same commit in full', 'abc1234', [SHA, 'def5678'], `commit ${SHA}`],
    ['the same commit in short', SHA, ['abc1234', 'def5678'], 'commit abc1234'],
    ['the commit behind a branch', 'main-abc1234', [SHA], `commit ${SHA}`],
    ['the commit that git describes', 'v1.4.0-5-gabc1234', [SHA], `commit ${SHA}`],
    ['the commit in build metadata', '1.4.0+abc1234', [SHA, '1.4.0'], `commit ${SHA}`],
    ['a commit of digits, when a full hash begins so', '1234567', [DIGITS], `commit ${DIGITS}`],
    ['no date', '1.4.0-20260101', ['1.3.0-20260101'], 'unknown'],
    ['no commit shorter than seven digits', 'abc123', [SHA], 'unknown'],
    ['no word', 'defaced', ['defaced-2'], 'unknown'],
    [
      'the digest of an image',
      `ghcr.io/acme/orders@sha256:${SHA}${SHA.slice(0, 24)}`,
      [`sha256:${SHA}${SHA.slice(0, 24)}`],
      `commit sha256:${SHA}${SHA.slice(0, 24)}`,
    ],
    ['the tag of an image', 'ghcr.io:443/acme/orders:v1.4.0', ['1.4.0'], 'number 1.4.0'],
    ['the same with v', '1.4.0', ['v1.4.0'], 'number v1.4.0'],
    ['the same without v', 'V1.4.0', ['1.4.0', '1.4.1'], 'number 1.4.0'],
    [
      'the one build of a release',
      '1.4.0',
      ['1.4.0+abc1234', '1.4.1+def5678', '11.4.0+def5678'],
      'release 1.4.0+abc1234',
    ],
    ['the release of a build', 'v1.4.0+77', ['1.4.0'], 'release 1.4.0'],
    ['no other build of the same release', '1.4.0+77', ['1.4.0+78'], 'unknown'],
    [
      'the version with that tag',
      'v1.4.0',
      [published(SHA, { tags: ['main', '1.4.0'] }), 'def5678'],
      `tag ${SHA}`,
    ],
    [
      'the version of that build',
      '7312345678',
      [published(SHA, { buildUrl: 'https://ci/runs/7312345678?attempt=1' })],
      `build ${SHA}`,
    ],
    [
      'no build whose number only begins so',
      '7312',
      [published(SHA, { buildUrl: 'https://ci/runs/73125' })],
      'unknown',
    ],
    [
      'no build by a short number',
      '17',
      [published(SHA, { buildUrl: 'https://ci/runs/17' })],
      'unknown',
    ],
    [
      'nothing when two have the commit',
      'abc1234',
      [SHA, '1.4.0-abc1234'],
      `ambiguous commit ${SHA} 1.4.0-abc1234`,
    ],
    [
      'nothing when a release has two builds',
      '1.4.0',
      ['1.4.0+1', '1.4.0+2'],
      'ambiguous release 1.4.0+1 1.4.0+2',
    ],
    ['nothing when nobody published it', '2.0.0', ['1.4.0'], 'unknown'],
    ['nothing when nobody published anything', '2.0.0', [], 'unknown'],
  ])('%s: %s', (...[, version, known, expected]) => {
    const versions = known.map((one) => (typeof one === 'string' ? published(one) : one));
    expect(told(mapVersion({ version, revision: undefined }, versions))).toBe(expected);
  });

  test('the commit it was built from, before anything its version may mean', () => {
    const sent = { version: '1.4.0', revision: SHA };
    const versions = [published('1.4.0+77'), published('abc1234')];
    expect(told(mapVersion(sent, versions))).toBe('revision abc1234');
  });

  test('its own number, whatever it was built from', () => {
    const versions = [published('1.4.0'), published(SHA)];
    expect(told(mapVersion({ version: '1.4.0', revision: SHA }, versions))).toBe('exact 1.4.0');
  });
});

describe('published versions are looked for', () => {
  test.each([
    [
      'by number and release',
      { version: 'v1.4.0+77', revision: undefined },
      {
        texts: ['v1.4.0+77', '1.4.0+77', 'V1.4.0+77', '1.4.0', 'v1.4.0', 'V1.4.0'],
        starts: ['1.4.0+', 'v1.4.0+'],
        commits: [],
        build: 'v1.4.0+77',
      },
    ],
    [
      'by commit',
      { version: '7', revision: SHA.toUpperCase() },
      { texts: ['7', 'v7', 'V7'], starts: ['7+', 'v7+'], commits: ['abc1234'], build: undefined },
    ],
  ])('%s', (_, sent, expected) => {
    expect(versionProbes(sent)).toEqual(expected);
  });
});

function told(mapping: ReturnType<typeof mapVersion>): string {
  switch (mapping.kind) {
    case 'exact':
      return `exact ${mapping.version}`;
    case 'mapped':
      return `${mapping.by} ${mapping.version}`;
    case 'ambiguous':
      return ['ambiguous', mapping.by, ...mapping.candidates].join(' ');
    case 'unknown':
      return 'unknown';
  }
}
