import type { FieldErrors } from '../http/hub-error.ts';
import { type RackMap, type RackValue, textParameter } from '../http/rack-query.ts';

/** The body that a query of the deprecated GET form stands for; it knows tags only, and pending must be asked for. */
export function bodyFromQuery(query: RackMap): object {
  return {
    consumerVersionSelectors: selectorMaps(query).map((selector) => ({
      tag: textParameter(selector, 'tag'),
      ...(selector.latest === 'true' ? { latest: true } : {}),
      fallbackTag: textParameter(selector, 'fallback_tag'),
      consumer: textParameter(selector, 'consumer'),
    })),
    providerVersionTags: texts(query.provider_version_tags),
    providerVersionBranch: textParameter(query, 'provider_version_branch'),
    includePendingStatus: query.include_pending_status === 'true',
    includeWipPactsSince: textParameter(query, 'include_wip_pacts_since'),
  };
}

/** What the GET form refuses beyond the rules for bodies. */
export function queryDefects(query: RackMap): FieldErrors | undefined {
  const missing = selectorMaps(query).flatMap((selector, index) =>
    textParameter(selector, 'tag') === undefined ? [`tag is missing (at index ${index})`] : [],
  );
  return missing.length === 0 ? undefined : { consumer_version_selectors: missing };
}

function selectorMaps(query: RackMap): readonly RackMap[] {
  const selectors = query.consumer_version_selectors;
  return isList(selectors) ? selectors.flatMap((each) => (isMap(each) ? [each] : [])) : [];
}

function texts(value: RackValue | undefined): readonly string[] {
  return isList(value) ? value.filter((each) => typeof each === 'string') : [];
}

function isList(value: RackValue | undefined): value is readonly RackValue[] {
  return Array.isArray(value);
}

function isMap(value: RackValue): value is RackMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
