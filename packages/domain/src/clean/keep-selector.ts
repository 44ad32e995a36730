/**
 * Which versions to keep, in the words of the Pact Broker's clean task: what is not said does not narrow. With `latest` only the
 * newest that fits stays, of each pacticipant, and of each branch and tag that the selector speaks of.
 */
export interface KeepSelector {
  readonly pacticipant?: string;
  /** True for any branch. */
  readonly branch?: string | true;
  readonly mainBranch?: true;
  /** True for any tag. */
  readonly tag?: string | true;
  /** Runs in or is supported in this environment now. */
  readonly environment?: string;
  readonly deployed?: true;
  readonly released?: true;
  readonly latest?: true;
  /** Days since the version was created. */
  readonly maxAge?: number;
}

const MOST_DAYS = 36_500;

/** The broker writes names with underscores, people with capitals, old configurations with `_name` behind. */
const names: Readonly<Record<string, keyof KeepSelector>> = {
  pacticipant: 'pacticipant',
  pacticipant_name: 'pacticipant',
  branch: 'branch',
  main_branch: 'mainBranch',
  tag: 'tag',
  environment: 'environment',
  environment_name: 'environment',
  deployed: 'deployed',
  released: 'released',
  latest: 'latest',
  max_age: 'maxAge',
};

const KNOWN =
  'pacticipant, branch, main_branch, tag, environment, deployed, released, latest, max_age';

/** Reads one selector; adds what is wrong with it, each with its place, to `defects`. */
export function readKeepSelector(value: unknown, place: string, defects: string[]): KeepSelector {
  if (!isObject(value)) {
    defects.push(`${place} must be an object`);
    return {};
  }
  const before = defects.length;
  const selector = readMembers(value, place, defects);
  if (Object.keys(selector).length === 0 && defects.length === before) {
    defects.push(`${place} says nothing and would keep everything`);
  }
  if (selector.latest === true && selector.maxAge !== undefined) {
    defects.push(`${place} has latest and max_age; a selector can have one of them`);
  }
  return selector;
}

function readMembers(value: object, place: string, defects: string[]): KeepSelector {
  const selector: Record<string, unknown> = {};
  for (const [given, member] of Object.entries(value)) {
    const name = names[given.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)];
    const defect = name === undefined ? `is not known; use ${KNOWN}` : defectOf(name, member);
    if (name === undefined || defect !== undefined) defects.push(`${place}.${given} ${defect}`);
    else if (isSaid(member)) selector[name] = member;
  }
  return selector;
}

/** The selector in the broker's words. */
export function writeKeepSelector(selector: KeepSelector): object {
  const entries = Object.entries(selector).map(([name, value]) => [
    name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(entries);
}

/** False and null say as little as leaving the member out. */
function isSaid(member: unknown): boolean {
  return member !== false && member !== null;
}

function defectOf(name: keyof KeepSelector, value: unknown): string | undefined {
  if (value === null) return undefined;
  switch (name) {
    case 'pacticipant':
    case 'environment':
      return isName(value) ? undefined : 'must be a name';
    case 'branch':
    case 'tag':
      return isName(value) || typeof value === 'boolean' ? undefined : 'must be a name or true';
    case 'maxAge':
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_DAYS
        ? undefined
        : `must be a whole number of days, 0 to ${MOST_DAYS}`;
    default:
      return typeof value === 'boolean' ? undefined : 'must be true or false';
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
