import { isObject } from './json-values.ts';

export type QueryValues = ReadonlyMap<string, readonly (string | null)[]>;

const NOTHING: QueryValues = new Map();

/** A pact's query: text in versions 1 and 2, a map of lists (or of texts) later. */
export function parsePactQuery(query: unknown): QueryValues {
  if (typeof query === 'string') {
    return parseQueryText(query);
  }
  if (!isObject(query)) {
    return NOTHING;
  }
  return new Map(Object.entries(query).map(([name, value]) => [name, valuesOf(value)]));
}

/** Query text without `?`: first `=` splits, `+` is a space, broken percent-encoding stays as it is, empty pairs are left out. */
export function parseQueryText(text: string): QueryValues {
  if (text === '') {
    return NOTHING;
  }
  const values = new Map<string, (string | null)[]>();
  for (const pair of text.split('&')) {
    if (pair !== '') {
      addPair(values, pair);
    }
  }
  return values;
}

function addPair(values: Map<string, (string | null)[]>, pair: string): void {
  const at = pair.indexOf('=');
  const name = decodeQueryPart(at < 0 ? pair : pair.slice(0, at));
  const value = at < 0 ? null : decodeQueryPart(pair.slice(at + 1));
  const known = values.get(name);
  if (known === undefined) {
    values.set(name, [value]);
  } else {
    known.push(value);
  }
}

function valuesOf(value: unknown): readonly (string | null)[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => (item === null || item === undefined ? null : textOfItem(item)));
}

function textOfItem(item: unknown): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}

function decodeQueryPart(part: string): string {
  if (!part.includes('%') && !part.includes('+')) {
    return part;
  }
  const spaced = part.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Live traffic may carry anything; a wrong escape is compared as it stands.
    return spaced;
  }
}
