import { describe, expect, test } from 'vitest';
import { differences, type RulesOfCase } from '../testing/body-differences.ts';

const type = 'multipart/form-data; boundary=X';

function body(...parts: readonly string[]): string {
  return `${parts.map((part) => `--X\r\n${part}\r\n`).join('')}--X--\r\n`;
}

function field(name: string, value: string): string {
  return `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
}

function file(name: string, contentType: string, content: string): string {
  return `Content-Disposition: form-data; name="${name}"; filename="f"\r\nContent-Type: ${contentType}\r\n\r\n${content}`;
}

const json = (content: string): string => file('f', 'application/json', content);

type PartsCase = readonly [
  caption: string,
  expected: string,
  actual: string,
  found: readonly string[],
  rules?: RulesOfCase,
];

const CASES: readonly PartsCase[] = [
  [
    'the same parts in another order',
    body(field('a', '1'), field('b', '2')),
    body(field('b', '2'), field('a', '1')),
    [],
  ],
  ['a part more', body(field('a', '1')), body(field('a', '1'), field('b', '2')), []],
  [
    'a part that is missing',
    body(field('a', '1')),
    body(),
    ["$.a Expected a MIME part 'a' but was missing"],
  ],
  [
    'another value',
    body(field('a', '1')),
    body(field('a', '2')),
    ["$.a MIME part 'a': Expected '2' to be equal to '1'"],
  ],
  [
    'a rule for a field',
    body(field('a', '1')),
    body(field('a', 'x')),
    ["$.a Expected 'x' to match an integer number"],
    { '$.a': { match: 'integer' } },
  ],
  [
    'a field that is a file',
    body(field('a', '1')),
    body(file('a', 'text/plain', '1')),
    ["$.a Expected a MIME field 'a' but was file"],
  ],
  [
    'a file that is a field',
    body(file('a', 'text/plain', '1')),
    body(field('a', '1')),
    ["$.a Expected a MIME file 'a' but was field"],
  ],
  ['JSON with other spaces', body(json('{"a": 1}')), body(json('{"a":1}')), []],
  [
    'JSON that differs',
    body(json('{"a":1}')),
    body(json('{"a":2}')),
    ["$.f.a MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"],
  ],
  [
    'a rule inside of a JSON file',
    body(json('{"a":1}')),
    body(json('{"a":2}')),
    [],
    { '$.f.a': { match: 'integer' } },
  ],
  [
    'a rule of the whole body, which does not reach into a file',
    body(json('{"a":1}')),
    body(json('{"a":2}')),
    ["$.f.a MIME part 'f': Expected 2 (Integer) to be equal to 1 (Integer)"],
    { $: { match: 'type' } },
  ],
  [
    'a file of another type',
    body(json('1')),
    body(file('f', 'text/plain', '1')),
    [
      "$.f['content-type'] MIME part 'f': header 'content-type': Expected 'text/plain' to be equal to 'application/json'",
      "$.f MIME part 'f': Expected a body of 'application/json' but the actual content type was 'text/plain'",
    ],
  ],
  [
    'a rule for the type of a file',
    body(file('f', 'text/plain; a=1', 'x')),
    body(file('f', 'text/plain; a=2', 'x')),
    [
      "$.f MIME part 'f': Expected a body of 'text/plain;a=1' but the actual content type was 'text/plain;a=2'",
    ],
    { '$.f.Content-Type': { match: 'regex', regex: 'text/.*' } },
  ],
  [
    'a rule for the content of a file',
    body(file('f', 'image/png', 'GIF89')),
    body(file('f', 'image/png', 'GIF89a')),
    [],
    { '$.f': { match: 'contentType', value: 'image/gif' } },
  ],
  [
    'a header that is missing',
    body('Content-Disposition: form-data; name="a"\r\nX-A: 1\r\n\r\n1'),
    body(field('a', '1')),
    ["$.a['x-a'] MIME part 'a': Expected multipart header 'x-a' with value '1' but was missing"],
  ],
  [
    'a content type that is missing',
    body('Content-Disposition: form-data; name="a"\r\nContent-Type: text/plain\r\n\r\n1'),
    body(field('a', '1')),
    [],
  ],
  [
    'base64',
    body(
      'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==',
    ),
    body(field('a', '1')),
    [],
  ],
  [
    'parts without names, by their number',
    body('\r\n1', '\r\n2'),
    body('\r\n1', '\r\n3'),
    ["$[1] MIME part '1': Expected body '2' to match '3' using equality but did not match"],
  ],
  [
    'a body that is cut',
    body(field('a', '1')),
    body(field('a', '1')).slice(0, -6),
    ["$ Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'"],
  ],
  [
    'bodies that are none',
    'x',
    'y',
    [
      "$ Failed to parse the expected body as a MIME multipart body: 'incomplete multipart stream'",
      "$ Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'",
    ],
  ],
  [
    'a header that is none',
    body(field('a', '1')),
    body('nonsense\r\n\r\n1'),
    ["$ Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'"],
  ],
  [
    'a part without an empty line',
    body(field('a', '1')),
    body('A: b'),
    ["$ Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'"],
  ],
  [
    'rubbish after the boundary',
    body(field('a', '1')),
    '--Xx\r\n\r\n1\r\n--X--',
    ["$ Failed to parse the actual body as a MIME multipart body: 'incomplete multipart stream'"],
  ],
];

describe('a multipart body', () => {
  test.each(CASES.map((one) => [one[0], one] as const))('%s', (_caption, one) => {
    const [, expected, actual, found, rules = {}] = one;
    const texts = differences({ type, expected, actual, rules }).map(
      ({ path, text }) => `${path} ${text}`,
    );
    expect(texts).toEqual(found);
  });

  test('of real traffic may have other values, headers and files', () => {
    const expected = body(field('a', '1'), file('f', 'text/plain; a=1', 'x'), field('c', '3'));
    const actual = body(field('a', '2'), file('f', 'text/plain', 'y'));
    const found = differences({ type, expected, actual, profile: 'live' });
    expect(found.map(({ path }) => path)).toEqual(['$.c']);
  });

  test('without a boundary is not read', () => {
    const one = { type: 'multipart/mixed', expected: body(), actual: body() };
    expect(differences(one).map(({ text }) => text)).toEqual([
      "Failed to parse the expected body as a MIME multipart body: 'no boundary in content-type'",
      "Failed to parse the actual body as a MIME multipart body: 'no boundary in content-type'",
    ]);
  });
});
