import { describe, expect, test } from 'vitest';
import { readForVerificationRequest } from './for-verification-request.ts';

const environments = new Set(['test']);
const read = (body: unknown) => readForVerificationRequest(body, environments);

const NOTHING =
  'must specify a value for environment or tag or branch, or specify mainBranch=true, matchingBranch=true, latest=true, deployed=true, released=true or deployedOrReleased=true';

describe('selectors that make no sense', () => {
  test.each<readonly [unknown, string]>([
    [{}, NOTHING],
    [{ consumer: 'Foo' }, NOTHING],
    [{ latest: false }, NOTHING],
    ['x', 'must be a hash'],
    [{ mainBranch: false }, 'mainBranch must be one of: true'],
    [
      { mainBranch: true, tag: 'x' },
      'cannot specify mainBranch=true with any other criteria apart from consumer',
    ],
    [{ mainBranch: true, latest: false }, 'cannot specify mainBranch=true with latest=false'],
    [
      { matchingBranch: true },
      'cannot specify matchingBranch=true without a providerVersionBranch',
    ],
    [{ tag: 'x', branch: 'y' }, 'cannot specify both a tag and a branch'],
    [{ branch: 'x', latest: false }, 'cannot specify a branch with latest=false'],
    [
      { branch: 'x', environment: 'test' },
      'cannot specify the field(s) branch with the field(s) environment',
    ],
    [
      { tag: 'x', latest: true, environment: 'test', deployed: true },
      'cannot specify the field(s) latest/tag with the field(s) deployed/environment',
    ],
    [{ deployed: true, released: true }, 'cannot specify both deployed=true and released=true'],
    [{ latest: true, consumer: ' ' }, 'consumer cannot be blank'],
    [{ latest: true, consumer: 5 }, 'consumer must be a string'],
    [{ tag: '' }, 'tag must be filled'],
    [{ branch: false }, 'branch must be a string'],
    [{ latest: 'yes' }, 'latest must be boolean'],
    [{ tag: 'x', fallbackTag: 'y' }, 'fallbackTag can only be set if latest is true'],
    [{ environment: 'mars' }, "environment with name 'mars' does not exist"],
  ])('%j', (selector, defect) => {
    expect(read({ consumerVersionSelectors: [selector] })).toEqual({
      ok: false,
      defects: { consumerVersionSelectors: [`${defect} (at index 0)`] },
    });
  });

  test.each<readonly [unknown, readonly string[]]>([
    [
      { matchingBranch: true, tag: 'x' },
      [
        'cannot specify matchingBranch=true with any other criteria apart from consumer',
        'cannot specify matchingBranch=true without a providerVersionBranch',
      ],
    ],
    [
      { fallbackTag: 'x' },
      [
        NOTHING,
        'a tag must be specified when a fallbackTag is specified',
        'fallbackTag can only be set if latest is true',
      ],
    ],
    [
      { fallbackBranch: 'x', latest: false },
      [
        NOTHING,
        'a branch must be specified when a fallbackBranch is specified',
        'fallbackBranch cannot be set if latest is false',
      ],
    ],
    [
      { fallbackToMainBranch: true, fallbackBranch: 'x', latest: true },
      [
        'a branch must be specified when a fallbackBranch is specified',
        'a branch must be specified when fallbackToMainBranch is specified',
        'cannot specify both a fallbackBranch and fallbackToMainBranch',
      ],
    ],
  ])('%j has several defects', (selector, defects) => {
    expect(read({ consumerVersionSelectors: [selector] })).toEqual({
      ok: false,
      defects: { consumerVersionSelectors: defects.map((defect) => `${defect} (at index 0)`) },
    });
  });

  test('every selector is checked and named by its place', () => {
    expect(
      read({ consumerVersionSelectors: [{ latest: true }, {}, { tag: 'x', branch: 'y' }] }),
    ).toEqual({
      ok: false,
      defects: {
        consumerVersionSelectors: [
          `${NOTHING} (at index 1)`,
          'cannot specify both a tag and a branch (at index 2)',
        ],
      },
    });
  });
});

