import type { Mismatch, MismatchPart } from '../contract/mismatch.ts';
import { pathText, pointerTo } from '../rules/rule-path.ts';
import type { Json } from './json-value.ts';

export type Fault = Pick<Mismatch, 'rule' | 'kind'>;

/** One comparison of one value: where it stands and what it found. Places are only written out for what is found. */
export class JsonRun {
  readonly found: Mismatch[] = [];
  readonly steps: (string | number)[];
  readonly #part: MismatchPart;

  constructor(part: MismatchPart, ...steps: (string | number)[]) {
    this.#part = part;
    this.steps = steps;
  }

  report(fault: Fault, text: string): void {
    this.found.push({
      part: this.#part,
      pointer: pointerTo(this.steps),
      path: pathText(this.steps),
      ...fault,
      text,
    });
  }

  /** For a key that is missing or too much: the pointer names the key, the path what the native library names: its object or list. */
  reportMember(member: string | number, fault: Fault, text: string): void {
    this.found.push({
      part: this.#part,
      pointer: pointerTo([...this.steps, member]),
      path: pathText(this.steps),
      ...fault,
      text,
    });
  }
}

/** A promised value, compiled: looks at an actual one and reports what differs. */
export type JsonCheck = (actual: Json, run: JsonRun) => void;

/** What is found does not count; the run goes on as if nothing had been looked at. */
export function passes<T extends Json>(
  check: (actual: T, run: JsonRun) => void,
  actual: T,
  run: JsonRun,
): boolean {
  const before = run.found.length;
  check(actual, run);
  const passed = run.found.length === before;
  run.found.length = before;
  return passed;
}
