// Hand-written over character codes: a published pact is up to 10 MiB, and JSON.parse loses number spellings and key order.
import { JsonNumber, type JsonValue } from './json-value.ts';
import { rubyNumber } from './ruby-number.ts';

/** Where and why a text is not JSON; line and column count from 1. */
export interface JsonDefect {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type JsonResult =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly defect: JsonDefect };

const DEFAULT_DEPTH = 100;

/**
 * Reads JSON without loss: number spellings (in the broker's own form), key order, integers of any size. Of a duplicate key
 * the last value counts, at the place of the first. Arrays and objects may nest `maxDepth` deep.
 */
export function parseJson(text: string, maxDepth: number = DEFAULT_DEPTH): JsonResult {
  try {
    return { ok: true, value: new Reader(text, maxDepth).document() };
  } catch (error) {
    if (!(error instanceof Syntax)) throw error;
    return { ok: false, defect: { message: error.message, ...placeOf(text, error.offset) } };
  }
}

/** `unexpected end of input at line 1 column 10`, as the broker writes it. */
export function describeJsonDefect({ message, line, column }: JsonDefect): string {
  return `${message} at line ${line} column ${column}`;
}

class Syntax extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[^\s,\]}:[{"]{1,20}/y;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): JsonValue {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): JsonValue {
    this.#skipSpace();
    const code = this.#text.charCodeAt(this.#at);
    if (code === QUOTE) return this.#string();
    if (code === OPEN_OBJECT) return this.#nested(() => this.#object());
    if (code === OPEN_ARRAY) return this.#nested(() => this.#array());
    if (code === MINUS || isDigit(code)) return this.#number();
    return this.#literal();
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) {
      throw new Syntax(`nesting of ${this.#depth} is too deep`, this.#at);
    }
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): JsonValue {
    const entries = new Map<string, JsonValue>();
    if (this.#takes(CLOSE_OBJECT)) return entries;
    for (;;) {
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== QUOTE) throw this.#noKey();
      const key = this.#string();
      if (!this.#takes(COLON)) throw new Syntax("expected ':' after object key", this.#at);
      entries.set(key, this.#value());
      if (this.#takes(CLOSE_OBJECT)) return entries;
      if (!this.#takes(COMMA)) throw this.#expected("',' or '}' after object value");
    }
  }

  #array(): JsonValue {
    const items: JsonValue[] = [];
    if (this.#takes(CLOSE_ARRAY)) return items;
    for (;;) {
      items.push(this.#value());
      if (this.#takes(CLOSE_ARRAY)) return items;
      if (!this.#takes(COMMA)) throw this.#expected("',' or ']' after array value");
    }
  }

  #string(): string {
    const start = this.#at + 1;
    const text = this.#text;
    for (let at = start; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code === BACKSLASH) return this.#escapedString(start, at);
      if (code < 0x20) throw new Syntax('invalid ASCII control character in string', at);
    }
    throw new Syntax('unexpected end of input', text.length);
  }

  #escapedString(start: number, firstEscape: number): string {
    const text = this.#text;
    let result = text.slice(start, firstEscape);
    let at = firstEscape;
    let from = at;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return result + text.slice(from, at);
      }
      if (code < 0x20) throw new Syntax('invalid ASCII control character in string', at);
      if (code !== BACKSLASH) {
        at += 1;
        continue;
      }
      result += text.slice(from, at) + this.#escape(at);
      at += text[at + 1] === 'u' ? 6 : 2;
      from = at;
    }
    throw new Syntax('unexpected end of input', text.length);
  }

  #escape(at: number): string {
    const kind = this.#text[at + 1];
    if (kind === undefined) throw new Syntax('unexpected end of input', this.#text.length);
    if (kind === 'u') {
      const hex = this.#text.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex))
        throw new Syntax('incomplete unicode escape in string', at);
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const character = escapes[kind];
    if (character === undefined)
      throw new Syntax(`invalid escape character '${kind}' in string`, at);
    return character;
  }

  #number(): JsonValue {
    NUMBER.lastIndex = this.#at;
    const lexeme = NUMBER.exec(this.#text)?.[0];
    if (lexeme === undefined) throw this.#unexpected();
    const next = this.#text.charCodeAt(this.#at + lexeme.length);
    if (isDigit(next)) throw new Syntax('a number cannot start with 0', this.#at);
    this.#at += lexeme.length;
    return new JsonNumber(rubyNumber(lexeme));
  }

  #literal(): JsonValue {
    if (this.#text.startsWith('true', this.#at)) return this.#skip(4, true);
    if (this.#text.startsWith('false', this.#at)) return this.#skip(5, false);
    if (this.#text.startsWith('null', this.#at)) return this.#skip(4, null);
    throw this.#unexpected();
  }

  #skip(length: number, value: JsonValue): JsonValue {
    this.#at += length;
    return value;
  }

  #takes(code: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  /** Where a text ends before a key, the broker says so with a word of its own. */
  #noKey(): Syntax {
    if (this.#at < this.#text.length) return this.#expected('object key');
    return new Syntax('expected object key, got EOF', this.#at);
  }

  #expected(what: string): Syntax {
    if (this.#at >= this.#text.length) return this.#unexpected();
    return new Syntax(`expected ${what}, got '${this.#word()}'`, this.#at);
  }

  #unexpected(): Syntax {
    if (this.#at >= this.#text.length) return new Syntax('unexpected end of input', this.#at);
    return new Syntax(`unexpected character: '${this.#word()}'`, this.#at);
  }

  #word(): string {
    WORD.lastIndex = this.#at;
    return WORD.exec(this.#text)?.[0] ?? this.#text.charAt(this.#at);
  }
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
