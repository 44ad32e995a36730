import { describe, expect, test } from 'vitest';
import { type MatrixFacts, markIgnored } from './considered-rows.ts';
import { decideDeployment } from './decide-deployment.ts';
import { describeReason, noticeType } from './matrix-reason.ts';
import type { MatrixRow } from './matrix-row.ts';
import type { MatrixSelector, ResolvedSelector } from './matrix-selector.ts';

const IDS: Readonly<Record<string, number>> = { Foo: 1, Bar: 2, Baz: 3 };

function party(name: string) {
  return { id: IDS[name] ?? 99, name };
}

function version(name: string, number: string) {
  return { id: (IDS[name] ?? 99) * 1000 + Number(number), number };
}

/** `aRow('Foo 1', 'Bar 10', true)`; without a result the provider has no version. */
function aRow(consumer: string, provider: string, success?: boolean): MatrixRow {
  const [consumerName = '', consumerNumber = ''] = consumer.split(' ');
  const [providerName = '', providerNumber = ''] = provider.split(' ');
  return {
    consumer: party(consumerName),
    consumerVersion: version(consumerName, consumerNumber),
    provider: party(providerName),
    providerVersion: success === undefined ? undefined : version(providerName, providerNumber),
    sha: 'abc',
    revision: 1,
    publishedAt: '2026-01-01T00:00:00.000Z',
    verification:
      success === undefined
        ? undefined
        : { number: 200, success, verifiedAt: '2026-01-02T00:00:00.000Z' },
  };
}

function aPendingFailure(consumer: string, provider: string): MatrixRow {
  const row = aRow(consumer, provider, false);
  return {
    ...row,
    verification: row.verification && { ...row.verification, isPendingFailure: true },
  };
}

function aSelector(
  selector: MatrixSelector,
  numbers: readonly string[] | 'any',
  isSpecified = true,
): ResolvedSelector {
  const name = selector.pacticipant;
  return {
    selector,
    isSpecified,
    pacticipantId: party(name).id,
    versions: numbers === 'any' ? 'any' : numbers.map((number) => version(name, number)),
  };
}

function needs(consumer: string, provider: string, isRequired = true) {
  return { consumer: party(consumer), provider: party(provider), isRequired };
}

const toProd = { environment: 'prod' };
const foo1 = aSelector({ pacticipant: 'Foo', version: '1' }, ['1']);
const bar10 = aSelector({ pacticipant: 'Bar', version: '10' }, ['10']);
const barInProd = (...numbers: string[]) =>
  aSelector({ pacticipant: 'Bar', environment: 'prod' }, numbers, false);
const fooInProd = (...numbers: string[]) =>
  aSelector({ pacticipant: 'Foo', environment: 'prod' }, numbers, false);

interface Example {
  readonly situation: string;
  readonly facts: Partial<MatrixFacts>;
  readonly deployable: boolean | null;
  readonly counts: readonly [success: number, failed: number, unknown: number, ignored: number];
  readonly reason: string;
}

const OK = 'All required verification results are published and successful';

