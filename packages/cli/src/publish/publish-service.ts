import type { ServiceDefinition } from '../config/concordat-config.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { findFiles } from './find-files.ts';
import type { ProviderDocument } from './provider-document.ts';
import { publishPacts } from './publish-pacts.ts';
import { publishProviderContracts, readProviderDocuments } from './publish-provider-contracts.ts';
import { type PactFile, readPacts } from './read-pact.ts';

/** All that one service of the config promises and expects, read and checked. */
export interface ServiceContracts {
  readonly service: ServiceDefinition;
  readonly pacts: readonly PactFile[];
  readonly documents: readonly ProviderDocument[];
}

export async function readServiceContracts(
  service: ServiceDefinition,
  options: { readonly folder: string; readonly lint: boolean },
): Promise<ServiceContracts> {
  const { pacts, contracts = [] } = service;
  const pactPaths = pacts === undefined ? [] : await findFiles(options.folder, [pacts]);
  const documentPaths = await findFiles(options.folder, contracts);
  return {
    service,
    pacts: await readPacts(pactPaths),
    documents: await readProviderDocuments(documentPaths, { lint: options.lint }),
  };
}

/** Publishes under the service's own version and branch. */
export async function publishServiceContracts(
  hub: HubClient,
  { service, pacts, documents }: ServiceContracts,
): Promise<readonly string[]> {
  const { name, version, branch } = service;
  const at = { version, ...(branch !== undefined && { branch }) };
  const notices = await publishPacts(hub, pacts, at);
  await publishProviderContracts(hub, documents, { provider: name, ...at });
  return [
    ...notices,
    ...documents.map(
      ({ kind }) => `${kind} document of ${name} ${version} successfully published.`,
    ),
  ];
}
