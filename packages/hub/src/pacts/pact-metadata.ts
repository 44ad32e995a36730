import { parseRackQuery, type RackMap, type RackValue, textParameter } from '../http/rack-query.ts';

/** What the metadata segment of a pact URL says: the query the pact was found by, as base64url of a Rack query. */
export interface PactMetadata {
  /** Database ids of the consumer versions that the selectors stood for. */
  readonly versionIds: readonly number[];
  /** The one consumer version the URL was made for, by number. */
  readonly consumerVersion: string | undefined;
}

/** Never fails: what cannot be read says nothing, because an old link must keep working. */
export function decodePactMetadata(segment: string): PactMetadata {
  const query = parseRackQuery(Buffer.from(segment, 'base64url').toString('utf8'));
  const selectors = query.s;
  const named = [...(isList(selectors) ? selectors : []), query];
  const ids = named.map(versionIdOf).filter(Number.isInteger);
  return { versionIds: [...new Set(ids)], consumerVersion: textParameter(query, 'cvn') };
}

/** The segment of a pact that was read as the newest one, which is this consumer version's. */
export function versionMetadata(versionId: number): string {
  return Buffer.from(`cv=${versionId}`).toString('base64url');
}

function versionIdOf(selector: RackValue): number {
  return isMap(selector) && typeof selector.cv === 'string' ? Number(selector.cv) : Number.NaN;
}

function isList(value: RackValue | undefined): value is readonly RackValue[] {
  return Array.isArray(value);
}

function isMap(value: RackValue): value is RackMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
