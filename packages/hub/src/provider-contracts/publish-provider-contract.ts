import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import { HubError } from '../http/hub-error.ts';
import { type ProviderContractRow, ProviderContractStore } from './provider-contract-store.ts';
import type { ReadDocument } from './read-document.ts';

/** Makes pacticipant and version when they are not there yet and puts the version on the branch, inside `tx`. */
export type EnsureVersion = (
  tx: Database,
  version: {
    readonly pacticipant: string;
    readonly number: string;
    readonly branch: string | undefined;
    readonly now: Date;
  },
) => Promise<{ readonly pacticipantId: number; readonly versionId: number }>;

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

/** Publishes a document for a version in one transaction; other bytes under the same specification are a conflict. */
export function publishProviderContract(
  deps: { readonly db: Database; readonly ensureVersion: EnsureVersion },
  publication: Publication,
): Promise<Published> {
  const { provider, version, branch, document, now } = publication;
  return transact(deps.db, async (tx) => {
    const store = new ProviderContractStore(tx);
    const ids = await deps.ensureVersion(tx, {
      pacticipant: provider,
      number: version,
      branch,
      now,
    });
    const before = await ownContract(store, publication);
    if (before !== undefined) {
      if (before.sha256 !== document.sha256) throw conflict(before);
      return { kind: 'unchanged', row: before };
    }
    await store.add(document, { providerId: ids.pacticipantId, versionId: ids.versionId, now });
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
