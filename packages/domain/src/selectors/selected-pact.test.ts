import { describe, expect, test } from 'vitest';
import { joinWords, selectionCriteria, shortDescription } from './describe-selection.ts';
import { mergeSelections, type Selection, type SelectionReason } from './selected-pact.ts';

interface Short {
  readonly consumer?: string;
  readonly version: number;
  readonly content: number;
  readonly reason: SelectionReason;
}

function aSelection({ consumer = 'Foo', version, content, reason }: Short): Selection {
  return {
    pact: {
      consumer: { id: consumer.length, name: consumer },
      consumerVersion: { id: version, number: String(version) },
      pactVersionId: content,
      sha: `sha${content}`,
      publishedAt: '2026-01-01T00:00:00.000Z',
    },
    reason,
  };
}

const deployed = (environment: string): SelectionReason => ({ kind: 'deployed', environment });
const main: SelectionReason = { kind: 'main-branch', branch: 'main' };

test('equal content is one pact, of its newest version, with all the reasons', () => {
  const [only, ...rest] = mergeSelections([
    aSelection({ version: 1, content: 1, reason: deployed('test') }),
    aSelection({ version: 2, content: 1, reason: main }),
    aSelection({ version: 1, content: 1, reason: deployed('test') }),
  ]);
  expect(rest).toEqual([]);
  expect(only?.pact.consumerVersion.number).toBe('2');
  expect(only?.reasons.map(({ reason, version }) => [reason.kind, version.number])).toEqual([
    ['deployed', '1'],
    ['main-branch', '2'],
  ]);
});

test('pacts come by consumer name, then by version', () => {
  const merged = mergeSelections([
    aSelection({ consumer: 'Zed', version: 1, content: 1, reason: main }),
    aSelection({ version: 3, content: 2, reason: main }),
    aSelection({ version: 2, content: 3, reason: main }),
    aSelection({ consumer: 'Abe', version: 9, content: 4, reason: main }),
  ]);
  expect(merged.map(({ pact }) => `${pact.consumer.name} ${pact.consumerVersion.number}`)).toEqual([
    'Abe 9',
    'Foo 2',
    'Foo 3',
    'Zed 1',
  ]);
});

describe('reasons in words', () => {
  test.each<readonly [SelectionReason, string, string]>([
    [deployed('test'), 'deployed to test', 'consumer version(s) currently deployed to test (1)'],
    [
      { kind: 'deployed', environment: 'test', consumer: 'Foo' },
      'deployed to test',
      'version(s) of Foo currently deployed to test (1)',
    ],
    [
      { kind: 'released', environment: 'prod' },
      'released in prod',
      'consumer version(s) released and supported in prod (1)',
    ],
    [
      { kind: 'environment', environment: 'test' },
      'in test',
      'a consumer version in environment test (1)',
    ],
    [
      { kind: 'environment', environment: 'test', consumer: 'Foo' },
      'in test',
      'a version of Foo in environment test (1)',
    ],
    [{ kind: 'latest-tag', tag: 't' }, 'latest with tag t', "latest version tagged 't' (1)"],
    [
      { kind: 'latest-tag', tag: 'f', insteadOf: 't' },
      'latest with tag f',
      "latest version tagged 'f' (fallback tag used as no pact was found with tag 't') (1)",
    ],
    [{ kind: 'branch', branch: 'x' }, 'latest from branch x', "latest version from branch 'x' (1)"],
    [
      { kind: 'branch', branch: 'f', insteadOf: 'x', consumer: 'Foo' },
      'latest from branch f',
      "latest version of Foo from branch 'f' (fallback branch used as no branch 'x' was found) (1)",
    ],
    [main, 'latest from main branch', "latest version from the main branch 'main' (1)"],
    [{ kind: 'latest' }, 'latest', 'latest version of a consumer that has a pact with Bar (1)'],
    [
      { kind: 'latest', consumer: 'Foo' },
      'latest',
      'latest version of Foo that has a pact with Bar (1)',
    ],
    [{ kind: 'tag', tag: 't' }, 'one of t', "all consumer versions tagged 't' (1)"],
    [{ kind: 'tag', tag: 't', consumer: 'Foo' }, 'one of Foo t', "all Foo versions tagged 't' (1)"],
  ])('%j', (reason, short, criterion) => {
    const reasons = [{ reason, version: { id: 1, number: '1' } }];
    expect(shortDescription(reasons)).toBe(short);
    expect(selectionCriteria(reasons, 'Bar')).toEqual([criterion]);
  });

  test('environments of one kind are one criterion, but each is named in short', () => {
    const version = { id: 1, number: '1' };
    const reasons = [deployed('test'), deployed('prod')].map((reason) => ({ reason, version }));
    expect(shortDescription(reasons)).toBe('deployed to test, deployed to prod');
    expect(selectionCriteria(reasons, 'Bar')).toEqual([
      'consumer version(s) currently deployed to test (1) and prod (1)',
    ]);
  });

  test('words are joined as people do', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(joinWords)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
