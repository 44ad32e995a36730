/** `key=value,key=value`, percent-decoded, as OTEL_RESOURCE_ATTRIBUTES is written; a pair that cannot be read is left out. */
export function readPairs(
  name: string,
  value: string | undefined,
  complain: (complaint: string) => unknown,
): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const part of (value ?? '').split(',')) {
    if (part.trim() === '') continue;
    const pair = readPair(part);
    if (pair === undefined)
      complain(`${name} has '${part.trim()}'; use key=value (it is left out)`);
    else pairs[pair.key] = pair.text;
  }
  return pairs;
}

function readPair(part: string): { readonly key: string; readonly text: string } | undefined {
  const [key = '', ...rest] = part.split('=');
  if (key.trim() === '' || rest.length === 0) return undefined;
  try {
    return { key: key.trim(), text: decodeURIComponent(rest.join('=').trim()) };
  } catch {
    return undefined;
  }
}

/** Words with commas between; undefined when there are none. */
export function readWords(value: string | undefined): readonly string[] | undefined {
  const words = (value ?? '').split(',').map((word) => word.trim());
  const found = words.filter((word) => word !== '');
  return found.length === 0 ? undefined : found;
}
