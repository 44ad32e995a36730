/** Copies text; false when the browser does not let it (a page over plain HTTP from another machine). */
export async function copyText(
  text: string,
  clipboard: Pick<Clipboard, 'writeText'> | undefined,
): Promise<boolean> {
  try {
    if (clipboard === undefined) return false;
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** A command that fetches the same data; single quotes in the address are escaped for the shell. */
export function curlCommand(url: string): string {
  return `curl -s -H 'Accept: application/json' '${url.replaceAll("'", `'\\''`)}'`;
}
