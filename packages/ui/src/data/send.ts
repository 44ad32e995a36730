import { InsightsError } from '@concordat/api';

/** The part of the platform's `fetch` that the page needs. */
export type HubFetch = (
  url: string,
  init: {
    readonly method?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

export interface Sending {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: object;
}

/** Has the hub change something; a refusal is an `InsightsError` with the hub's own words. */
export async function send(fetch: HubFetch, { method, url, body }: Sending): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = jsonOf(text);
  const { status } = response;
  if (status >= 200 && status < 300) return answer;
  const { detail, title } = (answer ?? {}) as { detail?: unknown; title?: unknown };
  throw new InsightsError(String(detail ?? title ?? (text.slice(0, 200) || status)), { status });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
