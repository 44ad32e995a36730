import type { PactRule } from '../pact/pact-model.ts';
import { kindOfRule } from '../rules/rule-kind.ts';
import type { WinningRules } from './body-comparison.ts';
import { applyRules, boundsOf, type FailedRule, type RuleVerdict } from './rule-tests.ts';

/** What rules say of all values of a parameter or header together: how many they are, or that they are the same. */
export function failedOnList(
  winning: WinningRules,
  examples: readonly string[],
  values: readonly string[],
): readonly FailedRule[] {
  return applyRules(winning, (rule) =>
    listVerdict(rule, { examples, values, cascaded: winning.cascaded }),
  );
}

interface Values {
  readonly examples: readonly string[];
  readonly values: readonly string[];
  readonly cascaded: boolean;
}

function listVerdict(rule: PactRule, { examples, values, cascaded }: Values): RuleVerdict {
  const kind = kindOfRule(rule.match);
  const shown = `[${values.join(', ')}]`;
  if (kind === 'type' && !cascaded) {
    const { min, max } = boundsOf(rule);
    if (min !== undefined && values.length < min) {
      return `Expected ${shown} (size ${values.length}) to have minimum size of ${min}`;
    }
    return max !== undefined && values.length > max
      ? `Expected ${shown} (size ${values.length}) to have maximum size of ${max}`
      : undefined;
  }
  if (kind === 'equality' && JSON.stringify(examples) !== JSON.stringify(values)) {
    return `Expected ${shown} to be equal to [${examples.join(', ')}]`;
  }
  return kind === 'null' || kind === 'statusCode'
    ? `Unable to match ${shown} using ${rule.match}`
    : undefined;
}
