import { oneOf, type Random } from '../random-values.ts';
import { hasTie } from './ties.ts';

export interface FuzzRuleList {
  readonly matchers: readonly Readonly<Record<string, unknown>>[];
  readonly combine: 'AND' | 'OR';
}

/** By path expression. */
export type FuzzRules = Readonly<Record<string, FuzzRuleList>>;

export type Steps = readonly (string | number)[];

/** Patterns of Ruby's dialect, plain ones and those that JavaScript spells otherwise. */
const PATTERNS = [
  ...[
    '\\d+',
    'red|blue',
    '[a-z]*',
    '(?i)RED.*',
    '.+',
    '.*',
    '^\\w+$',
    '\\w+ \\w+',
    '-?\\d+',
    '[^a]',
  ],
  ...['\\h+', '[[:alpha:]]+', '[[:digit:][:space:]]*', '\\p{Alpha}+', '(?>r+)ed', 'r++ed', '.{,3}'],
  ...[
    '\\A\\w+\\z',
    '(?<x>a|A)',
    '\\S+',
    '[\\d.]+',
    'a b|\\d{2}',
    '\\d{4}-\\d{2}-\\d{2}',
    '(',
    'true',
  ],
  ...[
    '(red|blue)( (red|blue))?',
    '[a-zé]+',
    '\\D*',
    '\\W?',
    '"?a"?',
    '(?:a|b)*?',
    '(?m).+',
    'nu?l{2}',
  ],
];

/** Ruby understands them, JavaScript has no words for them. */
export const BEYOND_JAVASCRIPT: readonly string[] = ['\\Gred', '(?#c)red', '(?x)r e d', 'a{2}+'];

const DATES: readonly (readonly [string, string])[] = [
  ...[
    'yyyy-MM-dd',
    'dd.MM.yyyy',
    'd MMM yyyy',
    "yyyy-MM-dd'T'HH:mm:ss",
    'EEE, d MMM yyyy',
    'yy-M-d',
  ],
].map((format) => ['date', format] as const);

const TIMES: readonly (readonly [string, string])[] = [
  ...['HH:mm:ss', 'HH:mm', 'hh:mm a', 'H:m', 'HH:mm:ss.SSS', 'kk:mm'].map(
    (format) => ['time', format] as const,
  ),
  ...["yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm:ssZ", "yyyy-MM-dd'T'HH:mm:ss.SSSX", ''].map(
    (format) => ['datetime', format] as const,
  ),
];

const LENIENT: readonly Readonly<Record<string, unknown>>[] = [
  { match: 'type' },
  { match: 'notEmpty' },
  { match: 'type', min: 1 },
  { match: 'type', max: 3 },
  { match: 'type', min: 0, max: 2 },
  { match: 'regex', regex: '.*' },
];

/** Rules that speak about one text or value. */
const VALUE_RULES: readonly Readonly<Record<string, unknown>>[] = [
  ...LENIENT,
  ...LENIENT,
  ...[...PATTERNS, ...BEYOND_JAVASCRIPT].map((regex) => ({ match: 'regex', regex })),
  ...[...DATES, ...TIMES].map(([match, format]) => ({ match, format })),
  ...['equality', 'number', 'integer', 'decimal', 'real', 'boolean', 'null', 'semver'].flatMap(
    (match) => [{ match }, { match }],
  ),
  { match: 'include', value: 'e' },
  { match: 'include', value: '1' },
  { match: 'min', min: '2' },
  { match: 'max', max: 1 },
  { min: 1 },
  { regex: '\\w+' },
  { match: 'contentType', value: 'text/plain' },
];

/** Rules that speak about the members of a list or map. */
const MEMBER_RULES: readonly Readonly<Record<string, unknown>>[] = [
  { match: 'values' },
  { match: 'eachKey', rules: [{ match: 'regex', regex: '[a-z]+' }] },
  { match: 'eachKey', rules: [{ match: 'notEmpty' }] },
  { match: 'eachValue', rules: [{ match: 'type' }] },
  { match: 'eachValue', rules: [{ match: 'number' }] },
  { match: 'eachValue', rules: [{ match: 'regex', regex: '[a-z0-9]+' }] },
  { match: 'eachValue', rules: [{ match: 'type' }, { match: 'notEmpty' }] },
  { match: 'eachValue', rules: [{ match: 'integer' }] },
  { match: 'eachValue', rules: [] },
  { match: 'statusCode' },
];

export type RuleFamily = 'values' | 'members';

function randomRule(random: Random, family: RuleFamily): Readonly<Record<string, unknown>> {
  if (family === 'members' && random(4) === 0) {
    return random(3) === 0 ? randomVariants(random) : oneOf(random, MEMBER_RULES);
  }
  return oneOf(random, VALUE_RULES);
}

/** Where two of the rules below may meet. */
const INSIDE_VARIANTS: readonly Steps[] = [[0], ['a'], ['b'], ['id'], ['x']];

/** Variants of a list that are to be found somewhere in it. */
function randomVariants(random: Random): Readonly<Record<string, unknown>> {
  const variants = Array.from({ length: random(3) }, (_, index) => {
    const rules: FuzzRules = Object.fromEntries(
      [...Array(random(3)).keys()].map(() => [
        oneOf(random, ['$', '$.a', '$.b', '$.*', '$[0]', '$[*]', '$.id']),
        randomRuleList(random, 'values'),
      ]),
    );
    return random(4) === 0 || hasTie(rules, INSIDE_VARIANTS) ? { index } : { index, rules };
  });
  return { match: 'arrayContains', variants };
}

export function randomRuleList(random: Random, family: RuleFamily): FuzzRuleList {
  const count = random(4) === 0 ? 2 : 1;
  const matchers = Array.from({ length: count }, () => randomRule(random, family));
  return { matchers, combine: random(2) === 0 ? 'AND' : 'OR' };
}

/** Rules for some of the places, spelled below `root`; steps turn into stars now and then. */
export function randomRules(
  random: Random,
  places: readonly Steps[],
  options: { readonly root: string; readonly family: RuleFamily; readonly stars: boolean },
): FuzzRules {
  const count = random(5) === 0 ? 0 : 1 + random(3);
  return Object.fromEntries(
    Array.from({ length: count }, () => {
      const path = oneOf(random, places).map((step) =>
        options.stars ? starred(random, step) : stepText(step),
      );
      return [options.root + path.join(''), randomRuleList(random, options.family)];
    }),
  );
}

function starred(random: Random, step: string | number): string {
  if (random(10) === 0) {
    return '.*';
  }
  return typeof step === 'number' && random(2) === 0 ? '[*]' : stepText(step);
}

function stepText(step: string | number): string {
  if (typeof step === 'number') {
    return `[${step}]`;
  }
  return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step}']`;
}
