import { describe, expect, test } from 'vitest';
import {
  type Badge,
  canIDeployBadge,
  canIMergeBadge,
  notFoundBadge,
  pactBadge,
  pactStanding,
} from './badge.ts';
import { drawBadge } from './draw-badge.ts';

const text = ({ left, right, colour }: Badge): string => `${left} | ${right} | ${colour}`;

test.each([
  ['no pact', undefined, undefined, 'unknown'],
  ['no result', 'a', undefined, 'unknown'],
  ['passed', 'a', { sha: 'a', success: true, isPending: false }, 'verified'],
  ['passed with other content', 'a', { sha: 'b', success: true, isPending: false }, 'changed'],
  ['failed', 'a', { sha: 'a', success: false, isPending: false }, 'failed'],
  ['failed with other content', 'a', { sha: 'b', success: false, isPending: false }, 'failed'],
  ['failed while pending', 'a', { sha: 'a', success: false, isPending: true }, 'failed (pending)'],
] as const)('a pact stands as its latest result says: %s', (...[, sha, result, expected]) => {
  expect(pactStanding(sha, result)).toBe(expected);
});

describe('the badge of a pact', () => {
  const facts = {
    consumer: { name: 'FooBar Web' },
    provider: { name: 'Shop' },
    standing: 'verified' as const,
    initials: false,
  };

  test.each([
    ['names both sides', {}, 'foobar web/shop pact | verified | brightgreen'],
    ['one side', { label: 'consumer' }, 'foobar web pact | verified | brightgreen'],
    ['the other side', { label: 'provider' }, 'shop pact | verified | brightgreen'],
    ['an unknown side is none', { label: 'x' }, 'foobar web/shop pact | verified | brightgreen'],
    ['initials of several words', { initials: true }, 'fbw/shop pact | verified | brightgreen'],
    ['failed', { standing: 'failed' }, 'foobar web/shop pact | failed | red'],
    ['changed', { standing: 'changed' }, 'foobar web/shop pact | changed | orange'],
    ['unknown', { standing: 'unknown' }, 'foobar web/shop pact | unknown | lightgrey'],
    [
      'tags',
      { provider: { name: 'shop', tag: 'Prod' } },
      'foobar web/shop (prod) pact | verified | brightgreen',
    ],
  ] as const)('%s', (_case, changes, expected) => {
    expect(text(pactBadge({ ...facts, ...changes }))).toBe(expected);
  });
});

test.each([
  [
    canIDeployBadge({ from: 'main', to: 'prod', deployable: true }),
    'can-i-deploy | main to prod | brightgreen',
  ],
  [
    canIDeployBadge({ from: 'main', to: 'prod', deployable: null }),
    'can-i-deploy | main to prod | red',
  ],
  [canIDeployBadge({ from: 'a', to: 'b', deployable: false, label: 'me' }), 'me | a to b | red'],
  [canIMergeBadge(true), 'can-i-merge | success | brightgreen'],
  [canIMergeBadge(false), 'can-i-merge | failed | red'],
  [canIMergeBadge(null), 'can-i-merge | unknown | lightgrey'],
  [notFoundBadge('branch'), 'branch | not found | lightgrey'],
])('verdicts have their words and colours: %#', (badge, expected) => {
  expect(text(badge)).toBe(expected);
});

describe('the picture', () => {
  const draw = (left: string): string => drawBadge({ left, right: 'ok', colour: 'red' });

  test('holds names as text only', () => {
    const svg = draw('<script>"&"</script>\u0000');
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;&quot;&amp;&quot;&lt;/script&gt;\ufffd</text>');
  });

  test.each([
    ['wider letters make it wider', 'iii', 'mmm'],
    ['more letters make it wider', 'a', 'aa'],
    ['ideographs are wide', 'aa', '中文'],
  ])('%s', (_case, narrow, wide) => {
    const width = (svg: string): number => Number(/width="([\d.]+)"/.exec(svg)?.[1]);
    expect(width(draw(narrow))).toBeLessThan(width(draw(wide)));
  });
});
