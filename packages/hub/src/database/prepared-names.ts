const names = new Map<string, string>();

/** From now on PostgreSQL keeps the plan of this text; only for a bounded number of texts, and for none whose columns may change. */
export function keepPrepared(text: string): void {
  if (!names.has(text)) names.set(text, `concordat_${names.size + 1}`);
}

/** The name under which each connection keeps the text's plan; undefined for texts that come once. */
export function preparedName(text: string): string | undefined {
  return names.get(text);
}
