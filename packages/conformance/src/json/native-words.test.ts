import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareMessage } from '../contract/compare-parts.ts';
import { compileDatePattern } from '../rules/date-pattern.ts';

function casesIn<T>(name: string): readonly T[] {
  const file = new URL(`../../../../test/cases/native-probes/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly T[] }).cases;
}

interface WordsCase {
  /** JSON texts. */
  readonly expected: string;
  readonly actual: string;
  readonly rules: unknown;
  /** Path and words of each mismatch, sorted. */
  readonly native: readonly string[];
}

describe('a JSON value', () => {
  test.each(casesIn<WordsCase>('json-words.json'))(
    '$actual for $expected under $rules is judged in the native library’s words',
    ({ expected, actual, rules, native }) => {
      const promised = `{"contents":${expected},"matchingRules":{"body":${JSON.stringify(rules)}}}`;
      const body = { contentType: 'application/json', content: Buffer.from(actual) };
      const { mismatches, unjudged } = compareMessage(promised, { metadata: {}, body }, 3);
      expect(unjudged).toEqual([]);
      expect([...new Set(mismatches.map(({ path, text }) => `${path} ${text}`))].sort()).toEqual(
        [...native].sort(),
      );
    },
  );
});

/** Wanted: offsets go to 18 hours and years have all their days. */
const WIDER = new Set([
  'X +12',
  'XXX +12:00',
  'O GMT+12',
  'D 365',
  'D 366',
  'DDD 365',
  'DDD 366',
  'yyyy-DDD 2024-366',
  'yyyy-DDD 2023-366',
]);

/** Zones are found otherwise, and what is wrong with a pattern is told shorter. */
const OTHER_WORDS = /^Error parsing|Timezone|Char\)|InvalidHour\("12"\)|Nom\("", IsA\)/;

describe('a text under a datetime rule', () => {
  test.each(casesIn<readonly [format: string, text: string, words: string]>('dates.json'))(
    '%j: %j says %j',
    (format, text, words) => {
      const fault = compileDatePattern(format === '' ? "yyyy-MM-dd'T'HH:mm:ssXXX" : format)(text);
      if (WIDER.has(`${format} ${text}`)) {
        expect(fault).toBeUndefined();
      } else if (OTHER_WORDS.test(words)) {
        expect(fault).toMatch(/^Error/);
      } else {
        expect(fault ?? '').toBe(words);
      }
    },
  );
});
