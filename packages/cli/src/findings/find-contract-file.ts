import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FindingResource } from '@concordat/api';

const DOCUMENT_FOLDERS = ['asyncapi', 'openapi'];
const DOCUMENT_ENDINGS = ['yaml', 'yml', 'json'];

/**
 * The contract that a finding is about, if it stands in the repository: the pact as pact libraries name it, else a document of the
 * provider beside the pacts. Relative to `root`, with slashes.
 */
export function findContractFile(
  { root, pacts }: { readonly root: string; readonly pacts: string },
  { consumer, provider }: Pick<FindingResource, 'consumer' | 'provider'>,
): string | undefined {
  const folder = pacts.replace(/\/+$/, '');
  const beside = folder.split('/').slice(0, -1);
  const names = [
    ...(consumer === null ? [] : [[folder, `${consumer}-${provider}.json`]]),
    ...DOCUMENT_FOLDERS.flatMap((kind) =>
      DOCUMENT_ENDINGS.map((ending) => [...beside, kind, `${provider}.${ending}`]),
    ),
  ].map((parts) => parts.join('/'));
  return names.find((name) => isInside(name) && existsSync(join(root, name)));
}

/** A service may be called anything. */
function isInside(name: string): boolean {
  return !name.split('/').includes('..');
}
