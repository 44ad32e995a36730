import type { BodyComparison, BodyContext, ExpectedBody } from './body-comparison.ts';
import { compareParameters, type Parameters } from './compare-parameters.ts';

/** application/x-www-form-urlencoded. */
export function compileForm({ content }: ExpectedBody, context: BodyContext): BodyComparison {
  const expected = readForm(content);
  const parameters = { ...context, noun: 'form post parameter' as const };
  return (actual) => compareParameters(expected, readForm(actual), parameters);
}

/** As browsers write it; wrong escapes stand for themselves, so reading never fails. */
function readForm(content: Uint8Array): Parameters {
  const parameters = new Map<string, string[]>();
  // The question mark is what the reader takes away: a form may begin with one of its own.
  for (const [name, value] of new URLSearchParams(`?${new TextDecoder().decode(content)}`)) {
    const values = parameters.get(name);
    if (values === undefined) {
      parameters.set(name, [value]);
    } else {
      values.push(value);
    }
  }
  return parameters;
}
