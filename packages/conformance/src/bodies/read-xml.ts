// A reader of its own because what is read comes from anyone: no document type is obeyed, no entity but the five and numbers is known,
// depth is bounded, nothing is fetched, and what is wrong is a value, never an exception.

import type { XmlElement, XmlNode } from './xml-document.ts';
import { declaredNamespaces, type NamespaceScope, qualify, ROOT_SCOPE } from './xml-names.ts';

export type XmlReading =
  | { readonly kind: 'document'; readonly root: XmlElement }
  | { readonly kind: 'defect'; readonly defect: string };

const DEEPEST = 256;
const LONGEST = 8 * 1024 * 1024;

const NAME = /[:A-Z_a-z\u00c0-\uffff][-.:\w\u00b7-\uffff]*/y;
const SPACE = /[\t\n\r ]*/y;
const TEXT = /[^<&]+/y;
const REFERENCE = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|apos|quot));/y;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  apos: "'",
  quot: '"',
};

/** Reads one XML document; never throws. */
export function readXml(content: Uint8Array): XmlReading {
  if (content.length > LONGEST) {
    return { kind: 'defect', defect: `The document has more than ${LONGEST} bytes` };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return { kind: 'document', root: new XmlReader(text).read() };
  } catch (error) {
    return { kind: 'defect', defect: error instanceof XmlDefect ? error.message : 'Not UTF-8' };
  }
}

class XmlDefect extends Error {}

interface OpenElement {
  readonly tag: string;
  readonly scope: NamespaceScope;
  readonly name: string;
  readonly localName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlNode[];
}