const examples: readonly Example[] = [
  {
    situation: 'the provider in prod verified the pact',
    facts: {
      selectors: [foo1, barInProd('10')],
      rows: [aRow('Foo 1', 'Bar 10', true)],
      integrations: [needs('Foo', 'Bar')],
    },
    deployable: true,
    counts: [1, 0, 0, 0],
    reason: OK,
  },
  {
    situation: 'another version of the provider is in prod',
    facts: {
      selectors: [foo1, barInProd('9')],
      rows: [aRow('Foo 1', 'Bar')],
      integrations: [needs('Foo', 'Bar')],
    },
    deployable: null,
    counts: [0, 0, 1, 0],
    reason:
      'There is no verified pact between version 1 of Foo and the version of Bar currently in prod (9)',
  },
  {
    situation: 'the provider was never deployed',
    facts: {
      selectors: [foo1, barInProd()],
      rows: [aRow('Foo 1', 'Bar')],
      integrations: [needs('Foo', 'Bar')],
    },
    deployable: null,
    counts: [0, 0, 1, 0],
    reason:
      'There is no verified pact between version 1 of Foo and a version of Bar currently in prod (no version is currently recorded as deployed/released in this environment)',
  },
  {
    situation: 'a provider goes where no consumer is',
    facts: { selectors: [bar10, fooInProd()], integrations: [needs('Foo', 'Bar', false)] },
    deployable: true,
    counts: [0, 0, 0, 0],
    reason: 'There are no missing dependencies',
  },
  {
    situation: 'a provider goes where a consumer is that it fails',
    facts: {
      selectors: [bar10, fooInProd('1')],
      rows: [aRow('Foo 1', 'Bar 10', false)],
      integrations: [needs('Foo', 'Bar', false)],
    },
    deployable: false,
    counts: [0, 1, 0, 0],
    reason:
      'The verification for the pact between the version of Foo currently in prod (1) and version 10 of Bar failed',
  },
  {
    situation: 'the version does not exist',
    facts: { selectors: [aSelector({ pacticipant: 'Foo', version: '99' }, [])] },
    deployable: false,
    counts: [0, 0, 0, 0],
    reason: 'No pacts or verifications have been published for version 99 of Foo',
  },
  {
    situation: 'what is missing is ignored',
    facts: {
      selectors: [foo1, barInProd('10')],
      rows: [aRow('Foo 1', 'Bar 10', true), aRow('Foo 1', 'Baz')],
      integrations: [needs('Foo', 'Bar'), needs('Foo', 'Baz')],
      ignored: [
        { pacticipant: 'Baz', version: undefined, isKnownPacticipant: true, isKnownVersion: true },
      ],
    },
    deployable: true,
    counts: [1, 0, 0, 1],
    reason: OK,
  },
  {
    situation: 'one of two consumer versions in prod is not verified',
    facts: {
      selectors: [bar10, fooInProd('1', '2')],
      rows: [aRow('Foo 2', 'Bar 10', true), aRow('Foo 1', 'Bar')],
      integrations: [needs('Foo', 'Bar', false)],
    },
    deployable: null,
    counts: [1, 0, 1, 0],
    reason:
      'There is no verified pact between one of the versions of Foo currently in prod (1) and version 10 of Bar',
  },
  {
    situation: 'several provider versions run and none has a result',
    facts: { selectors: [foo1, barInProd('9', '10')], rows: [aRow('Foo 1', 'Bar')] },
    deployable: null,
    counts: [0, 0, 1, 0],
    reason: 'There is no verified pact between version 1 of Foo and any version of Bar',
  },
  {
    situation: 'something failed and something else is not known',
    facts: {
      selectors: [
        foo1,
        barInProd('10'),
        aSelector({ pacticipant: 'Baz', environment: 'prod' }, [], false),
      ],
      rows: [aRow('Foo 1', 'Baz'), aRow('Foo 1', 'Bar 10', false)],
    },
    deployable: null,
    counts: [0, 1, 1, 0],
    reason:
      'The verification for the pact between version 1 of Foo and the version of Bar currently in prod (10) failed\nThere is no verified pact between version 1 of Foo and a version of Baz currently in prod (no version is currently recorded as deployed/released in this environment)',
  },
  {
    situation: 'an integration that must have a row has none',
    facts: {
      selectors: [foo1, aSelector({ pacticipant: 'Bar' }, 'any')],
      integrations: [needs('Foo', 'Bar')],
    },
    deployable: null,
    counts: [0, 0, 1, 0],
    reason: 'There is no verified pact between version 1 of Foo and any version of Bar',
  },
  {
    situation: 'an ignored side excuses a missing row',
    facts: {
      selectors: [foo1, aSelector({ pacticipant: 'Bar' }, 'any')],
      integrations: [needs('Foo', 'Bar'), needs('Baz', 'Bar')],
      ignored: [
        { pacticipant: 'Bar', version: undefined, isKnownPacticipant: true, isKnownVersion: true },
      ],
    },
    deployable: true,
    counts: [0, 0, 0, 0],
    reason: 'There are no missing dependencies',
  },
  {
    situation: 'nobody knows the pacticipant of a row by selector',
    facts: { selectors: [foo1], rows: [aRow('Foo 1', 'Bar 10', false)] },
    deployable: false,
    counts: [0, 1, 0, 0],
    reason: 'The verification for the pact between version 1 of Foo and any version of Bar failed',
  },
  {
    situation: 'only pending interactions failed',
    facts: {
      selectors: [foo1, barInProd('10')],
      rows: [aPendingFailure('Foo 1', 'Bar 10')],
      integrations: [needs('Foo', 'Bar')],
    },
    deployable: true,
    counts: [1, 0, 0, 0],
    reason: `WARN: The verification for the pact between version 1 of Foo and the version of Bar currently in prod (10) failed, but only for interactions that the pact marks as pending. It counts as successful.\n${OK}`,
  },
  {
    situation: 'pending interactions failed in one pact, others in another',
    facts: {
      selectors: [foo1, barInProd('10')],
      rows: [aPendingFailure('Foo 1', 'Bar 10'), aRow('Foo 1', 'Baz 3', false)],
    },
    deployable: false,
    counts: [1, 1, 0, 0],
    reason:
      'WARN: The verification for the pact between version 1 of Foo and the version of Bar currently in prod (10) failed, but only for interactions that the pact marks as pending. It counts as successful.\nThe verification for the pact between version 1 of Foo and any version of Baz failed',
  },
];

