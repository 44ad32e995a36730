import { setFlagsFromString } from 'node:v8';
import { classNamed, propertyNamed, type Repertoire } from './unicode-classes.ts';

// Patterns come from whoever may publish a pact and run on live traffic: when one backtracks too much, V8 goes on with its
// linear engine. That engine knows no flags, so patterns are compiled without any.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

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
  const body = pattern.slice(flags?.[0].length ?? 0);
  const compiled = (repertoire: Repertoire): RegExp =>
    new RegExp(`^(?:${translate(body, { ignoreCase, dotAll, repertoire })})$`);
  try {
    const ascii = compiled('ascii');
    let all: RegExp | undefined;
    return (text) => {
      if (text.length > LONGEST_TEXT) {
        return false;
      }
      const folded = ignoreCase ? text.toLowerCase() : text;
      if (ASCII.test(folded)) {
        return ascii.test(folded);
      }
      all ??= compiled('all');
      return all.test(folded) || (SURROGATE.test(folded) && ofPairs(all).test(folded));
    };
  } catch {
    return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are ASCII, too
const ASCII = /^[\x00-\x7f]*$/;
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
    /\\[gGK]|\{\d*,?\d*\}\+|\(\?[(#~]|(?!^)\(\?[imx-]+[:)]|^\(\?[im]*[x-]|\[\^[^\]]*&&/.test(
      pattern,
    ) || isBoundless(pattern)
  );
}

/** Looking around and back makes V8 search without its linear engine: together with repeated repetition that may take for ever. */
function isBoundless(pattern: string): boolean {
  return /\(\?<?[=!]|\\[1-9k]/.test(pattern) && /[*+}][^()]*\)(?:[*+]|\{\d*,)/.test(pattern);
}

interface Dialect {
  readonly repertoire: Repertoire;
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

function translate(pattern: string, dialect: Dialect): string {
  let out = '';
  let at = 0;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    const property = PROPERTY.exec(pattern.slice(at, at + 40));
    if (property !== null) {
      out += propertyOf(property, dialect);
      at += property[0].length;
    } else if (char === '\\') {
      out += escapeOutside(pattern.charAt(at + 1), dialect);
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

const PROPERTY = /^\\([pP])\{(\^?)(\w+)\}/;

/** One that nobody knows makes the pattern invalid, as an open bracket does. */
function propertyOf([, letter, not, name = '']: RegExpExecArray, { repertoire }: Dialect): string {
  const negated = (letter === 'P') !== (not === '^');
  const signs = propertyNamed(name, repertoire);
  return signs === undefined ? '[' : `[${negated ? '^' : ''}${signs}]`;
}

/** Any other escaped sign is left: without flags JavaScript takes it for itself, as Ruby does. */
function escapeOutside(letter: string, { repertoire }: Dialect): string {
  const inside = LETTERS.has(letter) ? classNamed(letter, repertoire) : undefined;
  if (inside !== undefined) {
    return `[${inside}]`;
  }
  const lower = letter.toLowerCase();
  const negated = LETTERS.has(lower) ? classNamed(lower, repertoire) : undefined;
  if (negated !== undefined) {
    return `[^${negated}]`;
  }
  return ANCHORS[letter] ?? `\\${letter}`;
}

const LETTERS: ReadonlySet<string> = new Set(['d', 'w', 'h']);

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
  if (char === '+' && /[*+?]/.test(pattern.charAt(at - 1)) && pattern.charAt(at - 2) !== '\\') {
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
  const { repertoire } = dialect;
  const named = text.replaceAll(/\[:(\^?)(\w+):\]/g, (whole, not: string, name: string) =>
    not === '' ? (classNamed(name, repertoire) ?? whole) : whole,
  );
  const ruby = named.replaceAll(
    /\\p\{(\w+)\}|\\(.)/g,
    (whole, property: string | undefined, letter: string) => {
      if (property !== undefined) {
        return propertyNamed(property, repertoire) ?? whole;
      }
      return LETTERS.has(letter) ? (classNamed(letter, repertoire) ?? whole) : whole;
    },
  );
  return dialect.ignoreCase ? lowerOutsideEscapes(ruby) : ruby;
}

function lowerOutsideEscapes(text: string): string {
  return text.replaceAll(/\\u[0-9a-f]{4}|\\.|[A-Z]/g, (piece) =>
    piece.length === 1 ? piece.toLowerCase() : piece,
  );
}
