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

/** `unchanged`: the version had published the same bytes before. */
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
    const before = await ownContract(store, publication);
    if (before !== undefined) {
      if (before.sha256 !== document.sha256) throw conflict(before);
      return { kind: 'unchanged', row: before };
    }
    await store.add(document, { providerId: provider.id, versionId: version.id, now });
    const row = await ownContract(store, publication);
    if (row === undefined) throw new Error('The document is not there after storing it.');
    return { kind: 'created', row };
  });
}

async function ownContract(
  store: ProviderContractStore,
  { provider, version, document }: Publication,
): Promise<ProviderContractRow | undefined> {
  const rows = await store.ofVersion(provider, version);
  return rows.find((row) => row.specification === document.contract.specification);
}

function conflict(before: ProviderContractRow): HubError {
  const what = before.specification === 'openapi' ? 'OpenAPI' : 'AsyncAPI';
  return new HubError(
    'CONFLICT',
    `${before.provider} ${before.version} has published other ${what} content (sha256 ${before.sha256}, ${before.publishedAt}); publish the changed document under a new version.`,
  );
}
