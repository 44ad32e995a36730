/** Namespaces by prefix; the default one has the empty prefix. */
export type NamespaceScope = ReadonlyMap<string, string>;

export const ROOT_SCOPE: NamespaceScope = new Map([
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

/** The scope inside an element that has these attributes; the outer one where they declare nothing. */
export function declaredNamespaces(
  attributes: ReadonlyMap<string, string>,
  outer: NamespaceScope,
): NamespaceScope {
  let scope: Map<string, string> | undefined;
  for (const [name, value] of attributes) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) {
      scope ??= new Map(outer);
      scope.set(name.slice('xmlns:'.length), value);
    }
  }
  return scope ?? outer;
}

/** Undefined: the prefix is not declared. Attributes without a prefix are in no namespace. */
export function qualify(
  written: string,
  scope: NamespaceScope,
  kind: 'element' | 'attribute',
): { readonly full: string; readonly local: string } | undefined {
  const at = written.indexOf(':');
  const local = written.slice(at + 1);
  if (at < 0 && kind === 'attribute') {
    return { full: local, local };
  }
  const namespace = scope.get(at < 0 ? '' : written.slice(0, at));
  if (namespace === undefined && at >= 0) {
    return undefined;
  }
  return {
    full: namespace === undefined || namespace === '' ? local : `${namespace}:${local}`,
    local,
  };
}
