import type { RequestHandler } from 'express';

/**
 * Where the Pact CLI sends a branch, version or tag with its `/` unencoded although only that name can hold one. Odd
 * groups stay as they are, even ones are names. Creating a version by number alone is not among them: a misspelt path
 * below a version would create another.
 */
const NAMES: readonly { readonly methods: readonly string[]; readonly path: RegExp }[] = [
  {
    methods: ['GET'],
    path: /^(\/pacts\/provider\/[^/]+(?:\/consumer\/[^/]+)?\/branch\/)(.+?)((?:\/latest(?:\/versions)?)?)$/,
  },
  { methods: ['PUT'], path: /^(\/pacticipants\/[^/]+\/branches\/)(.+?)(\/versions\/)(.+)$/ },
  { methods: ['GET', 'PUT'], path: /^(\/pacticipants\/[^/]+\/versions\/)(.+?)(\/tags\/)(.+)$/ },
  { methods: ['GET'], path: /^(\/pacticipants\/[^/]+\/versions\/)(.+)$/ },
];

/**
 * Reads `/pacts/provider/P/branch/feat/x` as `/pacts/provider/P/branch/feat%2Fx`. For paths that no route took: a path
 * that is one as it stands is never read otherwise.
 */
export const unencodedSlashes: RequestHandler = (request, _response, next) => {
  const path = withEncodedNames(request.method, request.path);
  request.url = path + request.url.slice(request.path.length);
  next();
};

function withEncodedNames(method: string, path: string): string {
  for (const rule of NAMES) {
    const [, ...groups] = (rule.methods.includes(method) && rule.path.exec(path)) || [];
    if (groups.length > 0) {
      return groups.map((part, at) => (at % 2 === 0 ? part : part.replaceAll('/', '%2F'))).join('');
    }
  }
  return path;
}