describe('the rest of the body', () => {
  test.each<readonly [unknown, Readonly<Record<string, readonly string[]>>]>([
    [[], { '': ['must be a hash'] }],
    [{ consumerVersionSelectors: 'x' }, { consumerVersionSelectors: ['must be an array'] }],
    [{ includePendingStatus: 'yes' }, { includePendingStatus: ['must be boolean'] }],
    [{ includeWipPactsSince: 'whenever' }, { includeWipPactsSince: ['must be a date'] }],
    [{ includeWipPactsSince: '2026-99-99' }, { includeWipPactsSince: ['must be a date'] }],
    [{ includeWipPactsSince: 5 }, { includeWipPactsSince: ['must be a date'] }],
    [{ providerVersionTags: 'x' }, { providerVersionTags: ['must be an array'] }],
    [{ providerVersionTags: [1] }, { providerVersionTags: ['must be a string (at index 0)'] }],
    [{ providerVersionBranch: 5 }, { providerVersionBranch: ['must be a string'] }],
    [{ providerVersionBranch: ' ' }, { providerVersionBranch: ['cannot be blank'] }],
    [
      { providerVersionBranch: '', includePendingStatus: true },
      { providerVersionBranch: ['cannot be blank'] },
    ],
    [
      { providerVersionBranch: '', includeWipPactsSince: '2026-01-01' },
      { providerVersionBranch: ['cannot be blank'] },
    ],
  ])('%j is refused', (body, defects) => {
    expect(read(body)).toEqual({ ok: false, defects });
  });

  const nothing = {
    selectors: [],
    providerBranch: undefined,
    providerTags: [],
    includePending: true,
    wipSince: undefined,
  };
  test.each<readonly [string, unknown, object]>([
    ['no body', undefined, nothing],
    ['an empty one', {}, nothing],
    [
      'nulls',
      {
        providerVersionBranch: null,
        providerVersionTags: null,
        consumerVersionSelectors: null,
        includeWipPactsSince: null,
      },
      nothing,
    ],
    ['an empty branch and pending left open', { providerVersionBranch: '' }, nothing],
    [
      'an empty branch beside tags',
      { providerVersionBranch: '', providerVersionTags: ['t'], includePendingStatus: true },
      { ...nothing, providerTags: ['t'] },
    ],
    [
      'pending switched off',
      { includePendingStatus: false },
      { ...nothing, includePending: false },
    ],
    [
      'a date',
      { providerVersionBranch: 'main', includeWipPactsSince: '2026-01-02' },
      { ...nothing, providerBranch: 'main', wipSince: '2026-01-02T00:00:00.000Z' },
    ],
    [
      'a date-time with an offset',
      { providerVersionBranch: 'main', includeWipPactsSince: '2026-01-02T03:04:05+01:00' },
      { ...nothing, providerBranch: 'main', wipSince: '2026-01-02T02:04:05.000Z' },
    ],
    [
      'selectors, without what is not known or null',
      {
        providerVersionBranch: 'main',
        consumerVersionSelectors: [
          { latest: true, bogus: 1, tag: null },
          { branch: true },
          { matchingBranch: true, consumer: 'Foo' },
          { mainBranch: true, latest: true },
          { branch: 'x', fallbackBranch: 'y' },
          { branch: 'x', fallbackBranch: true },
          { branch: 'x', fallbackToMainBranch: true },
          { matchingBranch: true, fallbackToMainBranch: true },
          { environment: 'test', deployed: true },
          { tag: 'x', fallbackTag: 'y', latest: true },
        ],
      },
      {
        ...nothing,
        providerBranch: 'main',
        selectors: [
          { latest: true },
          { branch: true },
          { matchingBranch: true, consumer: 'Foo' },
          { mainBranch: true, latest: true },
          { branch: 'x', fallbackBranch: 'y' },
          { branch: 'x', fallbackBranch: true },
          { branch: 'x', fallbackBranch: true },
          { matchingBranch: true, fallbackBranch: true },
          { environment: 'test', deployed: true },
          { tag: 'x', fallbackTag: 'y', latest: true },
        ],
      },
    ],
  ])('%s is read', (_caption, body, request) => {
    expect(read(body)).toEqual({ ok: true, request });
  });
});
