import { expect, test } from 'vitest';
import { differences, type RulesOfCase } from '../testing/body-differences.ts';

const TYPES = [
  'application/json',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=X',
  'text/plain',
  'image/png',
  undefined,
];

const SEEDS = [
  '{"a":[1,"x",null]}',
  '<a k="1"><b>x</b>&amp;<![CDATA[y]]></a>',
  'a=1&b=%20+x',
  '--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n--X--\r\n',
  'plain words',
  '\u0089PNG\r\n',
];

const RULES: readonly RulesOfCase[] = [
  {},
  { $: { match: 'type' }, '$.a': { match: 'regex', regex: '\\w+' } },
  { $: { match: 'contentType', value: 'image/png' }, '$.a.*': { match: 'notEmpty' } },
];

/** Bytes of a body, some of them others, some gone, some doubled; the same for the same number. */
function mutated(text: string, seed: number): Uint8Array {
  const bytes = [...Buffer.from(text)];
  let state = seed * 2_654_435_761;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  for (let times = next(6); times > 0; times -= 1) {
    const at = next(bytes.length + 1);
    bytes.splice(at, next(3), ...bytes.slice(at, at + next(4)), next(256));
  }
  return Buffer.from(bytes);
}

test.each(TYPES)('whatever bytes come as %s, they are judged and nothing is thrown', (type) => {
  let differing = 0;
  for (let seed = 0; seed < 900; seed += 1) {
    const rules = RULES[seed % RULES.length] ?? {};
    const expected = mutated(SEEDS[seed % SEEDS.length] ?? '', seed % 7 === 0 ? seed : 0);
    const actual = mutated(SEEDS[(seed >> (seed % 3)) % SEEDS.length] ?? '', seed);
    const part = seed % 2 === 0 ? 'request' : 'response';
    const profile = seed % 5 === 0 ? 'live' : 'strict';
    const found = differences({ type, expected, actual, rules, part, profile });
    expect(found.every(({ path, text }) => path.startsWith('$') && text !== '')).toBe(true);
    differing += found.length > 0 ? 1 : 0;
  }
  expect(differing).toBeGreaterThan(0);
});
