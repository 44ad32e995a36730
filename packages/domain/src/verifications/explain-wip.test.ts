import { expect, test } from 'vitest';
import { whyNotWip, whyNoWip } from './explain-wip.ts';
import type { ProviderView } from './pending.ts';

const onMain: ProviderView = { kind: 'branch', line: { name: 'main', createdAt: undefined } };
const tagged: ProviderView = { kind: 'tags', lines: [] };
const MONDAY = '2026-01-05T00:00:00.000Z';
const TUESDAY = '2026-01-06T00:00:00.000Z';

test.each<readonly [string | undefined, ProviderView, string | undefined]>([
  [undefined, onMain, 'Work in progress was not asked for (includeWipPactsSince).'],
  [MONDAY, { kind: 'none' }, 'Work in progress needs the branch or tags of the provider version.'],
  [MONDAY, onMain, undefined],
  [MONDAY, tagged, undefined],
])('since %s with %j', (wipSince, view, sentence) => {
  expect(whyNoWip(wipSince, view)).toBe(sentence);
});

test.each<readonly [string, ProviderView, { readonly kind: string; readonly words: string }]>([
  [TUESDAY, onMain, { kind: 'published-before', words: `was published before ${TUESDAY}.` }],
  [MONDAY, onMain, { kind: 'already-verified', words: 'on that branch, or elsewhere before' }],
  [MONDAY, tagged, { kind: 'already-verified', words: 'on each of those tags, or elsewhere' }],
])('since %s, seen from %j: %j', (wipSince, view, { kind, words }) => {
  const pact = {
    consumer: { id: 1, name: 'Foo' },
    consumerVersion: { id: 1, number: '1' },
    pactVersionId: 1,
    sha: 'abc',
    publishedAt: TUESDAY,
  };
  const left = whyNotWip({ pact, reasons: [] }, wipSince, { provider: 'Bar', view });
  expect(left).toEqual({ kind, sentence: expect.stringContaining(words) });
  expect(left.sentence).toContain('version 1 of Foo');
});
