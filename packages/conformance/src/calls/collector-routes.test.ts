import type { HttpOperation } from '@concordat/domain';
import { describe, expect, test } from 'vitest';
import { type CollectorRoute, type CollectorTest, collectorRoutes } from './collector-routes.ts';
import { compilePact } from './compile-pact.ts';
import { literalPattern, toRe2 } from './re2-pattern.ts';
import { RouteResolver } from './route-resolver.ts';

const compiled = new Map<string, RegExp>();

/** Patterns of RE2 in JavaScript's words. */
function matches(pattern: string, path: string): boolean {
  const flags = pattern.startsWith('(?i)') ? 'i' : '';
  const body = pattern.slice(flags === '' ? 0 : 4).replaceAll('\\z', '$');
  const regex = compiled.get(pattern) ?? new RegExp(body, flags);
  compiled.set(pattern, regex);
  return regex.test(path);
}

function passes({ all, none }: CollectorTest, path: string): boolean {
  return (
    all.every((patterns) => patterns.some((pattern) => matches(pattern, path))) &&
    !none.some((pattern) => matches(pattern, path))
  );
}

/** As a collector goes through its statements. */
function routeOf(routes: readonly CollectorRoute[], path: string): string | undefined {
  return routes.find(({ tests }) => tests?.some((one) => passes(one, path)))?.route;
}

function random(seed: number): <T>(from: readonly T[]) => T {
  let state = seed;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[(state >>> 8) % from.length] as (typeof from)[number];
  };
}

const WORDS = [
  'orders',
  'items',
  'v1',
  'v2',
  'S3',
  'latest',
  'köln',
  'a b',
  'a/b',
  'x.y',
  '$x',
  '',
];
const IDS = ['7', '4711', 'a1b2', 'me@example.com', 'AbCdEfGhIjKlMnOpQrStUv', 'sku-9', '100%'];
const PATTERNS = [
  '\\d+',
  '[a-z]+',
  '[^/]+',
  '(?:orders|items)',
  '[0-9a-f]{2,4}',
  '\\d*',
  '.+',
  '\\S+',
];

function request(segments: readonly string[], patterns?: readonly string[]) {
  const path = `/${segments.map(encodeURIComponent).join('/')}`;
  const regex = patterns === undefined ? undefined : `^/${patterns.join('/')}$`;
  const matchers = { path: { matchers: [{ match: 'regex', regex }] } };
  return { request: { method: 'GET', path, ...(regex && { matchingRules: matchers }) } };
}

function randomContracts(seed: number): RouteResolver {
  const pick = random(seed);
  const depth = () => Array.from({ length: pick([1, 2, 3, 4]) });
  const interactions = Array.from({ length: 12 }, () => {
    const segments = depth().map(() => pick([...WORDS.slice(0, 6), ...IDS.slice(0, 4)]));
    const patterns = segments.map((segment) => pick([segment, ...PATTERNS]));
    return request(segments, pick([patterns, undefined]));
  });
  const operations = Array.from({ length: 8 }, (): HttpOperation => {
    const segments = depth().map(() =>
      pick([...WORDS, '{id}', '{sku}', '{name}.csv', '{id}:stop']),
    );
    const path = `/${segments.map((segment) => (segment.includes('{') ? segment : encodeURIComponent(segment))).join('/')}`;
    const names = { operationId: undefined, statuses: [] };
    return { kind: 'http', key: `GET ${path}`, method: 'GET', path, ...names };
  });
  const pact = compilePact(JSON.stringify({ interactions }));
  return new RouteResolver({ pacts: [pact], operations });
}

describe('a collector', () => {
  test.each(Array.from({ length: 30 }, (_, seed) => [seed]))(
    'names random paths as the resolver does (contracts %i)',
    (seed) => {
      const resolver = randomContracts(seed);
      const routes = collectorRoutes(resolver.routes());
      const pick = random(seed + 1000);
      for (let round = 0; round < 200; round += 1) {
        const segments = Array.from({ length: pick([1, 2, 3, 4, 5]) }, () =>
          pick([...WORDS, ...IDS, 'may.csv', '7:stop', 'beef', pick(['', 'orders'])]),
        );
        const path = `/${segments.map(encodeURIComponent).join('/')}${pick(['', '', '/'])}`;
        expect([path, routeOf(routes, path)]).toEqual([path, resolver.templateOf('GET', path)]);
      }
    },
  );

  test('is told of no route whose pattern it cannot run, and of guesses that they are guesses', () => {
    const interactions = [
      request(['a', '7'], ['a', '(?!0)\\d+']),
      request(['b', '7']),
      request(['c', 'x', 'y'], ['c', '.*']),
      request(['d', 'x', 'y'], ['d', '(?<=/).*']),
    ];
    const pact = compilePact(JSON.stringify({ interactions }));
    const routes = collectorRoutes(new RouteResolver({ pacts: [pact] }).routes());
    expect(
      routes.map(({ route, isGuessed, tests }) => [route, isGuessed, tests !== undefined]),
    ).toEqual([
      ['/a/{id}', false, false],
      ['/b/{id}', true, true],
      ['/c/x/y', false, true],
      ['/d/x/y', false, true],
      ['/c/x/y', false, true],
      ['/d/x/y', false, false],
    ]);
  });
});

describe('a pattern for RE2', () => {
  test.each<readonly [string, string | undefined]>([
    ['^\\/v1\\/[a-z]+\\/\\d{2,3}?$', '(?:/v1/[a-z]+/\\d{2,3}?)'],
    ['\\A(?<id>\\h+)\\z', '(?:(?:[0-9A-Fa-f]+))'],
    ['a\\$b[[:alpha:]\\]]', '(?:a\\x24b[[:alpha:]\\]])'],
    ['(a|b)*', '(?:(a|b)*)'],
    ['(?<id>a)(?<id>b)', undefined],
    ['a$b', undefined],
    ['[$]', undefined],
    ['a++', undefined],
    ['(?>a)', undefined],
    ['(?i)a', undefined],
    ['(a)\\1', undefined],
    ['a(?=b)', undefined],
    ['\\p{Alpha}', undefined],
    ['a{1001}', undefined],
    ['a{b', undefined],
    ['[a&&[b]]', undefined],
    ['|*', undefined],
    ['[\\S]', undefined],
  ])('%s becomes %s', (pattern, re2) => {
    expect(toRe2(pattern, 'path')).toBe(re2);
  });

  test('of a segment accepts no slash', () => {
    expect(toRe2('.\\S\\D\\W[^a]\\.', 'segment')).toBe(
      '(?:[^/][^/\\s][^/0-9][^/0-9A-Za-z_][^/a]\\.)',
    );
  });

  test.each([
    ['a.b', ['a.b', 'a%2eb', 'a%2Eb'], ['axb', 'a.b.']],
    ['ö$', ['ö$', '%C3%B6%24', '%c3%b6$'], ['o$']],
    ['a%2Fb', ['a%2Fb', 'a%2fb', 'a%252Fb'], ['a/b']],
    ['100%', ['100%25', '100%'], ['100']],
    ['👍', ['👍', '%F0%9F%91%8D'], ['%F0%9F%91']],
  ])('of the text %s accepts it escaped or not', (text, accepted, refused) => {
    const regex = new RegExp(`^${literalPattern(text)}$`);
    expect([accepted.map((one) => regex.test(one)), refused.map((one) => regex.test(one))]).toEqual(
      [accepted.map(() => true), refused.map(() => false)],
    );
    expect(literalPattern(text)).not.toContain('$');
  });
});
