/** Only the values of these are lists; a comma in any other header is part of its one value. */
const LISTS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-expose-headers',
  'access-control-request-headers',
  'allow',
  'cache-control',
  'if-match',
  'if-none-match',
  'vary',
]);

/** The values of a header as pacts write them and as they travel: a list is taken as it is, a text is split where commas make lists. */
export function headerValues(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.map(textOfValue);
  }
  const text = textOfValue(value);
  return LISTS.has(name.toLowerCase()) ? text.split(',').map((item) => item.trim()) : [text.trim()];
}

function textOfValue(value: unknown): string {
  return typeof value === 'string' ? value : String(value ?? '');
}
