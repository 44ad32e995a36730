import type { RequestHandler } from 'express';

/** The name that a pacticipant really has, however its letters were written; undefined when nobody is called so. */
export type FindName = (name: string) => Promise<string | undefined>;

/** What comes before the name of a pacticipant in a path. */
const BEFORE = new Set(['pacticipants', 'provider', 'consumer', 'groups']);
const PARAMETER =
  /^(?:pacticipant|(?:q|ignore)\[\](?:\[pacticipant\]|pacticipant)?|.*\[pacticipant\])$/;

/**
 * Names of pacticipants in the path and in the query are found without regard to case, for those who come from a broker that
 * was told so. What is written into the hub keeps the case it is sent in.
 */
export function foldNames(find: FindName): RequestHandler {
  return async (request, _response, next) => {
    const [path = '', query] = request.url.split('?', 2);
    const folded = await foldPath(path, find);
    request.url = query === undefined ? folded : `${folded}?${await foldQuery(query, find)}`;
    next();
  };
}

async function foldPath(path: string, find: FindName): Promise<string> {
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const before = segments[index - 1];
    if (before === undefined || !BEFORE.has(before) || segment === '' || segment === 'label') {
      continue;
    }
    const name = decodeURIComponent(segment);
    const real = await find(name);
    if (real !== undefined && real !== name) segments[index] = encodeURIComponent(real);
  }
  return segments.join('/');
}

async function foldQuery(query: string, find: FindName): Promise<string> {
  const parts = query.split('&').map(async (part) => {
    const [key = '', value = ''] = part.split('=', 2);
    const decoded = new URLSearchParams(part);
    const [[plainKey, name] = ['', '']] = decoded;
    if (value === '' || !PARAMETER.test(plainKey)) return part;
    const real = await find(name);
    return real === undefined || real === name ? part : `${key}=${encodeURIComponent(real)}`;
  });
  return (await Promise.all(parts)).join('&');
}
