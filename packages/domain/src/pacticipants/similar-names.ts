const IGNORED_WORDS = new Set(['api', 'provider', 'service']);

/** Existing names that probably mean the same pacticipant as `name`; empty when `name` itself exists. */
export function similarNames(name: string, existing: readonly string[]): readonly string[] {
  if (existing.includes(name)) return [];
  const wanted = wordsOf(name).join(' ');
  return existing.filter((candidate) => wordsOf(candidate).join(' ') === wanted);
}

/** Case, plural and the way words are joined do not tell pacticipants apart, nor do words that any of them may carry. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3 $2$4')
    .split(/[\s\-_]+|::/)
    .map((word) => word.toLowerCase().replace(/s$/, ''))
    .filter((word) => word !== '' && !IGNORED_WORDS.has(word));
}
