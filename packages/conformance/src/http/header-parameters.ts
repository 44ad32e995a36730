/** Equal as headers are: space around commas does not count, and content types may bring parameters of their own. */
export function sameHeaderValue(name: string, expected: string, actual: string): boolean {
  const promised = expected.trim();
  const came = actual.trim();
  if (promised === came) {
    return true;
  }
  return /^(?:accept|content-type)$/i.test(name)
    ? sameWithParameters(promised, came)
    : withoutSpace(promised) === withoutSpace(came);
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\s*,\s*/g, ',');
}

/** The first token is equal, and every promised parameter came, its value in any case. */
export function sameWithParameters(expected: string, actual: string): boolean {
  const [promisedType = '', ...promised] = tokensOf(expected);
  const [actualType = '', ...came] = tokensOf(actual);
  if (promisedType !== actualType) {
    return false;
  }
  const parameters = parametersOf(came);
  return [...parametersOf(promised)].every(
    ([name, value]) => parameters.get(name)?.toLowerCase() === value.toLowerCase(),
  );
}

function tokensOf(text: string): readonly string[] {
  return text.split(';').map((token) => token.trim());
}

function parametersOf(tokens: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    tokens
      .filter((token) => token !== '')
      .map((token) => {
        const at = token.indexOf('=');
        return at < 0 ? [token, ''] : [token.slice(0, at), token.slice(at + 1)];
      }),
  );
}
