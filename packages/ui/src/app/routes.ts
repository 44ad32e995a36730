/** What the page shows; the path of its address below the page's base names it. */
export type Route =
  | { readonly view: 'map' }
  | { readonly view: 'findings' }
  | { readonly view: 'deployments' }
  | { readonly view: 'interactions' }
  | { readonly view: 'integration'; readonly consumer: string; readonly provider: string }
  | { readonly view: 'traces' }
  | { readonly view: 'trace'; readonly traceId: string }
  | { readonly view: 'comparison'; readonly first: string; readonly second: string }
  | { readonly view: 'monitor' }
  | { readonly view: 'service'; readonly service: string }
  | { readonly view: 'missing'; readonly path: string };

/** Views whose path is their name. */
const plainViews = ['map', 'findings', 'deployments', 'interactions', 'traces', 'monitor'] as const;

/** Reads a path below the base (no leading slash); an empty one is the map, an unknown one `missing`. */
export function parseRoute(path: string): Route {
  const [head = 'map', ...names] = path.split('/').filter((part) => part !== '');
  return routeOf(head, names.map(decode)) ?? { view: 'missing', path };
}

function routeOf(head: string, names: readonly string[]): Route | undefined {
  const [first = '', second = ''] = names;
  switch (`${head} ${names.length}`) {
    case 'i 2':
      return { view: 'integration', consumer: first, provider: second };
    case 'compare 2':
      return { view: 'comparison', first, second };
    case 'traces 1':
      return { view: 'trace', traceId: first };
    case 'monitor 1':
      return { view: 'service', service: first };
    default: {
      const view = names.length === 0 ? plainViews.find((name) => name === head) : undefined;
      return view === undefined ? undefined : { view };
    }
  }
}

/** The path of a route below the base, names percent-encoded. */
export function routePath(route: Route): string {
  switch (route.view) {
    case 'integration':
      return `i/${encodeURIComponent(route.consumer)}/${encodeURIComponent(route.provider)}`;
    case 'trace':
      return `traces/${encodeURIComponent(route.traceId)}`;
    case 'comparison':
      return `compare/${encodeURIComponent(route.first)}/${encodeURIComponent(route.second)}`;
    case 'service':
      return `monitor/${encodeURIComponent(route.service)}`;
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
