import { describe, expect, test } from 'vitest';
import type { SelectedPact, SelectionReason } from '../selectors/selected-pact.ts';
import type { ProviderView } from './pending.ts';
import { type NoticeFacts, verificationNotices } from './verification-notices.ts';

function selected(...reasons: readonly SelectionReason[]): SelectedPact {
  const version = { id: 1, number: '1' };
  return {
    pact: {
      consumer: { id: 1, name: 'Foo' },
      consumerVersion: version,
      pactVersionId: 1,
      sha: 'abc',
      publishedAt: '2026-01-01T00:00:00.000Z',
    },
    reasons: reasons.map((reason) => ({ reason, version })),
  };
}

const main: SelectionReason = { kind: 'main-branch', branch: 'main' };
const onMain: ProviderView = { kind: 'branch', line: { name: 'main', createdAt: undefined } };
const tagged: ProviderView = {
  kind: 'tags',
  lines: [
    { name: 'a', createdAt: undefined },
    { name: 'b', createdAt: undefined },
  ],
};

function notices(facts: Partial<NoticeFacts>) {
  return verificationNotices({
    selected: selected(main),
    provider: 'Bar',
    view: onMain,
    pending: undefined,
    isWip: false,
    pactUrl: 'URL',
    ...facts,
  });
}

const pending = { isPending: true, pendingTags: [] };

describe('why a pact is verified', () => {
  test('one criterion', () => {
    expect(notices({})).toEqual([
      {
        when: 'before_verification',
        text: "The pact at URL is being verified because the pact content belongs to the consumer version matching the following criterion:\n    * latest version from the main branch 'main' (1)",
      },
    ]);
  });

  test('several criteria', () => {
    const both = selected(main, { kind: 'latest' });
    expect(notices({ selected: both })[0]?.text).toBe(
      "The pact at URL is being verified because the pact content belongs to the consumer versions matching the following criteria:\n    * latest version from the main branch 'main' (1)\n    * latest version of a consumer that has a pact with Bar (1)",
    );
  });

  test.each<readonly [string, readonly SelectionReason[], string]>([
    ['a branch', [{ kind: 'branch', branch: 'x' }], "the latest version of Foo from branch 'x'"],
    ['a tag', [{ kind: 'latest-tag', tag: 't' }], "the latest version of Foo tagged with 't'"],
    [
      'a branch and a tag',
      [
        { kind: 'branch', branch: 'x' },
        { kind: 'latest-tag', tag: 'x' },
      ],
      "the latest version of Foo from branch 'x' and tagged with 'x' (both have the same content)",
    ],
    [
      'three heads',
      [
        { kind: 'branch', branch: 'x' },
        { kind: 'branch', branch: 'y' },
        { kind: 'latest-tag', tag: 'x' },
      ],
      "the latest versions of Foo from branches 'x' and 'y' and tagged with 'x' (all have the same content)",
    ],
  ])('work in progress by %s', (_caption, reasons, which) => {
    const [first] = notices({ selected: selected(...reasons), isWip: true });
    expect(first?.text).toBe(
      `The pact at URL is being verified because it is a 'work in progress' pact (ie. it is the pact for ${which} and it has not yet been successfully verified by a version of Bar from branch 'main' when the pact's application version was explicitly specified in the consumer version selectors). Read more at https://docs.pact.io/go/wip`,
    );
  });
});

describe('what pending means', () => {
  test.each<{ view: ProviderView; pendingTags: readonly string[]; whom: string }>([
    { view: { kind: 'none' }, pendingTags: [], whom: 'Bar' },
    { view: onMain, pendingTags: [], whom: "a version of Bar from branch 'main'" },
    { view: tagged, pendingTags: ['b'], whom: "a version of Bar with tag 'b'" },
    { view: tagged, pendingTags: ['a', 'b'], whom: "a version of Bar with tags 'a' and 'b'" },
  ])('for $whom', ({ view, pendingTags, whom }) => {
    const [, reason] = notices({ view, pending: { isPending: true, pendingTags } });
    expect(reason?.text).toContain(
      `because a successful verification result for ${whom} has not yet`,
    );
  });

  test('a pact that runs somewhere says that a failure counts although nobody verified it', () => {
    const runsIn = ['test', 'production'];
    const texts = notices({ pending: { isPending: false, pendingTags: [], runsIn } });
    expect(texts).toHaveLength(2);
    expect(texts[1]?.text).toBe(
      "This pact is not in pending state for this version of Bar, although a successful verification result for a version of Bar from branch 'main' has not yet been published, because a consumer version with its content is deployed to or released in test and production. If this verification fails, it will fail the build. Read more at https://docs.pact.io/go/pending",
    );
  });

  test('a pact that was verified says that a failure counts', () => {
    const texts = notices({ view: tagged, pending: { isPending: false, pendingTags: [] } });
    expect(texts).toHaveLength(2);
    expect(texts[1]?.text).toBe(
      "This pact has previously been successfully verified by a version of Bar with tags 'a' and 'b'. If this verification fails, it will fail the build. Read more at https://docs.pact.io/go/pending",
    );
  });

  test('a pending pact says what each outcome will have meant', () => {
    const after = notices({ pending }).slice(2);
    expect(after.map(({ when }) => when)).toEqual([
      'after_verification:success_true_published_false',
      'after_verification:success_false_published_false',
      'after_verification:success_true_published_true',
      'after_verification:success_false_published_true',
    ]);
    expect(after[2]?.text).toContain(
      "no longer in pending state for any version of Bar from branch 'main'",
    );
  });

  test('work in progress is pending because of that', () => {
    const [, reason, after] = notices({ isWip: true, pending, view: tagged });
    expect(reason?.text).toContain("because it was included as a 'work in progress' pact");
    expect(after?.text).toContain("any version of Bar with tags 'a' and 'b'");
  });
});
