/** A quantifier, with its laziness. */
const QUANTIFIER = /[*+?]\??|\{(\d+)(?:,(\d*))?\}\??/y;
/** One thing that a quantifier may stand behind, or the sign of a group or a choice; of what RE2 reads as Ruby does. */
const PIECE =
  /\(\?:|\(\?<[A-Za-z]\w*>|\((?!\?)|\)|\||\.|\\[dDwWsS]|\\h|\\[^A-Za-z0-9]|\[\^?(?:[^\]\\[$]|\\[dws]|\\[^A-Za-z0-9]|\[:[a-z]+:\])+\]|[A-Za-z0-9_/~@:,;=!&%# "'<>-]/y;
/** RE2 counts no further. */
const MOST_REPEATS = 1000;

/**
 * A pattern of a pact in RE2's words, for the whole text, without a `$`; undefined where it uses what RE2 lacks (looking around,
 * references, possessive quantifiers) or what the two read in different ways. One for a `segment` accepts no slash.
 */
export function toRe2(pattern: string, scope: 'path' | 'segment'): string | undefined {
  const body = pattern
    .replace(/^(?:\^|\\A)/, '')
    .replace(/(?<!\\)\$$|\\[zZ]$/, '')
    .replaceAll('\\/', '/');
  // A name that stands twice makes the pattern one that matches nothing.
  const names = [...body.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name);
  if (new Set(names).size < names.length) {
    return undefined;
  }
  let out = '';
  let at = 0;
  let isQuantified = true;
  while (at < body.length) {
    const quantifier: RegExpExecArray | undefined = isQuantified
      ? undefined
      : matchAt(QUANTIFIER, body, at);
    const piece: RegExpExecArray | undefined = quantifier ?? matchAt(PIECE, body, at);
    if (piece === undefined || repeatsTooOften(quantifier)) {
      return undefined;
    }
    isQuantified = quantifier !== undefined || OPENS.test(piece[0]);
    out += quantifier === undefined ? pieceInRe2(piece[0], scope) : piece[0];
    at += piece[0].length;
  }
  return `(?:${out})`;
}

/** Nothing stands there yet that could be repeated. */
const OPENS = /^(?:\(|\|)/;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

function repeatsTooOften(quantifier: RegExpExecArray | undefined): boolean {
  const [, least, most] = quantifier ?? [];
  return Math.max(Number(least ?? 0), Number(most ?? 0)) > MOST_REPEATS;
}

/** What accepts a slash although it names none, and what takes its place in a segment. */
const WITHOUT_SLASH: Readonly<Record<string, string>> = {
  '.': '[^/]',
  '\\S': '[^/\\s]',
  '\\D': '[^/0-9]',
  '\\W': '[^/0-9A-Za-z_]',
};

function pieceInRe2(piece: string, scope: 'path' | 'segment'): string {
  if (piece.startsWith('(?<')) {
    return '(?:';
  }
  if (piece === '\\h') {
    return '[0-9A-Fa-f]';
  }
  const plain = piece.replaceAll('\\$', '\\x24');
  if (scope === 'path') {
    return plain;
  }
  return WITHOUT_SLASH[plain] ?? plain.replace(/^\[\^/, '[^/');
}

/** The text as it stands in a path: what need not be escaped there may be all the same. */
export function literalPattern(text: string): string {
  return [...text.matchAll(/%2F|./gsu)].map(([sign]) => signPattern(sign)).join('');
}

function signPattern(sign: string): string {
  if (/^[A-Za-z0-9_~-]$/.test(sign)) {
    return sign;
  }
  // A slash in a segment is always escaped, and the escape may be escaped once more.
  if (sign === '%2F') {
    return '%(?:25)?2[Ff]';
  }
  const bytes = [...new TextEncoder().encode(sign)];
  const escaped = bytes.map((byte) => `%${[...hexOf(byte)].map(eitherCase).join('')}`).join('');
  return `(?:${rawPattern(sign)}|${escaped})`;
}

function rawPattern(sign: string): string {
  return sign.length === 1 && sign <= '\x7f' ? `\\x${hexOf(sign.charCodeAt(0))}` : sign;
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function eitherCase(digit: string): string {
  return digit >= 'a' ? `[${digit}${digit.toUpperCase()}]` : digit;
}
