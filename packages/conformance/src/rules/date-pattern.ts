/** One letter of Java's date patterns, repeated `count` times, as a pattern on text. */
const LETTERS: Readonly<Record<string, (count: number) => string>> = {
  G: () => '(?:AD|BC)',
  y: (count) => `\\d{1,${Math.max(count, 4)}}`,
  u: (count) => `\\d{1,${Math.max(count, 4)}}`,
  Y: (count) => `\\d{1,${Math.max(count, 4)}}`,
  M: (count) => (count >= 3 ? '[A-Za-z]+' : '(?:0?[1-9]|1[0-2])'),
  L: (count) => (count >= 3 ? '[A-Za-z]+' : '(?:0?[1-9]|1[0-2])'),
  d: () => '(?:0?[1-9]|[12]\\d|3[01])',
  D: () => '\\d{1,3}',
  E: () => '[A-Za-z]+',
  a: () => '(?:AM|PM|am|pm)',
  H: () => '(?:[01]?\\d|2[0-3])',
  k: () => '(?:0?[1-9]|1\\d|2[0-4])',
  K: () => '(?:0?\\d|1[01])',
  h: () => '(?:0?[1-9]|1[0-2])',
  m: () => '[0-5]?\\d',
  s: () => '(?:[0-5]?\\d|60)',
  S: (count) => `\\d{1,${count}}`,
  A: () => '\\d+',
  n: () => '\\d{1,9}',
  N: () => '\\d+',
  X: (count) => `(?:Z|[+-]\\d{2}${count >= 3 ? ':\\d{2}' : '(?:\\d{2})?'})`,
  x: (count) => `[+-]\\d{2}${count >= 3 ? ':\\d{2}' : '(?:\\d{2})?'}`,
  Z: () => '[+-]\\d{2}:?\\d{2}',
  z: () => '[A-Za-z/_]+',
  V: () => '[A-Za-z/_+-]+',
  O: () => 'GMT(?:[+-]\\d{1,2}(?::\\d{2})?)?',
};

/**
 * A test for text in a Java date format, lenient where the native library is. Days are not checked against the month: on
 * live paths and queries the form is what a promise says. Offsets go to any hour, where the native library stops at 11.
 */
export function compileDatePattern(format: string): (text: string) => boolean {
  const pieces = [...format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|([^A-Za-z'])/g)].map((found) =>
    pieceOf(found),
  );
  const regex = new RegExp(`^${pieces.join('')}$`);
  return (text) => text.length <= 100 && regex.test(text);
}

function pieceOf(found: RegExpMatchArray): string {
  const [whole, quoted, letter] = found;
  if (quoted !== undefined) {
    return literal(quoted === '' ? "'" : quoted.replaceAll("''", "'"));
  }
  const pattern = letter === undefined ? undefined : LETTERS[letter];
  return pattern === undefined ? literal(whole) : pattern(whole.length);
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
