import { child, isMapping, members, type Place } from './place.ts';

/**
 * The paths of the servers that answer an operation, which stand before its own path on the wire: `/v1` of `https://shop.example/v1`.
 * The innermost list of servers counts; a variable has its default. Without a path (or a list) there are none.
 */
export function basePathsOf(places: readonly Place[]): readonly string[] {
  const servers = places
    .map((place) => child(place, 'servers'))
    .findLast(({ value }) => Array.isArray(value) && value.length > 0);
  if (servers === undefined) return [];
  const paths = (servers.value as readonly unknown[])
    .map((_server, at) => basePathOf(child(servers, String(at))))
    .filter((path) => path !== undefined);
  return [...new Set(paths)];
}

function basePathOf(server: Place): string | undefined {
  const url = child(server, 'url').value;
  if (typeof url !== 'string') return undefined;
  const path = withDefaults(url, child(server, 'variables'))
    .replace(/^[a-z][a-z0-9+.-]*:/i, '')
    .replace(/^\/\/[^/]*/, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/+$/, '');
  return path === '' || path === '.' ? undefined : `/${path.replace(/^[./]+/, '')}`;
}

function withDefaults(url: string, variables: Place): string {
  if (!isMapping(variables.value)) return url;
  return members(variables).reduce((text, variable) => {
    const value = child(variable, 'default').value;
    return typeof value === 'string' ? text.replaceAll(`{${variable.key}}`, () => value) : text;
  }, url);
}