function factsOf(facts: Partial<MatrixFacts>): MatrixFacts {
  return { rows: [], selectors: [], integrations: [], ignored: [], destination: toProd, ...facts };
}

describe('may a version go to prod', () => {
  test.each(examples)('when $situation', ({ facts, deployable, counts, reason }) => {
    const verdict = decideDeployment(factsOf(facts));
    expect(verdict.deployable).toBe(deployable);
    expect([verdict.success, verdict.failed, verdict.unknown, verdict.ignored]).toEqual(counts);
    expect(verdict.reasons.map(describeReason).join('\n')).toBe(reason);
  });

  test('a selector that does not exist but is ignored does not make the answer no', () => {
    const gone = aSelector({ pacticipant: 'Foo', version: '99' }, []);
    const ignored = [
      { pacticipant: 'Foo', version: '99', isKnownPacticipant: true, isKnownVersion: false },
    ];
    expect(decideDeployment(factsOf({ selectors: [gone], ignored })).deployable).toBe(true);
  });
});

describe('warnings come before everything else', () => {
  const warningsOf = (facts: Partial<MatrixFacts>): readonly string[] =>
    decideDeployment(factsOf(facts))
      .reasons.filter((reason) => noticeType(reason) === 'warning')
      .map(describeReason);

  test('one version without a destination should name an environment', () => {
    expect(warningsOf({ selectors: [foo1], destination: {} })).toEqual([
      expect.stringContaining('recommended to specify the environment into which'),
    ]);
  });

  test.each([{ tag: 'prod' }, { environment: 'prod' }, { mainBranch: true }])(
    'the destination %j is enough',
    (destination) => {
      expect(warningsOf({ selectors: [foo1], destination })).toEqual([]);
    },
  );

  test('a branch instead of a number is a race', () => {
    const branch = aSelector({ pacticipant: 'Foo', branch: 'main', latest: true }, ['1']);
    expect(warningsOf({ selectors: [branch] })).toEqual([
      expect.stringContaining('recommended to specify the version number (rather than the tag'),
    ]);
  });

  test('bare names are not asked for a number', () => {
    const names = [
      aSelector({ pacticipant: 'Foo' }, 'any'),
      aSelector({ pacticipant: 'Bar' }, 'any'),
    ];
    expect(warningsOf({ selectors: names, destination: {} })).toEqual([]);
  });

  test('what cannot be ignored is said', () => {
    const entry = { pacticipant: 'Ghost', version: undefined };
    const unknown = [
      { ...entry, isKnownPacticipant: false, isKnownVersion: true },
      { pacticipant: 'Bar', version: 'zz', isKnownPacticipant: true, isKnownVersion: false },
    ];
    expect(warningsOf({ selectors: [foo1], ignored: unknown })).toEqual([
      'WARN: Cannot ignore any version of Ghost (no such pacticipant exists)',
      'WARN: Cannot ignore version zz of Bar (no such version exists)',
    ]);
  });
});

describe('ignoring', () => {
  const rows = [
    aRow('Foo 1', 'Bar 10', true),
    aRow('Foo 1', 'Bar 11', true),
    aRow('Foo 1', 'Baz 3', true),
  ];
  test.each([
    { caption: 'a provider', ignore: ['Baz', undefined], ignored: ['Baz'] },
    { caption: 'a version of it', ignore: ['Bar', '10'], ignored: ['Bar'] },
    { caption: 'a consumer', ignore: ['Foo', undefined], ignored: ['Bar', 'Bar', 'Baz'] },
    { caption: 'another version of the consumer', ignore: ['Foo', '2'], ignored: [] },
  ])('$caption puts its rows last', ({ ignore, ignored }) => {
    const [pacticipant = '', version] = ignore;
    const marked = markIgnored(rows, [
      { pacticipant, version, isKnownPacticipant: true, isKnownVersion: true },
    ]);
    const last = marked.slice(marked.length - ignored.length);
    expect(last.map(({ provider }) => provider.name)).toEqual(ignored);
    expect(marked.map(({ isIgnored }) => isIgnored)).toEqual([
      ...marked.slice(ignored.length).map(() => false),
      ...ignored.map(() => true),
    ]);
  });
});

test('every reason is a warning, an error or a success', () => {
  const sides = { consumer: 'a', provider: 'b' };
  expect(noticeType({ kind: 'verification-failed', ...sides })).toBe('error');
  expect(noticeType({ kind: 'not-verified', ...sides })).toBe('error');
  const selector = { pacticipant: 'Foo' };
  expect(noticeType({ kind: 'specified-version-does-not-exist', selector })).toBe('error');
  expect(noticeType({ kind: 'nothing-missing' })).toBe('success');
  expect(noticeType({ kind: 'all-successful' })).toBe('success');
});
