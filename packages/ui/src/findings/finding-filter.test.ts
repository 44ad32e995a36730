import { expect, test } from 'vitest';
import { aFinding } from '../testing/samples.tsx';
import { countWords, evidenceWords, versionWords } from './finding-card.tsx';
import { countKinds, filterFindings, peersOf, readFindingFilter } from './finding-filter.ts';
import { findingKinds, findingLabel, findingMeaning, findingTone } from './finding-kinds.ts';

const findings = [
  aFinding({ id: 'a', openedAt: '2026-11-21T09:00:00Z', lastSeen: '2026-11-21T11:59:00Z' }),
  aFinding({
    id: 'b',
    kind: 'not-seen',
    consumer: 'gateway',
    provider: 'orders',
    operation: 'DELETE /orders/{id}',
  }),
  aFinding({
    id: 'c',
    kind: 'unrecorded-version',
    consumer: null,
    provider: 'mail',
    operation: null,
    sentence: 'mail 9 was never recorded.',
  }),
];

test.each([
  ['', ['b', 'c', 'a']],
  ['kind=not-seen', ['b']],
  ['consumer=web', ['a']],
  ['provider=mail', ['c']],
  ['q=NEVER%20recorded', ['c']],
  ['q=%2Forders', ['b']],
  ['consumer=web&provider=mail', []],
])('%j lets the findings %j through, the newest first', (query, ids) => {
  const shown = filterFindings(findings, readFindingFilter(new URLSearchParams(query)));
  expect(shown.map(({ id }) => id)).toEqual(ids);
});

test('only kinds and peers that occur are offered', () => {
  expect(countKinds([...findings, aFinding()])).toEqual([
    ['uncovered-call', 'Uncovered call', 2],
    ['unrecorded-version', 'Unrecorded version', 1],
    ['not-seen', 'Not seen', 1],
  ]);
  expect(peersOf(findings, 'consumer')).toEqual(['gateway', 'web']);
  expect(peersOf(findings, 'provider')).toEqual(['mail', 'orders', 'shop']);
});

test('every kind has a label, a meaning and a sign', () => {
  for (const [kind] of findingKinds) {
    expect(findingLabel(kind)).not.toBe(kind);
    expect(findingMeaning(kind)).not.toBe('');
  }
  const tones = findingKinds.map(([kind]) => findingTone(kind));
  expect(new Set(tones)).toEqual(
    new Set(['verification-failed', 'drift', 'uncontracted', 'unused']),
  );
});

test('evidence, versions and counts are said in words', () => {
  expect(evidenceWords(aFinding())).toBe('Evidence: 1,200 calls in 2 h, every call sampled');
  expect(evidenceWords({ evidence: { window: 60, calls: 1, sampleRate: 0.05 } })).toBe(
    'Evidence: 1 call in 1 min, 5 % sampled',
  );
  expect(versionWords(aFinding())).toEqual(['web 1', 'shop 7']);
  expect(
    versionWords(aFinding({ consumer: null, versions: { consumer: ['1'], provider: [] } })),
  ).toEqual([]);
  expect(countWords(aFinding({ count: 1 }))).toBe('1 time · last');
  expect(countWords(aFinding({ kind: 'not-seen' }))).toBe('last checked');
});
