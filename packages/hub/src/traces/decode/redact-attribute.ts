import type { AttributeValue } from '@concordat/domain';

const redacted = 'REDACTED';

/** Query keys whose value is a secret, lower case: OpenTelemetry's own list and what tokens are usually called. */
export const secretQueryKeys: ReadonlySet<string> = new Set([
  'awsaccesskeyid',
  'signature',
  'sig',
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'x-goog-signature',
  'token',
  'access_token',
  'id_token',
  'refresh_token',
  'api_key',
  'apikey',
  'key',
  'password',
  'passwd',
  'secret',
  'client_secret',
  'code',
  'state',
  'session',
  'jwt',
  'auth',
]);

const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-auth-token',
]);

/** Command lines, accounts and connection strings: secrets or people, and of no use to a contract. */
const dropped: ReadonlySet<string> = new Set([
  'db.user',
  'db.connection_string',
  'enduser.id',
  'process.command_args',
  'process.command_line',
  'process.command',
  'process.owner',
]);

const urls: ReadonlySet<string> = new Set([
  'url.full',
  'url.original',
  'http.url',
  'http.target',
  'messaging.url',
  'http.request.header.referer',
]);

const statements: ReadonlySet<string> = new Set(['db.query.text', 'db.statement']);

/** Every attribute that may hold a secret has one of these names, or one of them behind its last dot (in any case, `_` for `-`). */
export const secretNames: readonly string[] = [
  'url.query',
  ...dropped,
  ...urls,
  ...statements,
  ...secretHeaders,
];

/** Where in an attribute's value a secret may be. */
export type SecretPlace = 'nowhere' | 'query' | 'url' | 'statement' | 'anywhere';

/** Answers by the key alone, so that values need decoding only where it does not say `nowhere`. */
export function secretPlaceOf(key: string): SecretPlace {
  if (key === 'url.query') return 'query';
  if (urls.has(key)) return 'url';
  if (statements.has(key)) return 'statement';
  return dropped.has(key) || isSecretHeader(key) ? 'anywhere' : 'nowhere';
}

/** The value as it may be kept; undefined drops the attribute. A value without secrets comes back as it is. */
export function redactAttribute(key: string, value: AttributeValue): AttributeValue | undefined {
  if (key === 'url.query' && typeof value === 'string') return redactQuery(value);
  if (urls.has(key) && typeof value === 'string') return redactUrl(value);
  if (dropped.has(key)) return undefined;
  if (isSecretHeader(key)) return redacted;
  if (typeof value !== 'string')
    return isList(value) && secretPlaceOf(key) !== 'nowhere' ? redacted : value;
  return statements.has(key) ? maskLiterals(value) : value;
}

function isList(value: AttributeValue): boolean {
  return typeof value === 'object' && value !== null;
}

function isSecretHeader(key: string): boolean {
  const name = key.slice(key.lastIndexOf('.') + 1);
  return secretHeaders.has(name.toLowerCase().replaceAll('_', '-'));
}

/** The key stays: that a parameter was sent is a fact contracts ask about, its value is not. */
function redactQuery(query: string): string {
  if (!mayNameSecret(query)) return query;
  return query
    .split('&')
    .map((pair) => redactPair(pair))
    .join('&');
}

/** Most queries name nothing secret, and are answered without being taken apart and put together again. */
function mayNameSecret(query: string): boolean {
  for (let start = 0; start < query.length; ) {
    const end = query.indexOf('&', start);
    const equals = query.indexOf('=', start);
    const stop = end < 0 ? query.length : end;
    if (equals >= 0 && equals < stop && secretQueryKeys.has(nameOf(query.slice(start, equals))))
      return true;
    start = stop + 1;
  }
  return false;
}

function redactPair(pair: string): string {
  const equals = pair.indexOf('=');
  if (equals < 0) return pair;
  return secretQueryKeys.has(nameOf(pair.slice(0, equals)))
    ? `${pair.slice(0, equals)}=${redacted}`
    : pair;
}

function nameOf(text: string): string {
  const name = text.startsWith('?') ? text.slice(1) : text;
  if (!name.includes('%')) return name.toLowerCase();
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name.toLowerCase();
  }
}

function redactUrl(url: string): string {
  const open = withoutUserinfo(url);
  const mark = open.indexOf('?');
  if (mark < 0) return open;
  const hash = open.indexOf('#', mark);
  const end = hash < 0 ? open.length : hash;
  return open.slice(0, mark + 1) + redactQuery(open.slice(mark + 1, end)) + open.slice(end);
}

function withoutUserinfo(url: string): string {
  if (!url.includes('@')) return url;
  const scheme = url.indexOf('://');
  if (scheme < 0) return url;
  const start = scheme + 3;
  const rest = url.slice(start);
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const at = authority.lastIndexOf('@');
  return at < 0 ? url : `${url.slice(0, start)}${redacted}${rest.slice(at)}`;
}

/** Keeps the statement's shape: quoted text and numbers become `?`, quoted identifiers stay. */
function maskLiterals(statement: string): string {
  return statement
    .replace(/'(?:[^']|'')*(?:'|$)/g, '?')
    .replace(/"([^"]*)"/g, (quoted, inner: string) => (/^[\w.$]*$/.test(inner) ? quoted : '?'))
    .replace(/(?<![\w$.@:])\d+(?:\.\d+)?(?!\w)/g, '?');
}
