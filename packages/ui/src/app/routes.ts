/** What the page shows; the path of its address below the page's base names it. */
export type Route =
  | { readonly view: 'map' }
  | { readonly view: 'findings' }
  | { readonly view: 'interactions' }
  | { readonly view: 'integration'; readonly consumer: string; readonly provider: string }
  | { readonly view: 'traces' }
  | { readonly view: 'trace'; readonly traceId: string }
  | { readonly view: 'missing'; readonly path: string };

/** Views whose path is their name. */
const plainViews = ['map', 'findings', 'interactions', 'traces'] as const;

/** Reads a path below the base (no leading slash); an empty one is the map, an unknown one `missing`. */
export function parseRoute(path: string): Route {
  const [head, first, second, ...rest] = path.split('/').filter((part) => part !== '');
  if (rest.length > 0) return { view: 'missing', path };
  if (head === undefined) return { view: 'map' };
  if (head === 'i' && first !== undefined && second !== undefined) {
    return { view: 'integration', consumer: decode(first), provider: decode(second) };
  }
  if (second !== undefined) return { view: 'missing', path };
  if (head === 'traces' && first !== undefined) return { view: 'trace', traceId: decode(first) };
  const view = first === undefined ? plainViews.find((name) => name === head) : undefined;
  return view === undefined ? { view: 'missing', path } : { view };
}

/** The path of a route below the base, names percent-encoded. */
export function routePath(route: Route): string {
  switch (route.view) {
    case 'integration':
      return `i/${encodeURIComponent(route.consumer)}/${encodeURIComponent(route.provider)}`;
    case 'trace':
      return `traces/${encodeURIComponent(route.traceId)}`;
    case 'missing':
      return route.path;
    default:
      return route.view;
  }
}

export type QueryChanges = Readonly<Record<string, string | number | boolean | undefined>>;

/** A copy of the query with the changes made; empty text, false and undefined remove a name, true is written `1`. */
export function changeQuery(query: URLSearchParams, changes: QueryChanges): URLSearchParams {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '' || value === false) changed.delete(name);
    else changed.set(name, value === true ? '1' : String(value));
  }
  return changed;
}

/** `base` + path + query: what an anchor's href and the address bar hold. */
export function routeHref(base: string, route: Route, query: URLSearchParams): string {
  const text = query.toString();
  return `${base}${routePath(route)}${text === '' ? '' : `?${text}`}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
