import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CliError } from '../terminal/cli-error.ts';

/** An AsyncAPI or OpenAPI document as it lies on the disk; the bytes are published unchanged. */
export interface ProviderDocument {
  readonly path: string;
  readonly kind: 'asyncapi' | 'openapi';
  readonly text: string;
  readonly contentType: string;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

/** The kind is read from the root key that both formats must have; everything else is the hub's to judge. */
export async function readProviderDocument(path: string): Promise<ProviderDocument> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${path} cannot be read.`, { cause });
  });
  const contentType = contentTypes[extname(path)];
  const kind = /^\s*\{?\s*["']?(asyncapi|openapi|swagger)["']?\s*:/m.exec(text)?.[1];
  if (contentType === undefined || (kind !== 'asyncapi' && kind !== 'openapi')) {
    throw new CliError(
      `${path} is no provider contract; give an AsyncAPI (2, 3) or OpenAPI (3) document in YAML or JSON.`,
    );
  }
  return { path, kind, text, contentType };
}
