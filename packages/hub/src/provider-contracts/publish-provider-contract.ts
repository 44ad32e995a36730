import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import { HubError } from '../http/hub-error.ts';
import { type ProviderContractRow, ProviderContractStore } from './provider-contract-store.ts';
import type { ReadDocument } from './read-document.ts';

export interface Publication {
  readonly provider: string;
  readonly version: string;
  readonly branch: string | undefined;
  readonly document: ReadDocument;
  readonly now: Date;
}

/** `unchanged`: the version had published the same bytes stored. */
export interface Published {
  readonly kind: 'created' | 'unchanged';
  readonly row: ProviderContractRow;
}

export interface PublishingDeps {
  readonly db: Database;
  readonly registryFor: (tx: Database) => VersionRegistry;
}

/** Publishes a document for a version in one transaction; other bytes under the same specification are a conflict. */
export function publishProviderContract(
  { db, registryFor }: PublishingDeps,
  publication: Publication,
): Promise<Published> {
  const { branch, document, now } = publication;
  return transact(db, async (tx) => {
    const store = new ProviderContractStore(tx);
    const registry = registryFor(tx);
    const provider = await registry.pacticipant(publication.provider, now);
    const { row: version } = await registry.version(provider, publication.version, now);
    if (branch !== undefined) await registry.addToBranch(version, branch, { at: now });
    const created = await store.addIfAbsent(document, {
      providerId: provider.id,
      versionId: version.id,
      now,
    });
    const stored = await store.ofVersion(publication.provider, publication.version);
    const row = stored.find(
      ({ specification }) => specification === document.contract.specification,
    );
    if (row === undefined) throw new Error('The document is not there after storing it.');
    if (row.sha256 !== document.sha256) throw conflict(row);
    return { kind: created ? 'created' : 'unchanged', row };
  });
}

function conflict(stored: ProviderContractRow): HubError {
  const what = stored.specification === 'openapi' ? 'OpenAPI' : 'AsyncAPI';
  return new HubError(
    'CONFLICT',
    `${stored.provider} ${stored.version} has published other ${what} content (sha256 ${stored.sha256}, ${stored.publishedAt}); publish the changed document under a new version.`,
  );
}
