import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compilePact } from './compile-pact.ts';
import { AS_PROMISED } from './match-http.ts';

interface RequestCase {
  readonly caption: string;
  readonly match: boolean;
  readonly expected: Record<string, unknown>;
  readonly actual: {
    readonly method?: string | null;
    readonly path?: string | null;
    readonly query?: string | Record<string, readonly (string | null)[]> | null;
  };
}

const file = new URL('../../../../test/cases/pact-specification/requests.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly RequestCase[] };

/** Live traffic is judged more leniently than a test: these are refused by the specification and let pass here, on purpose. */
const LENIENT = [
  /unexpected param/,
  /native: query: extra$/,
  /native: query: expected none, actual some/,
  // The text of a version 1 query is read as parameters, as the native library reads it.
  /^v1 query: different param order/,
  /^v1 query: trailing amperand/,
];

test.each(cases)('$caption', ({ caption, match, expected, actual }) => {
  const pact = compilePact(JSON.stringify({ interactions: [{ request: expected }] }));
  const candidates = pact.http.candidates(
    {
      kind: 'http',
      method: (actual.method ?? 'GET').toUpperCase(),
      path: actual.path ?? '',
      query: queryText(actual.query),
      route: undefined,
      status: 200,
    },
    true,
  );
  const asPromised = candidates.some(({ rank }) => rank >= AS_PROMISED);
  expect(asPromised).toBe(match || LENIENT.some((words) => words.test(caption)));
});

function queryText(query: RequestCase['actual']['query']): string {
  if (typeof query === 'string') {
    return query;
  }
  return Object.entries(query ?? {})
    .flatMap(([name, values]) =>
      values.map((value) =>
        value === null
          ? encodeURIComponent(name)
          : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
      ),
    )
    .join('&');
}
