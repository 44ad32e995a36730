import type { ConsumerVersionSelector } from './consumer-version-selector.ts';
import { readConsumerVersionSelectors } from './read-selectors.ts';

/** What a provider's verifier asks for. */
export interface ForVerificationRequest {
  readonly selectors: readonly ConsumerVersionSelector[];
  readonly providerBranch: string | undefined;
  readonly providerTags: readonly string[];
  readonly includePending: boolean;
  /** UTC text; undefined when work in progress is not asked for. */
  readonly wipSince: string | undefined;
}

export type ForVerificationReading =
  | { readonly ok: true; readonly request: ForVerificationRequest }
  | { readonly ok: false; readonly defects: Readonly<Record<string, readonly string[]>> };

/**
 * Reads the JSON body; `undefined` stands for no body. Pending is included unless it is switched off. An empty branch
 * name counts as none, because a widely used verifier sends one, but not where the answer would depend on it.
 */
export function readForVerificationRequest(
  body: unknown,
  environments: ReadonlySet<string>,
): ForVerificationReading {
  const given = body ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) {
    return { ok: false, defects: { '': ['must be a hash'] } };
  }
  const fields = given as Readonly<Record<string, unknown>>;
  const { providerVersionBranch, providerVersionTags, includePendingStatus } = fields;
  const providerBranch = textOrNone(providerVersionBranch);
  const providerTags = Array.isArray(providerVersionTags) ? providerVersionTags.map(String) : [];
  const selectors = readConsumerVersionSelectors(fields.consumerVersionSelectors, {
    providerBranch,
    environments,
  });
  const defects = Object.entries({
    providerVersionBranch: branchDefects(fields, providerTags),
    providerVersionTags: tagsDefects(providerVersionTags),
    includePendingStatus: pendingDefects(includePendingStatus),
    includeWipPactsSince: dateDefects(fields.includeWipPactsSince),
    consumerVersionSelectors: selectors.ok ? [] : selectors.defects,
  }).filter(([, messages]) => messages.length > 0);
  if (defects.length > 0 || !selectors.ok)
    return { ok: false, defects: Object.fromEntries(defects) };
  return {
    ok: true,
    request: {
      selectors: selectors.selectors,
      providerBranch,
      providerTags,
      includePending: includePendingStatus !== false,
      wipSince: instantOf(fields.includeWipPactsSince),
    },
  };
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function branchDefects(
  fields: Readonly<Record<string, unknown>>,
  tags: readonly string[],
): readonly string[] {
  const { providerVersionBranch: branch, includePendingStatus, includeWipPactsSince } = fields;
  if (branch === undefined || branch === null) return [];
  if (typeof branch !== 'string') return ['must be a string'];
  if (branch !== '' && branch.trim() === '') return ['cannot be blank'];
  const isNeeded = includePendingStatus === true || includeWipPactsSince !== undefined;
  return branch === '' && isNeeded && tags.length === 0 ? ['cannot be blank'] : [];
}

function tagsDefects(tags: unknown): readonly string[] {
  if (tags === undefined || tags === null) return [];
  if (!Array.isArray(tags)) return ['must be an array'];
  return tags.flatMap((tag: unknown, index) =>
    typeof tag === 'string' ? [] : [`must be a string (at index ${index})`],
  );
}

function pendingDefects(value: unknown): readonly string[] {
  return value === undefined || typeof value === 'boolean' ? [] : ['must be boolean'];
}

function dateDefects(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  return instantOf(value) === undefined ? ['must be a date'] : [];
}

/** UTC text of an ISO 8601 date or date-time. */
function instantOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}([T ].+)?$/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
