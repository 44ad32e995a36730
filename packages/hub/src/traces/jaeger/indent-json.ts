const indent = '    ';
const opening = new Set(['{', '[']);
const closing = new Set(['}', ']']);

/** Compact JSON that comes in pieces, laid out in lines for people while it passes; text inside strings stays as it is. */
export function* indentJson(pieces: Iterable<string>): Generator<string> {
  const layout = new Layout();
  for (const piece of pieces) {
    let text = '';
    for (const character of piece) text += layout.next(character);
    yield text;
  }
}

class Layout {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** An opening bracket was written, and it is not known yet whether anything stands inside. */
  #isOpen = false;

  next(character: string): string {
    if (this.#isInString) return this.#inString(character);
    if (closing.has(character)) return this.#close(character);
    const before = this.#isOpen ? this.#line() : '';
    this.#isOpen = opening.has(character);
    if (this.#isOpen) this.#depth += 1;
    this.#isInString = character === '"';
    if (character === ',') return `,${this.#line()}`;
    return before + (character === ':' ? ': ' : character);
  }

  #inString(character: string): string {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isInString = false;
    return character;
  }

  #close(character: string): string {
    this.#depth -= 1;
    const before = this.#isOpen ? '' : this.#line();
    this.#isOpen = false;
    return before + character;
  }

  #line(): string {
    return `\n${indent.repeat(this.#depth)}`;
  }
}
