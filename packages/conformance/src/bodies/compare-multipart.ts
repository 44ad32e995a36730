import type { Mismatch } from '../contract/mismatch.ts';
import { pathText, pointerTo } from '../rules/rule-path.ts';
import type { BodyPartContext, PathSteps } from './body-comparison.ts';
import { bodyMismatch } from './body-mismatch.ts';
import type { MediaType } from './media-type.ts';
import { type BodyPart, readMultipart } from './read-multipart.ts';

/** Compares the file in a part like a body of its own. */
export type CompileFile = (
  expected: BodyPart,
  context: BodyPartContext,
) => (actual: BodyPart) => readonly Mismatch[];

interface TypedBody {
  readonly type: MediaType;
  readonly content: Uint8Array;
}

/** Multipart bodies part by part; parts that are not promised are let pass, as the native library lets them. */
export function compileMultipart(
  promised: TypedBody,
  context: BodyPartContext,
  compileFile: CompileFile,
): (actual: TypedBody) => readonly Mismatch[] {
  const expected = readMultipart(promised.content, promised.type.parameters.get('boundary'));
  const checks = (expected.kind === 'parts' ? expected.parts : []).map(
    (part) => new PartCheck(part, context, compileFile),
  );
  return ({ type, content }) => {
    const actual = readMultipart(content, type.parameters.get('boundary'));
    if (expected.kind === 'parts' && actual.kind === 'parts') {
      return checks.flatMap((check) => check.mismatches(actual.parts));
    }
    return [
      ...(expected.kind === 'defect' ? [unreadable('expected', expected.defect)] : []),
      ...(actual.kind === 'defect' ? [unreadable('actual', actual.defect)] : []),
    ];
  };
}

function unreadable(side: 'expected' | 'actual', defect: string): Mismatch {
  const text = `Failed to parse the ${side} body as a MIME multipart body: '${defect}'`;
  return bodyMismatch([], { rule: 'equality', kind: 'type', text });
}

class PartCheck {
  readonly #expected: BodyPart;
  readonly #at: PathSteps;
  readonly #context: BodyPartContext;
  readonly #compareFile: (actual: BodyPart) => readonly Mismatch[];

  constructor(expected: BodyPart, context: BodyPartContext, compileFile: CompileFile) {
    const { name, index } = expected;
    this.#expected = expected;
    this.#at = [name === '' ? index : name];
    this.#context = context;
    const rules = context.rules.under(this.#at);
    this.#compareFile = compileFile(expected, {
      ...context,
      rules,
      part: 'response',
      acceptsContentType: undefined,
    });
  }

  mismatches(parts: readonly BodyPart[]): readonly Mismatch[] {
    const { name, index, isFile } = this.#expected;
    const actual = parts.find((part) =>
      part.name === '' ? part.index === index : part.name === name,
    );
    if (actual === undefined) {
      const text = `Expected a MIME part '${name}' but was missing`;
      return [bodyMismatch(this.#at, { rule: 'required', kind: 'missing', text })];
    }
    if (isFile !== actual.isFile) {
      const [promised, came] = isFile ? ['file', 'field'] : ['field', 'file'];
      const text = `Expected a MIME ${promised} '${name}' but was ${came}`;
      return [bodyMismatch(this.#at, { rule: 'type', kind: 'type', text })];
    }
    return [...this.#headers(actual), ...(isFile ? this.#file(actual) : this.#field(actual))];
  }

  #field(part: BodyPart): readonly Mismatch[] {
    const [expected, actual] = [textOf(this.#expected), textOf(part)];
    const found = this.#context.rules.applyAt(this.#at, { expected, actual });
    if (found !== undefined) {
      return found;
    }
    if (expected === actual || this.#context.profile === 'live') {
      return [];
    }
    return [this.#different(this.#at, `Expected '${actual}' to be equal to '${expected}'`)];
  }

  #file(actual: BodyPart): readonly Mismatch[] {
    return this.#compareFile(actual).map((mismatch) => ({
      ...mismatch,
      pointer: pointerTo(this.#at) + mismatch.pointer,
      path: pathText(this.#at) + mismatch.path.slice(1),
      text: this.#words(mismatch.text),
    }));
  }

  #headers(actual: BodyPart): readonly Mismatch[] {
    return [...this.#expected.headers].flatMap(([name, value]) =>
      this.#header(name, value, actual.headers.get(name)),
    );
  }

  #header(name: string, expected: string, actual: string | undefined): readonly Mismatch[] {
    const at = [...this.#at, name];
    if (actual === undefined) {
      const text = `Expected multipart header '${name}' with value '${expected}' but was missing`;
      return MAY_BE_MISSING.has(name)
        ? []
        : [bodyMismatch(at, { rule: 'required', kind: 'missing', text: this.#words(text) })];
    }
    const { rules, profile } = this.#context;
    const ruled = [at, [...this.#at, inTitleCase(name)]].find((path) => rules.hasOwnRuleAt(path));
    if (ruled !== undefined) {
      return rules.applyAt(ruled, { expected, actual }) ?? [];
    }
    if (name === 'content-disposition' || expected === actual || profile === 'live') {
      return [];
    }
    const text = `header '${name}': Expected '${actual}' to be equal to '${expected}'`;
    return [this.#different(at, text)];
  }

  #different(at: PathSteps, text: string): Mismatch {
    return bodyMismatch(at, { rule: 'equality', kind: 'value', text: this.#words(text) });
  }

  #words(text: string): string {
    return `MIME part '${this.#at[0]}': ${text}`;
  }
}

const MAY_BE_MISSING: ReadonlySet<string> = new Set([
  'content-type',
  'content-disposition',
  'content-transfer-encoding',
]);

/** Rules may spell a header as it is usually written: `Content-Type`. */
function inTitleCase(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}

function textOf({ content }: BodyPart): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
}
