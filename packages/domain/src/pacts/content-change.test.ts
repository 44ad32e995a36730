import { expect, test } from 'vitest';
import { publicationChange, revisionChange } from './content-change.ts';

test.each([
  [
    'the first untagged pact',
    [{ tag: undefined, sha: undefined }],
    { changed: true, comment: 'first time untagged pact published' },
  ],
  [
    'another untagged content',
    [{ tag: undefined, sha: 'old' }],
    { changed: true, comment: 'pact content has changed since previous untagged version' },
  ],
  [
    'the same untagged content',
    [{ tag: undefined, sha: 'new' }],
    { changed: false, comment: 'pact content is the same as previous untagged version' },
  ],
  [
    'the first pact of a tag',
    [{ tag: 'dev', sha: undefined }],
    {
      changed: true,
      comment: 'first time any pact published for this consumer with consumer version tagged dev',
    },
  ],
  [
    'other content for a tag',
    [{ tag: 'dev', sha: 'old' }],
    {
      changed: true,
      comment: 'pact content has changed since the last consumer version tagged with dev',
    },
  ],
  [
    'the same content for a tag',
    [{ tag: 'dev', sha: 'new' }],
    {
      changed: false,
      comment:
        'pact content is the same as previous version with tag dev and no new tags were applied',
    },
  ],
  [
    'the same content for two tags',
    [
      { tag: 'a', sha: 'new' },
      { tag: 'b', sha: 'new' },
    ],
    {
      changed: false,
      comment:
        'pact content is the same as previous versions with tags a, b and no new tags were applied',
    },
  ],
  [
    'one of two tags is new',
    [
      { tag: 'a', sha: 'new' },
      { tag: 'b', sha: undefined },
    ],
    {
      changed: true,
      comment: 'first time any pact published for this consumer with consumer version tagged b',
    },
  ],
])('%s', (_caption, previous, expected) => {
  expect(publicationChange('new', previous)).toEqual(expected);
});

test('a new revision with other content names the version', () => {
  expect(revisionChange({ changed: true, consumer: 'web', version: '1' })).toEqual({
    changed: true,
    comment: 'pact content modified since previous publication for web version 1',
  });
});

test('a new revision with the same content needs no comment', () => {
  expect(revisionChange({ changed: false, consumer: 'web', version: '1' })).toEqual({
    changed: false,
    comment: undefined,
  });
});
