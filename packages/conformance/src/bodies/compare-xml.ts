import type { Mismatch } from '../contract/mismatch.ts';
import type {
  BodyComparison,
  BodyContext,
  ExpectedBody,
  PathSteps,
  WinningRules,
} from './body-comparison.ts';
import { bodyMismatch } from './body-mismatch.ts';
import { elementVerdict, sameName } from './element-rules.ts';
import { readXml } from './read-xml.ts';
import { applyRules, type FailedRule } from './rule-tests.ts';
import { elementsOf, textOfElement, type XmlElement } from './xml-document.ts';

/** Compares XML as the native library's classic engine does; places have no positions, names stand for all their elements. */
export function compileXml({ content }: ExpectedBody, context: BodyContext): BodyComparison {
  const expected = readXml(content);
  return (bytes) => {
    const actual = readXml(bytes);
    if (expected.kind === 'document' && actual.kind === 'document') {
      const comparison = new XmlComparison(context);
      comparison.element([expected.root.name], expected.root, actual.root);
      return comparison.mismatches;
    }
    return [
      ...(expected.kind === 'defect' ? [unreadable('expected', expected.defect)] : []),
      ...(actual.kind === 'defect' ? [unreadable('actual', actual.defect)] : []),
    ];
  };
}

function unreadable(side: 'expected' | 'actual', defect: string): Mismatch {
  const text = `Failed to parse the ${side} body: '${defect}'`;
  return bodyMismatch([], { rule: 'equality', kind: 'type', text });
}

class XmlComparison {
  readonly mismatches: Mismatch[] = [];
  readonly #context: BodyContext;
  readonly #live: boolean;
  readonly #allowUnexpected: boolean;

  constructor(context: BodyContext) {
    this.#context = context;
    this.#live = context.profile === 'live';
    this.#allowUnexpected = context.allowUnexpected || this.#live;
  }

  element(at: PathSteps, expected: XmlElement, actual: XmlElement): void {
    const winning = this.#context.rules.winningAt(at);
    const failed =
      winning === undefined
        ? failedEquality(sameName(expected, actual))
        : failedRules(winning, expected, actual);
    for (const { rule, text } of failed) {
      this.mismatches.push(bodyMismatch(at, { rule, kind: 'value', text }));
    }
    if (failed.length === 0) {
      this.#attributes(at, expected, actual);
      this.#children(at, expected, actual);
      this.#text([...at, '#text'], textOfElement(expected), textOfElement(actual));
    }
  }

  #attributes(at: PathSteps, expected: XmlElement, actual: XmlElement): void {
    const had = expected.attributes.size;
    const came = actual.attributes.size;
    if (came > had && !this.#allowUnexpected) {
      const text =
        had === 0
          ? `Did not expect any attributes but received ${[...actual.attributes.keys()].join(', ')}`
          : `Expected ${had} attribute(s) but received ${came} attribute(s)`;
      this.mismatches.push(bodyMismatch(at, { rule: 'unexpected', kind: 'length', text }));
    } else if (came < had) {
      const least = this.#allowUnexpected ? 'at least ' : '';
      const text = `Expected ${least}${had} attribute(s) but received ${came} attribute(s)`;
      this.mismatches.push(bodyMismatch(at, { rule: 'required', kind: 'length', text }));
    }
    for (const [name, value] of expected.attributes) {
      this.#attribute([...at, `@${name}`], value, actual.attributes.get(name));
    }
  }

  #attribute(at: PathSteps, expected: string, actual: string | undefined): void {
    if (actual === undefined) {
      const name = String(at.at(-1)).slice(1);
      const text = `Expected attribute '${name}'='${expected}' but was missing`;
      this.mismatches.push(bodyMismatch(at, { rule: 'required', kind: 'missing', text }));
    } else {
      this.#text(at, expected, actual);
    }
  }

  #children(at: PathSteps, expected: XmlElement, actual: XmlElement): void {
    const had = byName(elementsOf(expected));
    const came = byName(elementsOf(actual));
    if (had.size === 0 && came.size > 0 && !this.#allowUnexpected) {
      const names = elementsOf(actual).map(({ name }) => name);
      const text = `Expected no children but received [${names.join(', ')}]`;
      this.mismatches.push(bodyMismatch(at, { rule: 'unexpected', kind: 'unexpected', text }));
      return;
    }
    for (const [name, group] of came) {
      const examples = had.get(name);
      if (examples === undefined) {
        this.#unexpectedName(at, name);
      } else {
        this.#group([...at, name], examples, group);
      }
    }
    for (const [name, examples] of had) {
      // On real traffic several examples of a name are a list, and a list may be empty.
      if (!came.has(name) && !(this.#live && examples.length > 1)) {
        this.#missing(at, name);
      }
    }
  }

  /** Below a type rule everything is a list of what the example shows: names it does not show are no part of it. */
  #unexpectedName(at: PathSteps, name: string): void {
    if (!this.#allowUnexpected || this.#context.rules.hasTypeRuleAt([...at, name])) {
      this.#unexpected(at, name);
    }
  }

  #group(at: PathSteps, examples: readonly XmlElement[], group: readonly XmlElement[]): void {
    const [first] = examples;
    const likeFirst = this.#context.rules.hasTypeRuleAt(at);
    const anyNumber = this.#live || likeFirst;
    group.forEach((actual, index) => {
      const example = likeFirst ? first : (examples[index] ?? (this.#live ? first : undefined));
      if (example !== undefined) {
        this.element(at, example, actual);
      } else if (!this.#allowUnexpected) {
        this.#unexpected(at, actual.name);
      }
    });
    if (!anyNumber) {
      for (const { name } of examples.slice(group.length)) {
        this.#missing(at, name);
      }
    }
  }

  #missing(at: PathSteps, name: string): void {
    const text = `Expected child <${name}/> but was missing`;
    this.mismatches.push(bodyMismatch(at, { rule: 'required', kind: 'missing', text }));
  }

  #unexpected(at: PathSteps, name: string): void {
    const text = `Unexpected child <${name}/>`;
    this.mismatches.push(bodyMismatch(at, { rule: 'unexpected', kind: 'unexpected', text }));
  }

  #text(at: PathSteps, expected: string, actual: string): void {
    const found = this.#context.rules.applyAt(at, { expected, actual });
    if (found !== undefined) {
      this.mismatches.push(...found);
    } else if (expected !== actual && !this.#live) {
      const text = `Expected '${actual}' to be equal to '${expected}'`;
      this.mismatches.push(bodyMismatch(at, { rule: 'equality', kind: 'value', text }));
    }
  }
}

function failedEquality(text: string | undefined): readonly FailedRule[] {
  return text === undefined ? [] : [{ rule: 'equality', text }];
}

function failedRules(
  winning: WinningRules,
  expected: XmlElement,
  actual: XmlElement,
): readonly FailedRule[] {
  const { cascaded } = winning;
  return applyRules(winning, (rule) => elementVerdict(rule, { expected, actual, cascaded }));
}

function byName(elements: readonly XmlElement[]): ReadonlyMap<string, readonly XmlElement[]> {
  const groups = new Map<string, XmlElement[]>();
  for (const element of elements) {
    const group = groups.get(element.name);
    if (group === undefined) {
      groups.set(element.name, [element]);
    } else {
      group.push(element);
    }
  }
  return groups;
}
