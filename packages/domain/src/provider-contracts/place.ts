/** A value and where it stands in the document. */
export interface Place {
  readonly value: unknown;
  readonly pointer: string;
}

export interface NamedPlace extends Place {
  readonly key: string;
}

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function child(place: Place, key: string): NamedPlace {
  const { value } = place;
  const owned = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return {
    key,
    value: owned ? (value as Mapping)[key] : undefined,
    pointer: `${place.pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
  };
}

/** Members of a mapping or items of a list; anything else has none. */
export function children(place: Place): readonly NamedPlace[] {
  const { value } = place;
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).map((key) => child(place, key));
}

/** Members that are not specification extensions (`x-…`). */
export function members(place: Place): readonly NamedPlace[] {
  return children(place).filter(({ key }) => !key.startsWith('x-'));
}

/** The `$ref` of a mapping that is a reference. */
export function referenceOf(value: unknown): string | undefined {
  if (!isMapping(value)) return undefined;
  const reference = Object.hasOwn(value, '$ref') ? value.$ref : undefined;
  return typeof reference === 'string' ? reference : undefined;
}

/** Segments of a reference's fragment, also in another file: `#/a/b~1c` has `a` and `b/c`; percent-decoded where possible. */
export function segmentsOf(reference: string): readonly string[] {
  const fragment = reference.slice(reference.indexOf('#') + 1);
  return decoded(fragment)
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
