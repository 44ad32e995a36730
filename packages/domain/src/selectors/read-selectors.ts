import type { ConsumerVersionSelector } from './consumer-version-selector.ts';

/** What the check of selectors needs to know beyond them. */
export interface SelectorContext {
  readonly providerBranch: string | undefined;
  readonly environments: ReadonlySet<string>;
}

export type SelectorsReading =
  | { readonly ok: true; readonly selectors: readonly ConsumerVersionSelector[] }
  | { readonly ok: false; readonly defects: readonly string[] };

type Raw = Readonly<Record<string, unknown>>;

const ONLY_TRUE = [
  'mainBranch',
  'matchingBranch',
  'fallbackToMainBranch',
  'deployed',
  'released',
  'deployedOrReleased',
];
const TEXTS = ['tag', 'fallbackTag', 'consumer', 'environment'];
const TEXTS_OR_TRUE = ['fallbackBranch', 'branch'];
const BRANCH_KEYS = [
  'latest',
  'tag',
  'fallbackTag',
  'branch',
  'fallbackBranch',
  'fallbackToMainBranch',
  'matchingBranch',
  'mainBranch',
];
const ENVIRONMENT_KEYS = ['environment', 'deployed', 'released', 'deployedOrReleased'];
const KNOWN_KEYS = [...new Set([...ONLY_TRUE, ...TEXTS, ...BRANCH_KEYS])];

/** Checks the consumer version selectors of a request; unknown keys are dropped, every defect carries its index. */
export function readConsumerVersionSelectors(
  value: unknown,
  context: SelectorContext,
): SelectorsReading {
  if (value === undefined || value === null) return { ok: true, selectors: [] };
  if (!Array.isArray(value)) return { ok: false, defects: ['must be an array'] };
  const defects = value.flatMap((raw: unknown, index) =>
    selectorDefects(raw, context).map((defect) => `${defect} (at index ${index})`),
  );
  if (defects.length > 0) return { ok: false, defects };
  return { ok: true, selectors: value.map((raw: Raw) => knownKeys(raw)) };
}

/** The two ways to name the main branch as fallback become one. */
function knownKeys(raw: Raw): ConsumerVersionSelector {
  const known = Object.entries(raw).filter(
    ([key, value]) => KNOWN_KEYS.includes(key) && value !== null,
  );
  return Object.fromEntries(
    known.map(([key, value]) => [key === 'fallbackToMainBranch' ? 'fallbackBranch' : key, value]),
  );
}

function selectorDefects(raw: unknown, context: SelectorContext): readonly string[] {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return ['must be a hash'];
  const selector = raw as Raw;
  const types = typeDefects(selector);
  return types.length > 0 ? types : ruleDefects(selector, context);
}

function typeDefects(selector: Raw): readonly string[] {
  const given = (key: string): boolean => isGiven(selector, key);
  const isOther = (key: string): boolean => given(key) && selector[key] !== true;
  const texts = [...TEXTS.filter(given), ...TEXTS_OR_TRUE.filter(isOther)];
  return [
    ...ONLY_TRUE.filter(isOther).map((key) => `${key} must be one of: true`),
    ...texts.flatMap((key) => textDefects(key, selector[key])),
    ...(given('latest') && typeof selector.latest !== 'boolean' ? ['latest must be boolean'] : []),
  ];
}

function textDefects(key: string, value: unknown): readonly string[] {
  if (typeof value !== 'string') return [`${key} must be a string`];
  if (value === '') return [`${key} must be filled`];
  return value.trim() === '' ? [`${key} cannot be blank`] : [];
}

function ruleDefects(selector: Raw, context: SelectorContext): readonly string[] {
  const given = (key: string): boolean => isGiven(selector, key);
  return [
    ...(picksSomething(selector)
      ? []
      : [
          'must specify a value for environment or tag or branch, or specify mainBranch=true, matchingBranch=true, latest=true, deployed=true, released=true or deployedOrReleased=true',
        ]),
    ...branchRules(selector, context),
    ...(given('tag') && given('branch') ? ['cannot specify both a tag and a branch'] : []),
    ...fallbackRules(selector),
    ...mixtureRules(selector),
    ...deploymentRules(selector),
    ...environmentRules(selector, context),
  ];
}

