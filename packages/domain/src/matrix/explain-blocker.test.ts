import { describe, expect, test } from 'vitest';
import type { MatrixFacts } from './considered-rows.ts';
import type { ContentHistory, ContentResult } from './content-history.ts';
import { type Blocker, deploymentBlockers } from './deployment-blockers.ts';
import { type BlockerContext, explainBlocker } from './explain-blocker.ts';
import { describeReason } from './matrix-reason.ts';
import type { MatrixRow } from './matrix-row.ts';
import type { ResolvedSelector } from './matrix-selector.ts';

const NOW = new Date('2026-02-20T00:00:00.000Z');
const day = (number: number): string => `2026-02-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const foo = { id: 1, name: 'Foo' };
const bar = { id: 2, name: 'Bar' };
const version = (number: string) => ({ id: Number(number), number });

function aRow(providerVersion?: string, isPendingFailure = false): MatrixRow {
  return {
    consumer: foo,
    consumerVersion: version('1'),
    provider: bar,
    providerVersion: providerVersion === undefined ? undefined : version(providerVersion),
    sha: 'abc',
    revision: 1,
    publishedAt: day(1),
    verification:
      providerVersion === undefined
        ? undefined
        : { number: 200, success: false, isPendingFailure, verifiedAt: day(2) },
  };
}

function picked(of: typeof foo, numbers: readonly string[] | 'any'): ResolvedSelector {
  return {
    selector: { pacticipant: of.name, ...(numbers === 'any' ? {} : { environment: 'prod' }) },
    isSpecified: of === foo,
    pacticipantId: of.id,
    versions: numbers === 'any' ? 'any' : numbers.map(version),
  };
}

function blockersOf(facts: Partial<MatrixFacts>): readonly Blocker[] {
  const selectors = [picked(foo, ['1'])];
  const base = { rows: [], selectors, integrations: [], ignored: [], destination: {} };
  return deploymentBlockers({ ...base, ...facts });
}

function only(facts: Partial<MatrixFacts>): Blocker {
  const [first] = blockersOf(facts);
  if (first === undefined) throw new Error('nothing blocks');
  return first;
}

function result(number: string, success: boolean, at: string): ContentResult {
  return { versionId: Number(number), version: number, success, at };
}

function contextOf(changes: Partial<ContentHistory> & Partial<BlockerContext> = {}) {
  const { destination = { environment: 'prod' }, keptLast = [], ...history } = changes;
  return {
    history: {
      publishedAt: day(10),
      results: [],
      providerLastSeen: undefined,
      wantedSince: undefined,
      isPending: undefined,
      ...history,
    },
    keptLast,
    destination,
    now: NOW,
  };
}

const failed = only({ rows: [aRow('5')], selectors: [picked(foo, ['1']), picked(bar, ['5'])] });
const unverified = (numbers: readonly string[] | 'any') =>
  only({ rows: [aRow()], selectors: [picked(foo, ['1']), picked(bar, numbers)] });

interface Example {
  readonly caption: string;
  readonly blocker: Blocker;
  readonly context?: Parameters<typeof contextOf>[0];
  readonly situation: string;
  readonly since?: string;
  readonly sentences: readonly string[];
  readonly mustAct?: object;
}

const byProvider = { role: 'provider', name: 'Bar' };

const examples: readonly Example[] = [
  {
    caption: 'a newer version keeps it',
    blocker: failed,
    context: { results: [result('6', true, day(19)), result('5', false, day(18))] },
    situation: 'kept-by-newer-version',
    mustAct: byProvider,
    sentences: [
      'Version 6 of Bar, which is newer, keeps this pact (verified 1 day ago).',
      'Deploy that one to prod first, and record it.',
    ],
  },
  {
    caption: 'a newer version than the one that is asked about keeps it',
    blocker: only({
      rows: [aRow('5')],
      selectors: [picked(foo, ['1']), { ...picked(bar, ['5']), isSpecified: true }],
    }),
    context: { results: [result('6', true, day(19)), result('5', false, day(18))] },
    situation: 'kept-by-newer-version',
    mustAct: byProvider,
    sentences: [
      'Version 6 of Bar, which is newer, keeps this pact (verified 1 day ago).',
      'Take that one instead.',
    ],
  },
  {
    caption: 'the same version kept it before',
    blocker: failed,
    context: { results: [result('5', false, day(18)), result('5', true, day(17))] },
    situation: 'unstable',
    since: day(18),
    mustAct: byProvider,
    sentences: [
      'The same version of Bar kept this pact 3 days ago: what it answers, or the state it answers from, changes from run to run.',
    ],
  },
  {
    caption: 'an older version kept it',
    blocker: failed,
    context: {
      results: [
        result('5', false, day(18)),
        result('5', false, day(16)),
        result('4', true, day(15)),
        result('3', true, day(14)),
      ],
    },
    situation: 'broken',
    since: day(16),
    mustAct: byProvider,
    sentences: [
      'Version 4 of Bar kept it (5 days ago), so Bar has broken it since and must be repaired.',
    ],
  },
  {
    caption: 'the interaction was kept in an earlier content',
    blocker: failed,
    context: {
      results: [result('5', false, day(18))],
      keptLast: [{ providerVersion: '2', verifiedAt: day(10) }],
      isPending: true,
    },
    situation: 'broken',
    since: day(18),
    mustAct: byProvider,
    sentences: [
      'Version 2 of Bar kept it (10 days ago), so Bar has broken it since and must be repaired.',
      'The pact is pending for Bar: if its build asks for pending pacts, it stays green in spite of the failure, so tell its team.',
    ],
  },
  {
    caption: 'nobody ever kept it',
    blocker: failed,
    context: { results: [result('5', false, day(18))], isPending: false },
    situation: 'never-kept',
    since: day(18),
    mustAct: byProvider,
    sentences: [
      'No version of Bar has ever kept what failed; Foo published it 10 days ago.',
      'Bar must learn it, or Foo must take it back.',
    ],
  },
  {
    caption: 'the provider is not there, but a version verified it',
    blocker: unverified([]),
    context: { results: [result('5', true, day(18))] },
    situation: 'provider-absent',
    since: day(10),
    mustAct: byProvider,
    sentences: [
      'No version of Bar is recorded in prod.',
      'Version 5 of Bar has verified this pact (2 days ago). Deploy that one to prod first, and record it.',
      'If Bar is not needed there yet, as in a first deployment, leave it out of the question: --ignore Bar',
    ],
  },
  {
    caption: 'a provider that never published anything is not there',
    blocker: unverified([]),
    context: { destination: { tag: 'prod', latest: true } },
    situation: 'provider-absent',
    since: day(10),
    mustAct: byProvider,
    sentences: [
      'No version of Bar is tagged prod.',
      'No version of Bar has verified this pact yet; Foo published it 10 days ago.',
      'Bar has never published a verification result.',
      'If Bar is not needed there yet, as in a first deployment, leave it out of the question: --ignore Bar',
    ],
  },
  {
    caption: 'a newer version than the one there verified it',
    blocker: unverified(['4']),
    context: { results: [result('5', true, day(18))], destination: {} },
    situation: 'verified-by-newer-version',
    since: day(10),
    mustAct: byProvider,
    sentences: [
      'Version 5 of Bar, which is newer, has verified this pact (2 days ago).',
      'Take that one first.',
    ],
  },
  {
    caption: 'an older version verified it',
    blocker: unverified(['6', '7']),
    context: {
      results: [result('5', true, day(18))],
      wantedSince: day(12),
      providerLastSeen: day(18),
    },
    situation: 'not-verified',
    since: day(12),
    mustAct: byProvider,
    sentences: [
      'Version 5 of Bar verified it 2 days ago.',
      'The build of version 6 or 7 of Bar must verify it and publish the result; its selectors must pick this pact.',
      'Bar published its last verification result, of whatever pact, 2 days ago.',
    ],
  },
  {
    caption: 'a version tried and failed',
    blocker: unverified('any'),
    context: {
      results: [result('5', false, day(18))],
      wantedSince: day(2),
      providerLastSeen: day(18),
    },
    situation: 'not-verified',
    since: day(10),
    mustAct: byProvider,
    sentences: [
      'No version of Bar has verified this pact yet; Foo published it 10 days ago.',
      'Version 5 tried it 2 days ago and failed.',
      'The build of any version of Bar must verify it and publish the result; its selectors must pick this pact.',
      'Bar published its last verification result, of whatever pact, 2 days ago.',
    ],
  },
  {
    caption: 'there is no pact',
    blocker: only({ integrations: [{ consumer: foo, provider: bar, isRequired: true }] }),
    situation: 'no-pact',
    mustAct: { role: 'consumer', name: 'Foo' },
    sentences: [
      'The version of Foo that is asked about has published no pact with Bar.',
      'Publish it under this very version, or ask about another one.',
    ],
  },
  {
    caption: 'the version is not known',
    blocker: only({ selectors: [picked(foo, [])] }),
    situation: 'unknown-version',
    mustAct: { role: 'pacticipant', name: 'Foo' },
    sentences: [
      'Nothing is known about it yet.',
      'Publish the pacts or verification results of Foo under this very version first, or check how it is written.',
    ],
  },
  {
    caption: 'only pending interactions failed',
    blocker: only({ rows: [aRow('5', true)] }),
    context: { results: [result('5', false, day(18))] },
    situation: 'pending-failure',
    since: day(18),
    sentences: [
      'Only interactions failed that the pact marks as pending, which does not stand in the way.',
    ],
  },
];

describe('what stands in the way is explained', () => {
  test.each(examples)('when $caption', ({ blocker, context, ...expected }) => {
    const { situation, since, mustAct, sentences } = expected;
    expect(explainBlocker(blocker, contextOf(context))).toEqual({
      situation,
      since,
      mustAct,
      sentences,
    });
  });

  test('every version is newer than one that is not told', () => {
    const { providerVersion: _, ...row } = aRow('5');
    const blocker = only({ rows: [{ ...row, providerVersion: undefined }] });
    const context = contextOf({ results: [result('1', true, day(18))] });
    expect(explainBlocker(blocker, context).situation).toBe('kept-by-newer-version');
  });

  test.each([
    [{ mainBranch: true, latest: true }, 'No version of Bar is on its main branch.'],
    [{ latest: true }, 'No version of Bar is known.'],
  ])('a provider that is not there, with %j', (destination, sentence) => {
    const { sentences } = explainBlocker(unverified([]), contextOf({ destination }));
    expect(sentences[0]).toBe(sentence);
  });
});

describe('what stands in the way', () => {
  test('is in the order of the errors, with their words', () => {
    const blockers = blockersOf({
      rows: [aRow(), aRow('5'), aRow('6', true)],
      selectors: [picked(foo, ['1']), picked(bar, ['5'])],
      integrations: [{ consumer: foo, provider: { id: 3, name: 'Baz' }, isRequired: true }],
    });
    expect(blockers.map(({ kind, reason }) => [kind, describeReason(reason)])).toEqual([
      ['failed', expect.stringContaining('failed')],
      ['not-verified', expect.stringContaining('no verified pact')],
      ['no-pact', expect.stringContaining('any version of Baz')],
      ['pending-failure', expect.stringContaining('marks as pending')],
    ]);
  });

  test.each<readonly [string, readonly ResolvedSelector[], unknown]>([
    ['nobody asks for a provider version', [], 'any'],
    ['any version will do', [picked(bar, 'any')], 'any'],
    ['versions are named', [picked(bar, ['4']), picked(bar, ['5'])], [version('4'), version('5')]],
  ])('names the versions that should have verified: %s', (_caption, selectors, wanted) => {
    expect(only({ rows: [aRow()], selectors: [picked(foo, ['1']), ...selectors] })).toMatchObject({
      wanted,
    });
  });
});