class XmlReader {
  readonly #text: string;
  #at = 0;
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): XmlElement {
    while (this.#at < this.#text.length) {
      this.#step();
    }
    const open = this.#open.at(-1);
    if (open !== undefined) {
      throw this.#defect(`<${open.tag}> is not closed`);
    }
    if (this.#root === undefined) {
      throw this.#defect('There is no element');
    }
    return this.#root;
  }

  #step(): void {
    if (this.#text[this.#at] !== '<') {
      this.#readText();
    } else if (this.#skip('</')) {
      this.#close();
    } else if (this.#skip('<!--')) {
      this.#until('-->');
      this.#add({ kind: 'comment' });
    } else if (this.#skip('<?')) {
      this.#until('?>');
      this.#add({ kind: 'comment' });
    } else if (this.#open.length > 0 && this.#skip('<![CDATA[')) {
      this.#add({ kind: 'text', text: this.#until(']]>') });
    } else if (this.#isProlog() && this.#skip('<!DOCTYPE')) {
      this.#skipDocumentType();
    } else {
      this.#at += 1;
      this.#openElement();
    }
  }

  #isProlog(): boolean {
    return this.#open.length === 0 && this.#root === undefined;
  }

  #readText(): void {
    if (this.#open.length === 0) {
      const { length } = this.#match(SPACE) ?? '';
      if (length === 0) {
        throw this.#defect('There is text outside of the root element');
      }
    } else if (this.#text[this.#at] === '&') {
      this.#add({ kind: 'text', text: this.#reference() });
    } else {
      this.#add({ kind: 'text', text: this.#match(TEXT) ?? '' });
    }
  }

  #reference(): string {
    REFERENCE.lastIndex = this.#at;
    const found = REFERENCE.exec(this.#text);
    if (found === null) {
      throw this.#defect('A reference is unknown or not closed');
    }
    this.#at = REFERENCE.lastIndex;
    const [, hexadecimal, decimal, entity] = found;
    if (entity !== undefined) {
      return ENTITIES[entity] ?? '';
    }
    const code = Number.parseInt(hexadecimal ?? decimal ?? '', hexadecimal === undefined ? 10 : 16);
    if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw this.#defect('A reference names no character');
    }
    return String.fromCodePoint(code);
  }

  /** Internal subsets are where documents grow without end: they are refused, a plain document type is passed over. */
  #skipDocumentType(): void {
    const declaration = this.#until('>');
    if (declaration.includes('[')) {
      throw this.#defect('Document types with declarations are not read');
    }
  }

  #openElement(): void {
    if (this.#root !== undefined) {
      throw this.#defect('There is more than one root element');
    }
    if (this.#open.length >= DEEPEST) {
      throw this.#defect(`Elements are nested deeper than ${DEEPEST}`);
    }
    const tag = this.#name();
    const written = this.#attributes();
    const scope = declaredNamespaces(written, this.#open.at(-1)?.scope ?? ROOT_SCOPE);
    const name = qualify(tag, scope, 'element');
    if (name === undefined) {
      throw this.#defect(`The prefix of <${tag}> is not declared`);
    }
    this.#open.push({
      tag,
      scope,
      name: name.full,
      localName: name.local,
      attributes: this.#qualified(written, scope),
      children: [],
    });
    if (this.#skip('/>')) {
      this.#finish();
    } else if (!this.#skip('>')) {
      throw this.#defect(`<${tag}> is not written to its end`);
    }
  }

  #attributes(): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      const space = this.#match(SPACE) ?? '';
      const next = this.#text[this.#at];
      if (next === '>' || next === '/' || next === undefined) {
        return attributes;
      }
      const name = this.#name();
      if (space === '' || attributes.has(name)) {
        throw this.#defect(`The attribute ${name} is written twice or without a space before it`);
      }
      attributes.set(name, this.#attributeValue(name));
    }
  }

  #attributeValue(name: string): string {
    this.#match(SPACE);
    const equals = this.#skip('=');
    this.#match(SPACE);
    const quote = this.#text[this.#at];
    if (!equals || (quote !== '"' && quote !== "'")) {
      throw this.#defect(`The attribute ${name} has no value in quotes`);
    }
    this.#at += 1;
    let value = '';
    while (this.#text[this.#at] !== quote) {
      const char = this.#text[this.#at];
      if (char === undefined || char === '<') {
        throw this.#defect(`The value of the attribute ${name} does not end`);
      }
      if (char === '&') {
        value += this.#reference();
      } else {
        value += char;
        this.#at += 1;
      }
    }
    this.#at += 1;
    return value;
  }

  #qualified(
    written: ReadonlyMap<string, string>,
    scope: NamespaceScope,
  ): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    for (const [name, value] of written) {
      if (name !== 'xmlns' && !name.startsWith('xmlns:')) {
        const qualified = qualify(name, scope, 'attribute');
        if (qualified === undefined) {
          throw this.#defect(`The prefix of the attribute ${name} is not declared`);
        }
        attributes.set(qualified.full, value);
      }
    }
    return attributes;
  }

  #close(): void {
    const tag = this.#name();
    this.#match(SPACE);
    if (!this.#skip('>') || this.#open.at(-1)?.tag !== tag) {
      throw this.#defect(`</${tag}> closes no open element`);
    }
    this.#finish();
  }

  #finish(): void {
    const element = this.#open.pop();
    if (element !== undefined) {
      const { name, localName, attributes, children } = element;
      this.#add({ kind: 'element', name, localName, attributes, children });
    }
  }

  #add(node: XmlNode): void {
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      parent.children.push(node);
    } else if (node.kind === 'element') {
      this.#root = node;
    }
  }

  #name(): string {
    const name = this.#match(NAME);
    if (name === undefined) {
      throw this.#defect('A name is expected');
    }
    return name;
  }

  #match(form: RegExp): string | undefined {
    form.lastIndex = this.#at;
    const found = form.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(text: string): boolean {
    const here = this.#text.startsWith(text, this.#at);
    this.#at += here ? text.length : 0;
    return here;
  }

  #until(end: string): string {
    const at = this.#text.indexOf(end, this.#at);
    if (at < 0) {
      throw this.#defect(`"${end}" is missing`);
    }
    const text = this.#text.slice(this.#at, at);
    this.#at = at + end.length;
    return text;
  }

  #defect(words: string): XmlDefect {
    return new XmlDefect(`${words} (at ${this.#at})`);
  }
}
