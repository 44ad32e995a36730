import type { AuthConfig } from '../config.ts';
import type { Role } from './credentials.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** The routes of badges, not all that ends like one: a pacticipant or a tag may be called `badge`. */
const BADGES: readonly RegExp[] = [
  /^\/pacts\/provider\/[^/]+\/consumer\/[^/]+\/latest(-untagged|\/[^/]+)?\/badge(\.svg)?$/,
  /^\/matrix\/provider\/[^/]+\/latest\/[^/]+\/consumer\/[^/]+\/latest\/[^/]+\/badge(\.svg)?$/,
  /^\/pacticipants\/[^/]+\/(branches\/[^/]+\/latest-version|latest-version\/[^/]+)\/can-i-deploy\/to(-environment)?\/[^/]+\/badge(\.svg)?$/,
  /^\/pacticipants\/[^/]+\/main-branch\/can-i-merge\/badge(\.svg)?$/,
];
const HEARTBEATS = new Set(['/diagnostic/status/heartbeat', '/live']);
/** Questions that are asked with a body: which pacts to verify, and how traces of a file look. */
const ASKED_BY_POST = [
  /^\/pacts\/provider\/[^/]+\/for-verification(\/explanation)?\/?$/,
  /^\/api\/transform\/?$/,
];
/** What no build does by itself: taking away whole pacticipants and pairs, and arranging environments and webhooks. */
const ARRANGEMENTS = [
  { method: /^DELETE$/, path: /^\/(pacticipants\/[^/]+|integrations(\/.*)?)\/?$/ },
  {
    method: /^(POST|PUT|PATCH|DELETE)$/,
    path: /^\/(environments|webhooks|clean|insights\/aliases)(\/.*)?$/,
  },
] as const;

/** Shows secrets or all there is, or writes past every rule of publishing. */
const ADMINISTRATION = /^\/(audit|tokens|transfer)(\/.*)?$/;

/** The role a request needs; undefined when the settings make it public. */
export function neededRole(
  { method, path }: { readonly method: string; readonly path: string },
  auth: AuthConfig,
): Role | undefined {
  if (ADMINISTRATION.test(path)) return 'admin';
  if (READS.has(method)) return readRole(method, path, auth);
  if (method === 'POST' && ASKED_BY_POST.some((route) => route.test(path)))
    return auth.publicRead ? undefined : 'read';
  const isArrangement = ARRANGEMENTS.some(
    (each) => each.method.test(method) && each.path.test(path),
  );
  return isArrangement ? 'admin' : 'publish';
}

function readRole(method: string, path: string, auth: AuthConfig): Role | undefined {
  if (auth.publicRead) return undefined;
  if (method === 'GET' && auth.publicBadges && isBadge(path)) return undefined;
  if (auth.publicHeartbeat && HEARTBEATS.has(path)) return undefined;
  return 'read';
}

function isBadge(path: string): boolean {
  return BADGES.some((route) => route.test(path));
}
