/** One thing to do, or not to do, to bring a hub to what a file says. */
export interface Change {
  readonly action: 'create' | 'update' | 'delete' | 'unchanged';
  readonly kind: 'environment' | 'pacticipant' | 'webhook' | 'token';
  readonly name: string;
  /** One line each: which member, from what to what. */
  readonly details: readonly string[];
  /** Does it; a token that was made with a secret of the hub's answers it. */
  readonly apply: () => Promise<string | undefined>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Members whose wanted value is given and another than the current one. */
export function differing(current: Fields, wanted: Fields): readonly string[] {
  return Object.keys(wanted).filter(
    (key) => wanted[key] !== undefined && !same(current[key] ?? null, wanted[key]),
  );
}

/** `mainBranch: "master" → "main"` for each member. */
export function describeFields(
  keys: readonly string[],
  current: Fields,
  wanted: Fields,
): readonly string[] {
  return keys.map((key) => `${key}: ${show(current[key])} → ${show(wanted[key])}`);
}

/** What a new thing will be, one line a member. */
export function describeNew(wanted: Fields): readonly string[] {
  return Object.entries(wanted)
    .filter(([, value]) => value !== undefined && !isEmpty(value))
    .map(([key, value]) => `${key}: ${show(value)}`);
}

/** Whatever the order of members. */
export function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, sorted(item)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function show(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