function picksSomething(selector: Raw): boolean {
  const keys = ['mainBranch', 'tag', 'branch', 'environment', 'matchingBranch'];
  const deployment = ['deployed', 'released', 'deployedOrReleased'];
  return [...keys, ...deployment].some((key) => isGiven(selector, key)) || selector.latest === true;
}

function branchRules(selector: Raw, { providerBranch }: SelectorContext): readonly string[] {
  const defects: string[] = [];
  const others = (allowed: readonly string[]): boolean =>
    KNOWN_KEYS.some((key) => isGiven(selector, key) && !allowed.includes(key));
  if (isGiven(selector, 'mainBranch')) {
    if (others(['mainBranch', 'consumer', 'latest'])) {
      defects.push('cannot specify mainBranch=true with any other criteria apart from consumer');
    }
    if (selector.latest === false) defects.push('cannot specify mainBranch=true with latest=false');
  }
  if (isGiven(selector, 'matchingBranch')) {
    if (others(['matchingBranch', 'consumer', 'fallbackToMainBranch'])) {
      defects.push(
        'cannot specify matchingBranch=true with any other criteria apart from consumer',
      );
    }
    if (providerBranch === undefined) {
      defects.push('cannot specify matchingBranch=true without a providerVersionBranch');
    }
  }
  if (isGiven(selector, 'branch') && selector.latest === false) {
    defects.push('cannot specify a branch with latest=false');
  }
  return defects;
}

function fallbackRules(selector: Raw): readonly string[] {
  const defects: string[] = [];
  if (isGiven(selector, 'fallbackTag')) {
    if (!isGiven(selector, 'tag'))
      defects.push('a tag must be specified when a fallbackTag is specified');
    if (selector.latest !== true) defects.push('fallbackTag can only be set if latest is true');
  }
  if (isGiven(selector, 'fallbackBranch')) {
    if (!isGiven(selector, 'branch')) {
      defects.push('a branch must be specified when a fallbackBranch is specified');
    }
    if (selector.latest === false) defects.push('fallbackBranch cannot be set if latest is false');
  }
  return [...defects, ...mainBranchFallbackRules(selector)];
}

/** Ours: the Pact Broker does not know this key. */
function mainBranchFallbackRules(selector: Raw): readonly string[] {
  if (!isGiven(selector, 'fallbackToMainBranch')) return [];
  const hasBranch = isGiven(selector, 'branch') || isGiven(selector, 'matchingBranch');
  return [
    ...(hasBranch ? [] : ['a branch must be specified when fallbackToMainBranch is specified']),
    ...(isGiven(selector, 'fallbackBranch')
      ? ['cannot specify both a fallbackBranch and fallbackToMainBranch']
      : []),
  ];
}

function mixtureRules(selector: Raw): readonly string[] {
  if (isGiven(selector, 'mainBranch') || isGiven(selector, 'matchingBranch')) return [];
  const branches = BRANCH_KEYS.filter((key) => isGiven(selector, key)).sort();
  const environments = ENVIRONMENT_KEYS.filter((key) => isGiven(selector, key)).sort();
  if (branches.length === 0 || environments.length === 0) return [];
  return [
    `cannot specify the field(s) ${branches.join('/')} with the field(s) ${environments.join('/')}`,
  ];
}

function deploymentRules(selector: Raw): readonly string[] {
  const given = ['deployed', 'released', 'deployedOrReleased'].filter((key) =>
    isGiven(selector, key),
  );
  const [first, second] = given;
  return second === undefined ? [] : [`cannot specify both ${first}=true and ${second}=true`];
}

function environmentRules(selector: Raw, { environments }: SelectorContext): readonly string[] {
  const { environment } = selector;
  if (typeof environment !== 'string' || environments.has(environment)) return [];
  return [`environment with name '${environment}' does not exist`];
}

function isGiven(selector: Raw, key: string): boolean {
  return selector[key] !== undefined && selector[key] !== null;
}
