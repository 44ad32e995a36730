/** Where requests go and what they carry; the URL holds no credentials, so that it may be logged. */
export interface JaegerEndpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** User info in the address becomes basic authentication and wins over the bearer token. */
export function jaegerEndpoint(address: string, token: string | undefined): JaegerEndpoint {
  const url = new URL(address);
  const authorization = authorizationOf(url, token);
  url.username = '';
  url.password = '';
  url.hash = '';
  url.search = '';
  return {
    url: url.href.replace(/\/+$/, ''),
    headers: authorization === undefined ? {} : { authorization },
  };
}

function authorizationOf(url: URL, token: string | undefined): string | undefined {
  if (url.username !== '' || url.password !== '') {
    const user = `${unescaped(url.username)}:${unescaped(url.password)}`;
    return `Basic ${Buffer.from(user, 'utf8').toString('base64')}`;
  }
  return token === undefined ? undefined : `Bearer ${token}`;
}

/** A password with a bare percent sign is meant as it stands. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
