import { urlWords } from './path-segments.ts';
import { literalPattern, toRe2 } from './re2-pattern.ts';
import type { ResolverRoute } from './route-resolver.ts';
import type { RouteStep } from './route-template.ts';

/** A test of a path as a collector can make it: every list of `all` has a pattern that matches, and none of `none` matches. */
export interface CollectorTest {
  readonly all: readonly (readonly string[])[];
  readonly none: readonly string[];
}

/** How a collector recognises one route. Patterns are of RE2 (Go) and hold no `$`, which collectors replace in their files. */
export interface CollectorRoute {
  readonly method: string;
  readonly route: string;
  /** True where an example of a pact was all there was to tell which segments vary. */
  readonly isGuessed: boolean;
  /** Any of them will do; undefined for a pattern that RE2 does not have. */
  readonly tests: readonly CollectorTest[] | undefined;
}

/** In the order in which routes are tried: the first that fits is the route. */
export function collectorRoutes(routes: readonly ResolverRoute[]): readonly CollectorRoute[] {
  return routes.map((route) => ({
    method: route.method,
    route: route.text,
    isGuessed: route.kind === 'template' && route.steps.some(({ kind }) => kind === 'guessed'),
    tests: testsOf(route),
  }));
}

const START = '^';
const END = '\\z';
/** One sign of a path, which may be escaped. */
const SIGN = '(?:[^/%]|%[0-9A-Fa-f]{2})';
const ID = '(?:[0-9]+|[^/]*(?:@|%40)[^/]*)';
/** An escaped slash stays escaped, and its escape has a digit. */
const WITH_DIGIT = `${SIGN}*(?:[0-9]|%2[Ff])${SIGN}*`;
const LONG = `${SIGN}{20,}`;
const MIXED = `${SIGN}*(?:[a-z][A-Z]|[A-Z][a-z][A-Z])${SIGN}*`;

function testsOf(route: ResolverRoute): readonly CollectorTest[] | undefined {
  if (route.kind === 'rule') {
    const pattern = route.pattern === undefined ? undefined : toRe2(route.pattern, 'path');
    return pattern === undefined ? undefined : [{ all: [[`${START}${pattern}${END}`]], none: [] }];
  }
  const fixed = route.steps.map(patternOf);
  if (!fixed.every((pattern) => pattern !== undefined)) {
    return undefined;
  }
  const guesses = [...route.steps.keys()].filter((at) => route.steps[at]?.kind === 'guessed');
  const path = (at: number, pattern: string): string => pathOf(fixed.with(at, pattern));
  return [
    {
      all: [
        ...(guesses.length === 0 ? [[pathOf(fixed)]] : []),
        ...guesses.flatMap((at) => [
          [path(at, `(?:${ID}|${WITH_DIGIT})`), path(at, LONG)],
          [path(at, `(?:${ID}|${WITH_DIGIT})`), path(at, MIXED)],
        ]),
      ],
      none: [...guesses.map((at) => `(?i)${path(at, WORD)}`), ...emptyEnd(route.steps, fixed)],
    },
  ];
}

/** A last segment may be empty where its pattern says so, but then the slash before it is not the one that a path may end with. */
function emptyEnd(steps: readonly RouteStep[], patterns: readonly string[]): readonly string[] {
  const last = steps.at(-1);
  const mayBeEmpty = steps.length > 1 && last?.kind === 'constrained' && last.accepts('');
  return mayBeEmpty ? [pathOf(patterns.slice(0, -1))] : [];
}

function pathOf(patterns: readonly string[]): string {
  return `${START}/${patterns.join('/')}/?${END}`;
}

/** What a guess takes for words although they hold digits. */
const WORD = `(?:v[0-9]+(?:\\.[0-9]+)*|${urlWords.join('|')})`;

function patternOf(step: RouteStep): string | undefined {
  switch (step.kind) {
    case 'literal':
      return literalPattern(step.text);
    case 'constrained':
      return step.escaped ?? toRe2(step.pattern, 'segment');
    case 'guessed':
    case 'free':
      return '[^/]+';
  }
}
