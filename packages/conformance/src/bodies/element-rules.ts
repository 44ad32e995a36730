import type { PactRule } from '../pact/pact-model.ts';
import { kindOfRule } from '../rules/rule-kind.ts';
import { boundsOf, isBounded, patternOf, type RuleVerdict } from './rule-tests.ts';
import type { XmlElement } from './xml-document.ts';

interface Elements {
  readonly expected: XmlElement;
  readonly actual: XmlElement;
  readonly cascaded: boolean;
}

/** Rules on an element look at its name; limits and emptiness count what is inside it, texts included. */
export function elementVerdict(rule: PactRule, elements: Elements): RuleVerdict {
  const { expected, actual } = elements;
  switch (kindOfRule(rule.match)) {
    case 'regex':
      return patternVerdict(rule, actual);
    case 'type':
      return typeVerdict(rule, elements);
    case 'equality':
      return sameName(expected, actual);
    case 'notEmpty':
      return actual.children.length > 0
        ? undefined
        : `Expected '${actual.name}' to have at least one child`;
    default:
      return `Unable to match '${actual.name}' using ${rule.match}`;
  }
}

/** With limits the name is not asked. */
function typeVerdict(rule: PactRule, { expected, actual, cascaded }: Elements): RuleVerdict {
  if (isBounded(rule)) {
    return cascaded ? undefined : limitsVerdict(rule, actual);
  }
  return expected.name === actual.name
    ? undefined
    : `Expected '${expected.name}' to be the same type as '${actual.name}'`;
}

export function sameName(expected: XmlElement, actual: XmlElement): RuleVerdict {
  return expected.name === actual.name
    ? undefined
    : `Expected '${expected.name}' to be equal to '${actual.name}'`;
}

function patternVerdict(rule: PactRule, actual: XmlElement): RuleVerdict {
  const matches = patternOf(rule);
  const pattern = String(rule.attributes.regex ?? '');
  if (matches === undefined) {
    return `'${pattern}' is not a valid regular expression`;
  }
  return matches(actual.localName) ? undefined : `Expected '${actual.name}' to match '${pattern}'`;
}

function limitsVerdict(rule: PactRule, { name, children }: XmlElement): RuleVerdict {
  const { min, max } = boundsOf(rule);
  if (min !== undefined && children.length < min) {
    return `Expected '${name}' to have at least ${min} children`;
  }
  return max !== undefined && children.length > max
    ? `Expected '${name}' to have at most ${max} children`
    : undefined;
}
