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
  throw new InsightsError(reasonOf(answer) || text.slice(0, 200) || `status ${status}`, { status });
}

interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: { readonly pointer?: string; readonly detail?: string }[];
}

/** What a problem (RFC 9457) says, member by member where it tells them apart. */
function reasonOf(answer: unknown): string {
  const { title = '', detail, errors } = (answer ?? {}) as ProblemBody;
  if (detail !== undefined || !Array.isArray(errors)) return detail ?? title;
  return errors
    .map(({ pointer, detail: words }) => [pointer?.slice(1), words].filter(Boolean).join(' '))
    .join('; ');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
