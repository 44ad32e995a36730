/** How much of Unicode a pattern has to know for the text at hand. */
export type Repertoire = 'ascii' | 'all';

/** Classes of Ruby's patterns by what their letter or POSIX name means in Unicode, in JavaScript's words for inside of brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  w: '\\p{L}\\p{M}\\p{Nd}\\p{Pc}',
  h: '0-9A-Fa-f',
  alpha: '\\p{Alphabetic}',
  digit: '\\p{Nd}',
  alnum: '\\p{Alphabetic}\\p{Nd}',
  upper: '\\p{Uppercase}',
  lower: '\\p{Lowercase}',
  space: '\\p{White_Space}',
  blank: '\\p{Zs}\\t',
  cntrl: '\\p{Cc}',
  punct: '\\p{P}$+<=>^`|~',
  xdigit: '0-9A-Fa-f',
  word: '\\p{L}\\p{M}\\p{Nd}\\p{Pc}',
};

/** A class of that letter or POSIX name, for inside of brackets. */
export function classNamed(name: string, repertoire: Repertoire): string | undefined {
  const expression = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  return expression === undefined ? undefined : rangesOf(expression, repertoire);
}

/** `\p{…}`: by its POSIX name or as Unicode calls it; undefined for what JavaScript does not know. */
export function propertyNamed(name: string, repertoire: Repertoire): string | undefined {
  return classNamed(name.toLowerCase(), repertoire) ?? rangesOf(`\\p{${name}}`, repertoire);
}

const known = new Map<string, string | undefined>();

/**
 * Patterns are compiled without the flag that properties need (V8's linear engine knows none), so their signs are spelled out.
 * Signs of two code units are taken for letters.
 */
function rangesOf(expression: string, repertoire: Repertoire): string | undefined {
  const key = `${repertoire} ${expression}`;
  if (!known.has(key)) {
    known.set(key, spellOut(expression, repertoire === 'ascii' ? 0x7f : 0xffff));
  }
  return known.get(key);
}

function spellOut(expression: string, last: number): string | undefined {
  let sign: RegExp;
  try {
    sign = new RegExp(`[${expression}]`, 'u');
  } catch {
    return undefined;
  }
  let ranges = '';
  for (let code = 0; code <= last; code += 1) {
    if (isMember(sign, code)) {
      const first = code;
      while (code < last && isMember(sign, code + 1)) {
        code += 1;
      }
      ranges += first === code ? escaped(first) : `${escaped(first)}-${escaped(code)}`;
    }
  }
  return ranges;
}

function isMember(sign: RegExp, code: number): boolean {
  const half = code >= 0xd800 && code <= 0xdfff;
  return sign.test(half ? 'ꓮ' : String.fromCharCode(code));
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
