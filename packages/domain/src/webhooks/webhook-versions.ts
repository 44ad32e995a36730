import type { WebhookVersions } from './webhook-request.ts';

/** Whether a webhook is about this consumer version: one of its branches or tags is meant, or all versions are. */
export function concernsVersion(
  wanted: WebhookVersions,
  version: { readonly branches: readonly string[]; readonly tags: readonly string[] },
): boolean {
  if (wanted.branches.length + wanted.tags.length === 0) return true;
  return anyMatches(wanted.branches, version.branches) || anyMatches(wanted.tags, version.tags);
}

function anyMatches(patterns: readonly string[], names: readonly string[]): boolean {
  return patterns.some((pattern) => names.some((name) => matches(pattern, name)));
}

/** Piece by piece instead of by a regular expression: `*a*a*a*b` must not cost more than its length. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.endsWith(last) && name.length - last.length >= at;
}
