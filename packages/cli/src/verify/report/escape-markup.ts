/** Text for HTML and XML, in content and in quoted attributes; control characters XML forbids become `�`. */
export function escapeMarkup(text: string): string {
  return text.replaceAll(
    /[&<>"']|[^\t\n\r\x20-\uFFFF]|[\uFFFE\uFFFF]/g,
    (found) => entities[found] ?? (found.charCodeAt(0) < 0x20 ? '\uFFFD' : found),
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
