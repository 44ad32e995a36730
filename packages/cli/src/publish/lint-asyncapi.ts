import type { ProviderDocument } from './provider-document.ts';

/** Every error that the official AsyncAPI parser finds, with its place; empty means the document is sound. */
export async function lintAsyncapi(document: ProviderDocument): Promise<readonly string[]> {
  // Loaded when needed only: it takes a second, which no other command should pay.
  const { Parser } = await import('@asyncapi/parser');
  const diagnostics = await new Parser().validate(document.text, { source: document.path });
  return diagnostics
    .filter(({ severity }) => severity === 0)
    .map(({ message, path, range }) => {
      const place = path.length === 0 ? 'document' : path.join('.');
      return `${document.path}:${range.start.line + 1}:${range.start.character + 1} ${place}: ${message}`;
    });
}
