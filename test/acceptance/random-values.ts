/** Whole numbers from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** Mulberry32: the same numbers for the same seed, so that a failure can be repeated. */
export function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)] as T;
}

/** One JSON value: as a client may write it, and as the hub has to serve it. */
export interface TwoTexts {
  readonly sent: string;
  readonly served: string;
}

/** Spellings of numbers, with what Ruby's broker makes of them. */
const NUMBERS: readonly (readonly [string, string])[] = [
  ['0', '0'],
  ['-0', '-0'],
  ['1', '1'],
  ['1.0', '1.0'],
  ['1.10', '1.1'],
  ['-0.0', '-0.0'],
  ['1e3', '1000.0'],
  ['1E+2', '100.0'],
  ['0.00001', '1.0e-05'],
  ['1e16', '1.0e+16'],
  ['1e400', '1e400'],
  ['1152921504606846976', '1152921504606846976'],
  ['-123456789012345678901234567890', '-123456789012345678901234567890'],
];

const CHARACTERS = [
  ...['a', 'Z', '0', ' ', '/', '"', '\\', '\n', '\t', '\u0000', '\u001f', '\u007f', '\u2028'],
  ...['é', 'ß', '漢', '𝄞', '👩‍🚀', '\ufeff', '</script>', '{', '[', ',', ':', '%', "'", ';--'],
];

export function randomText(random: Random): string {
  return Array.from({ length: random(8) }, () => oneOf(random, CHARACTERS)).join('');
}

/** `depth` is how deep arrays and objects may nest in it. */
export function randomJson(random: Random, depth: number): TwoTexts {
  switch (random(depth > 0 ? 8 : 5)) {
    case 0:
      return same(oneOf(random, ['null', 'true', 'false']));
    case 1:
    case 2: {
      const [sent, served] = oneOf(random, NUMBERS);
      return { sent, served };
    }
    case 3:
    case 4:
      return jsonText(random, randomText(random));
    case 5:
      return jsonArray(
        random,
        Array.from({ length: random(4) }, () => randomJson(random, depth - 1)),
      );
    default:
      return jsonObject(random, randomMembers(random, depth - 1));
  }
}

export function same(text: string): TwoTexts {
  return { sent: text, served: text };
}

/** Each character as itself or as an escape. */
export function jsonText(random: Random, text: string): TwoTexts {
  const sent = [...text].map((character) =>
    random(4) === 0 ? escaped(character) : JSON.stringify(character).slice(1, -1),
  );
  return { sent: `"${sent.join('')}"`, served: JSON.stringify(text) };
}

export function jsonArray(random: Random, items: readonly TwoTexts[]): TwoTexts {
  return joined(random, items, '[]');
}

/** Members in the order given. */
export function jsonObject(
  random: Random,
  members: Readonly<Record<string, TwoTexts>> | ReadonlyMap<string, TwoTexts>,
): TwoTexts {
  const entries = members instanceof Map ? [...members] : Object.entries(members);
  const pairs = entries.map(([name, value]: [string, TwoTexts]) => {
    const key = jsonText(random, name);
    return { sent: `${key.sent}:${value.sent}`, served: `${key.served}:${value.served}` };
  });
  return joined(random, pairs, '{}');
}

/** Names that objects of JavaScript would move or lose. */
export function randomMembers(random: Random, depth: number): ReadonlyMap<string, TwoTexts> {
  const names = ['10', '9', '__proto__', 'constructor', 'é', '', 'json_class', '$.a', 'B', 'a'];
  const members = new Map<string, TwoTexts>();
  for (let count = random(5); count > 0; count -= 1) {
    const name = random(3) === 0 ? randomText(random) : oneOf(random, names);
    if (!members.has(name)) members.set(name, randomJson(random, depth));
  }
  return members;
}

function joined(random: Random, items: readonly TwoTexts[], [open, close]: string): TwoTexts {
  const space = oneOf(random, ['', '', ' ', '\n  ', '\t', '\r\n']);
  const sent = items.map((item) => `${space}${item.sent}${space}`).join(',');
  return {
    sent: `${open}${items.length === 0 ? space : sent}${close}`,
    served: `${open}${items.map((item) => item.served).join(',')}${close}`,
  };
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
