import type { Mismatch } from '../contract/mismatch.ts';
import type { PactRule } from '../pact/pact-model.ts';
import { kindOfRule } from '../rules/rule-kind.ts';
import type { BodyComparison, BodyContext, ExpectedBody } from './body-comparison.ts';
import { bodyMismatch } from './body-mismatch.ts';
import { contentTypeVerdict } from './content-signature.ts';
import { applyRules, patternOf, type RuleVerdict } from './rule-tests.ts';

/** text/* and every type that has no comparison of its own: the whole text by the rules at the root, else byte for byte. */
export function compileText(expected: ExpectedBody, context: BodyContext): BodyComparison {
  const byContentType = context.rules
    .winningAt([])
    ?.rules.some((rule) => kindOfRule(rule.match) === 'contentType');
  if (byContentType === true) {
    return compileBinary(expected, context);
  }
  return context.rules.hasRuleAt([])
    ? compileRuledText(expected, context)
    : (actual) =>
        context.profile === 'live' || sameBytes(expected.content, actual)
          ? []
          : [differentText(expected.content, actual)];
}

function compileRuledText({ content }: ExpectedBody, { rules }: BodyContext): BodyComparison {
  const expected = decode(content) ?? '';
  return (bytes) => {
    const actual = decode(bytes);
    if (actual === undefined) {
      const text = 'Could not parse actual value as UTF-8 text';
      return [bodyMismatch([], { rule: 'type', kind: 'type', text })];
    }
    return rules.applyAt([], { expected, actual }) ?? [];
  };
}

function differentText(expected: Uint8Array, actual: Uint8Array): Mismatch {
  const [one, other] = [expected, actual].map((bytes) => new TextDecoder().decode(bytes));
  const text = `Expected body '${one}' to match '${other}' using equality but did not match`;
  return bodyMismatch([], { rule: 'equality', kind: 'value', text });
}

/** Images and the like: rules on the bytes, else byte for byte. */
export function compileBinary(expected: ExpectedBody, context: BodyContext): BodyComparison {
  const winning = context.rules.winningAt([]);
  if (winning !== undefined) {
    return (actual) =>
      applyRules(winning, (rule) => bytesVerdict(rule, expected.content, actual)).map(
        ({ rule, text }) => bodyMismatch([], { rule, kind: 'value', text }),
      );
  }
  return (actual) =>
    context.profile === 'live' || sameBytes(expected.content, actual)
      ? []
      : [differentBytes(expected.content, actual)];
}

function bytesVerdict(rule: PactRule, expected: Uint8Array, actual: Uint8Array): RuleVerdict {
  switch (kindOfRule(rule.match)) {
    case 'type':
      return undefined;
    case 'contentType':
      return contentTypeVerdict(actual, String(rule.attributes.value ?? ''));
    case 'equality':
      return sameBytes(expected, actual) ? undefined : differentBytes(expected, actual).text;
    case 'notEmpty':
      return actual.length > 0 ? undefined : 'Expected [] (0 bytes) to not be empty';
    case 'regex':
      return patternVerdict(rule, actual);
    case 'include':
      return includeVerdict(String(rule.attributes.value ?? ''), actual);
    default:
      return `Unable to match ${beginning(actual)} using ${rule.match}`;
  }
}

function patternVerdict(rule: PactRule, actual: Uint8Array): RuleVerdict {
  const pattern = String(rule.attributes.regex ?? '');
  const text = decode(actual);
  const matches = patternOf(rule);
  if (matches === undefined) {
    return `'${pattern}' is not a valid regular expression`;
  }
  return text !== undefined && matches(text)
    ? undefined
    : `Expected '${text ?? beginning(actual)}' to match '${pattern}'`;
}

function includeVerdict(part: string, actual: Uint8Array): RuleVerdict {
  const text = decode(actual);
  return text?.includes(part) === true
    ? undefined
    : `Expected '${text ?? beginning(actual)}' to include '${part}'`;
}

function differentBytes(expected: Uint8Array, actual: Uint8Array): Mismatch {
  const text = `Actual body [${beginning(actual)}] is not equal to the expected body [${beginning(expected)}]`;
  return bodyMismatch([], { rule: 'equality', kind: 'value', text });
}

function beginning(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 32)).toString('hex');
  return `${bytes.length} bytes, starting with ${start}`;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
