const MAX_LINES = 200;
const MAX_LINE = 2000;

/** Keeps the last lines that a process wrote, so that a failure can show them; bounded in lines and in their length. */
export class OutputTail {
  readonly #lines: string[] = [];
  #rest = '';

  write(chunk: string): void {
    const lines = `${this.#rest}${chunk}`.split(/\r?\n/);
    this.#rest = (lines.pop() ?? '').slice(-MAX_LINE);
    this.#lines.push(...lines.map((line) => line.slice(0, MAX_LINE)));
    if (this.#lines.length > MAX_LINES) this.#lines.splice(0, this.#lines.length - MAX_LINES);
  }

  last(count: number): string {
    const lines = this.#rest === '' ? this.#lines : [...this.#lines, this.#rest];
    return lines.slice(-count).join('\n');
  }
}
