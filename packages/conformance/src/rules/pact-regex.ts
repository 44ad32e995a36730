import { setFlagsFromString } from 'node:v8';

// Patterns come from whoever may publish a pact and run on live traffic: when one backtracks too much, V8 goes on with its
// linear engine. That engine knows no flags, so patterns are compiled without any.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

/** Ruby's escapes and classes (Onigmo, the dialect of pact patterns) in JavaScript's words; text inside brackets only. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f',
  w: '\\w\\u00aa\\u00b5\\u00ba\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u1fff\\u2c00-\\uffff',
  h: '0-9A-Fa-f',
};

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z\\u00c0-\\uffff',
  digit: '0-9',
  alnum: '0-9A-Za-z\\u00c0-\\uffff',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
};

const ANCHORS: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '$',
  e: '\\x1b',
  R: '(?:\\r\\n|[\\n-\\r])',
};

/** Texts beyond this length are not judged by a pattern: no value that a pact means by a pattern is that long. */
export const LONGEST_TEXT = 4096;

/**
 * A test for the whole text, as the native library matches: `\d+` refuses `a1b`. Returns undefined for a pattern that is
 * invalid or uses what JavaScript lacks; the native library lets such a rule fail and nothing else.
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | undefined {
  if (isBeyondJavaScript(pattern)) {
    return undefined;
  }
  const flags = /^\(\?([imx]+)\)/.exec(pattern);
  const ignoreCase = flags?.[1]?.includes('i') === true;
  const dotAll = flags?.[1]?.includes('m') === true;
  const body = translate(pattern.slice(flags?.[0].length ?? 0), { ignoreCase, dotAll });
  try {
    const regex = new RegExp(`^(?:${body})$`);
    return (text) => {
      if (text.length > LONGEST_TEXT) {
        return false;
      }
      const folded = ignoreCase ? text.toLowerCase() : text;
      return regex.test(folded) || (SURROGATE.test(folded) && ofPairs(regex).test(folded));
    };
  } catch {
    return undefined;
  }
}

const SURROGATE = /[\ud800-\udfff]/;
const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]';

/** The same pattern with `.` for one sign of two code units, as Ruby counts; without flags JavaScript counts units. */
function ofPairs({ source }: RegExp): RegExp {
  return new RegExp(
    source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]|\./gs, (piece) =>
      piece === '.' || piece === '[^]' ? `(?:${PAIR}|${piece})` : piece,
    ),
  );
}

/** Calls of groups, conditions, comments, classes that intersect, `\G` and `\K`: valid in Ruby, and not to be said in JavaScript. */
export function isBeyondJavaScript(pattern: string): boolean {
  return (
    /\\[gGK]|\(\?[(#~]|(?!^)\(\?[imx-]+[:)]|^\(\?[im]*[x-]|\[\^[^\]]*&&/.test(pattern) ||
    isBoundless(pattern)
  );
}

/** Looking around and back makes V8 search without its linear engine: together with repeated repetition that may take for ever. */
function isBoundless(pattern: string): boolean {
  return /\(\?<?[=!]|\\[1-9k]/.test(pattern) && /[*+}][^()]*\)(?:[*+]|\{\d*,)/.test(pattern);
}

interface Dialect {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

function translate(pattern: string, dialect: Dialect): string {
  let out = '';
  let at = 0;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    const property = /^\\p\{(\w+)\}/.exec(pattern.slice(at, at + 12));
    if (property !== null) {
      out += `[${POSIX[property[1]?.toLowerCase() ?? ''] ?? '^'}]`;
      at += property[0].length;
    } else if (char === '\\') {
      out += escapeOutside(pattern.charAt(at + 1));
      at += 2;
    } else if (char === '[') {
      const end = endOfClass(pattern, at);
      out += classOf(pattern.slice(at, end), dialect);
      at = end;
    } else {
      const [piece, length] = plainPiece(pattern, at, dialect);
      out += piece;
      at += length;
    }
  }
  return out;
}

/** Any other escaped sign is left: without flags JavaScript takes it for itself, as Ruby does. */
function escapeOutside(letter: string): string {
  const inside = CLASSES[letter];
  if (inside !== undefined) {
    return `[${inside}]`;
  }
  const negated = letter >= 'A' && letter <= 'Z' ? CLASSES[letter.toLowerCase()] : undefined;
  if (negated !== undefined) {
    return `[^${negated}]`;
  }
  return ANCHORS[letter] ?? `\\${letter}`;
}

function plainPiece(pattern: string, at: number, dialect: Dialect): readonly [string, number] {
  const char = pattern.charAt(at);
  if (char === '.' && dialect.dotAll) {
    return ['[^]', 1];
  }
  if (pattern.startsWith('(?>', at)) {
    return ['(?:', 3];
  }
  if (pattern.startsWith('{,', at)) {
    return ['{0,', 2];
  }
  // A possessive quantifier only forbids backtracking; on a whole-text match the plain one accepts a little more.
  if (char === '+' && /[*+?}]/.test(pattern.charAt(at - 1)) && pattern.charAt(at - 2) !== '\\') {
    return ['', 1];
  }
  return [dialect.ignoreCase ? char.toLowerCase() : char, 1];
}

function endOfClass(pattern: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      at += 1;
    } else if (char === '[') {
      depth += 1;
    } else if (char === ']') {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
    at += 1;
  }
  return pattern.length;
}

function classOf(text: string, dialect: Dialect): string {
  const parts = text.slice(1, -1).split('&&');
  if (parts.length > 1) {
    const all = parts.map(
      (part) => `(?=${classOf(part.startsWith('[') ? part : `[${part}]`, dialect)})`,
    );
    return `(?:${all.join('')}[^])`;
  }
  const named = text.replaceAll(/\[:(\^?)(\w+):\]/g, (whole, not: string, name: string) =>
    not === '' ? (POSIX[name] ?? whole) : whole,
  );
  const ruby = named.replaceAll(/\\(.)/g, (whole, letter: string) => CLASSES[letter] ?? whole);
  return dialect.ignoreCase ? lowerOutsideEscapes(ruby) : ruby;
}

function lowerOutsideEscapes(text: string): string {
  return text.replaceAll(/\\u[0-9a-f]{4}|\\.|[A-Z]/g, (piece) =>
    piece.length === 1 ? piece.toLowerCase() : piece,
  );
}
