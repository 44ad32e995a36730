import { type HubClient, refusalOf } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { lintAsyncapi } from './lint-asyncapi.ts';
import { type ProviderDocument, readProviderDocument } from './provider-document.ts';

export interface ProviderVersion {
  readonly provider: string;
  readonly version: string;
  readonly branch?: string;
}

/** Reads and lints; whatever is wrong in any of the documents is said at once, before anything is published. */
export async function readProviderDocuments(
  paths: readonly string[],
  { lint }: { readonly lint: boolean },
): Promise<readonly ProviderDocument[]> {
  const documents = await Promise.all(paths.map(readProviderDocument));
  const defects: string[] = [];
  for (const document of documents) {
    if (lint && document.kind === 'asyncapi') defects.push(...(await lintAsyncapi(document)));
  }
  if (defects.length > 0) {
    throw new CliError(`Nothing was published; the documents are broken:\n${defects.join('\n')}`);
  }
  return documents;
}

/** The hub checks each document again; a refusal names all its defects. */
export async function publishProviderContracts(
  hub: HubClient,
  documents: readonly ProviderDocument[],
  { provider, version, branch }: ProviderVersion,
): Promise<void> {
  const names = `${encodeURIComponent(provider)}/version/${encodeURIComponent(version)}`;
  const query = branch === undefined ? '' : `?branch=${encodeURIComponent(branch)}`;
  for (const { text, contentType, path } of documents) {
    const url = `/contracts/provider/${names}${query}`;
    const answer = await hub.putBytes(url, text, contentType);
    if (answer.status >= 300) throw new CliError(`${path}: ${refusalOf(answer)}`);
  }
}
