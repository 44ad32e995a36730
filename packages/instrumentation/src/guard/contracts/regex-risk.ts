/** How long the regular expressions of a pact may take in the worst case. */
export type RegexRisk = 'none' | 'quadratic' | 'unbounded';

/**
 * Reads the expressions of a pact's matching rules. With two or more unlimited repetitions in one expression it may backtrack for
 * ever; with one it takes at most the square of the text's length.
 */
export function regexRisk(content: string): RegexRisk {
  let risk: RegexRisk = 'none';
  for (const [, expression = ''] of content.matchAll(/"regex"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    const repetitions = unlimitedRepetitions(expression);
    if (repetitions > 1) return 'unbounded';
    if (repetitions === 1) risk = 'quadratic';
  }
  return risk;
}

/** Counts too many rather than too few: an escaped or a bracketed `+` counts as well. */
function unlimitedRepetitions(expression: string): number {
  return expression.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
}
