/** Names with digits that are words of a URL and no ids. */
export const urlWords: readonly string[] = (
  'oauth1 oauth2 s3 ec2 md5 sha1 sha256 sha512 base64 utf8 http2 http3 k8s i18n l10n a11y web3 mp3 mp4 h264 ipv4 ipv6 ' +
  '2fa 3ds 3ds2 x509 iso8601 p2p b2b b2c c2c f5 h2 w3c win32 win64 x64 x86'
).split(' ');
const WORDS = new Set(urlWords);

/** `/v1/orders/42` → v1, orders, 42; a trailing slash is a segment of its own, as matching has it. */
export function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

/** Guesses whether a segment names one thing of many (a number, UUID, hash, code) rather than a part of the address. */
export function looksLikeId(segment: string): boolean {
  if (/^\d+$/.test(segment)) {
    return true;
  }
  if (segment.includes('@') || /%40/i.test(segment)) {
    return true;
  }
  if (/^v\d+(?:\.\d+)*$/i.test(segment) || WORDS.has(segment.toLowerCase())) {
    return false;
  }
  return /\d/.test(segment) || (segment.length >= 20 && /[a-z][A-Z]|[A-Z][a-z][A-Z]/.test(segment));
}

/** Percent-encoding undone where that does not change the segments; text with a wrong escape stays as it is. */
export function decodePath(path: string): string {
  if (!path.includes('%')) {
    return path;
  }
  try {
    return path
      .split('/')
      .map((segment) => decodeURIComponent(segment).replaceAll('/', '%2F'))
      .join('/');
  } catch {
    return path;
  }
}

/**
 * A framework's route with its parameters written one way: `:id`, `<int:id>`, `[id]` become `{id}`. Undefined for routes
 * that stand for any number of segments.
 */
export function templateOfRoute(route: string): string | undefined {
  if (route.includes('*') || route.includes('...')) {
    return undefined;
  }
  const plain = route.replace(/\(\.:format\)$/, '').replace(/\?$/, '');
  return plain
    .split('/')
    .map((segment) => {
      const found = /^(?::(\w+)(?:\(.*\))?|\{(\w+)[^}]*\}|<(?:\w+:)?(\w+)>|\[(\w+)\])$/.exec(
        segment,
      );
      const name = found === null ? undefined : (found[1] ?? found[2] ?? found[3] ?? found[4]);
      return name === undefined ? segment : `{${name}}`;
    })
    .join('/');
}

/** True when the path is one that the template stands for, whatever its variable segments hold. */
export function fitsTemplate(path: readonly string[], template: readonly string[]): boolean {
  return (
    path.length === template.length &&
    template.every((segment, at) => segment.startsWith('{') || segment === path[at])
  );
}
