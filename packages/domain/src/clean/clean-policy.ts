import { type KeepSelector, readKeepSelector } from './keep-selector.ts';

/** What a clean-up may take away. Ages are whole days. */
export interface CleanPolicy {
  /** A version that any of these fits is kept. */
  readonly keepVersionSelectors: readonly KeepSelector[];
  /** Nothing younger is ever removed, whatever the selectors say. */
  readonly minimumAge: number;
  /** Branches that got no version for this long go, but for main branches and those named; null leaves all branches. */
  readonly staleBranches: { readonly maxAge: number; readonly keep: readonly string[] } | null;
  /** How long pacts and results stay that newer ones of the same versions have replaced. */
  readonly overwrittenDataMaxAge: number;
  /** Most versions that one run removes, the oldest first; null for all. */
  readonly deletionLimit: number | null;
}

export const defaultCleanPolicy: CleanPolicy = {
  keepVersionSelectors: [
    { branch: true, latest: true },
    { tag: true, latest: true },
    { deployed: true },
    { released: true },
    { maxAge: 90 },
  ],
  minimumAge: 7,
  staleBranches: { maxAge: 90, keep: [] },
  overwrittenDataMaxAge: 7,
  deletionLimit: null,
};

export type CleanPolicyReading =
  | { readonly ok: true; readonly policy: CleanPolicy }
  | { readonly ok: false; readonly defects: readonly string[] };

const MOST_DAYS = 36_500;
const MEMBERS = Object.keys(defaultCleanPolicy);

/** Reads a policy as people write it; what it does not say is as in `base`. Names all defects with their places. */
export function readCleanPolicy(
  value: unknown,
  base: CleanPolicy = defaultCleanPolicy,
): CleanPolicyReading {
  if (!isRecord(value)) return { ok: false, defects: ['the policy must be an object'] };
  const defects = Object.keys(value)
    .filter((name) => !MEMBERS.includes(name))
    .map((name) => `${name} is no part of a policy; its parts are ${MEMBERS.join(', ')}`);
  const policy: CleanPolicy = {
    keepVersionSelectors: readSelectors(value, base, defects),
    minimumAge: readWhole(value.minimumAge, 'minimumAge', defects) ?? base.minimumAge,
    staleBranches: readStaleBranches(value, base, defects),
    overwrittenDataMaxAge:
      readWhole(value.overwrittenDataMaxAge, 'overwrittenDataMaxAge', defects) ??
      base.overwrittenDataMaxAge,
    deletionLimit: readLimit(value, base, defects),
  };
  return defects.length === 0 ? { ok: true, policy } : { ok: false, defects };
}

type Members = Readonly<Record<string, unknown>>;

function readSelectors(value: Members, base: CleanPolicy, defects: string[]) {
  const given = value.keepVersionSelectors;
  if (given === undefined) return base.keepVersionSelectors;
  if (!Array.isArray(given)) {
    defects.push('keepVersionSelectors must be a list of selectors');
    return [];
  }
  return given.map((selector: unknown, index) =>
    readKeepSelector(selector, `keepVersionSelectors[${index}]`, defects),
  );
}

function readStaleBranches(value: Members, base: CleanPolicy, defects: string[]) {
  const given = value.staleBranches;
  if (given === undefined) return base.staleBranches;
  if (given === null) return null;
  if (!isRecord(given)) {
    defects.push('staleBranches must be null or an object with maxAge and keep');
    return null;
  }
  for (const name of Object.keys(given)) {
    if (name !== 'maxAge' && name !== 'keep') {
      defects.push(`staleBranches.${name} is no part of it; its parts are maxAge, keep`);
    }
  }
  const fallback = base.staleBranches ?? { maxAge: 90, keep: [] };
  return {
    maxAge: readWhole(given.maxAge, 'staleBranches.maxAge', defects) ?? fallback.maxAge,
    keep: readNames(given.keep, defects) ?? fallback.keep,
  };
}

function readNames(value: unknown, defects: string[]): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  defects.push('staleBranches.keep must be a list of branch names');
  return undefined;
}

function readLimit(value: Members, base: CleanPolicy, defects: string[]): number | null {
  const { deletionLimit } = value;
  if (deletionLimit === undefined) return base.deletionLimit;
  if (deletionLimit === null || isWhole(deletionLimit, { from: 1, to: 1e9 })) return deletionLimit;
  defects.push('deletionLimit must be null or a whole number from 1');
  return null;
}

function readWhole(value: unknown, place: string, defects: string[]): number | undefined {
  if (value === undefined || isWhole(value, { from: 0, to: MOST_DAYS })) return value;
  defects.push(`${place} must be a whole number of days, 0 to ${MOST_DAYS}`);
  return undefined;
}

function isWhole(
  value: unknown,
  range: { readonly from: number; readonly to: number },
): value is number {
  return Number.isInteger(value) && Number(value) >= range.from && Number(value) <= range.to;
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
