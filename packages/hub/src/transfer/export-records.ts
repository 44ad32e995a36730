import type { TransferHeader, TransferRecord, TransferType } from '@concordat/api';
import type { Database } from '../database/database.ts';
import {
  branchRecord,
  branchVersionRecord,
  contentRecord,
  deployedRecord,
  documentRecord,
  environmentRecord,
  integrationRecord,
  pacticipantRecord,
  providerContractRecord,
  publicationRecord,
  releasedRecord,
  tokenRecord,
  verificationRecord,
  versionRecord,
} from './export-record.ts';
import { type CountedTable, ExportStore } from './export-store.ts';
import { webhookRecord } from './export-webhook.ts';
import { readPieces } from './read-pieces.ts';

export interface ExportOptions {
  readonly withSecrets: boolean;
  readonly now: Date;
  /** The number by which clients know the result with the id 1. */
  readonly firstResultNumber: number;
}

const tables: Readonly<Record<TransferType, CountedTable>> = {
  pacticipant: 'pacticipants',
  environment: 'environments',
  version: 'versions',
  branch: 'branches',
  branchVersion: 'branch_versions',
  integration: 'integrations',
  pactContent: 'pact_versions',
  publication: 'pact_publications',
  verification: 'verifications',
  deployedVersion: 'deployed_versions',
  releasedVersion: 'released_versions',
  webhook: 'webhooks',
  providerContractDocument: 'provider_contract_documents',
  providerContract: 'provider_contracts',
  token: 'tokens',
};

type Named = (pacticipantId: number) => string;

/**
 * The lines of an export without their line ends: the header, then the records, each after everything it refers to.
 * Traffic, findings, deliveries of webhooks and the audit log are not part of it.
 */
export async function* exportRecords(
  snapshot: Database,
  options: ExportOptions,
): AsyncGenerator<TransferHeader | TransferRecord> {
  const store = new ExportStore(snapshot);
  yield await headerOf(store, options);
  const names = new Map<number, string>();
  const named: Named = (id) => names.get(id) ?? '';
  for await (const rows of readPieces((piece) => store.pacticipants(piece))) {
    const ids = rows.map((row) => row.id);
    const labels = grouped(await store.labels(ids), (label) => label.pacticipant_id);
    for (const row of rows) {
      names.set(row.id, row.name);
      yield pacticipantRecord(row, labels.get(row.id) ?? []);
    }
  }
  yield* each((piece) => store.environments(piece), environmentRecord);
  yield* versionRecords(store, named);
  yield* contractRecords(store, { named, ...options });
  yield* each(
    (piece) => store.deployedVersions(piece),
    (row) => deployedRecord(row, named),
  );
  yield* each(
    (piece) => store.releasedVersions(piece),
    (row) => releasedRecord(row, named),
  );
  yield* each(
    (piece) => store.webhooks(piece),
    (row) => webhookRecord(row, { named, ...options }),
  );
  yield* each((piece) => store.documents(piece), documentRecord);
  yield* each(
    (piece) => store.providerContracts(piece),
    (row) => providerContractRecord(row, named),
  );
  if (options.withSecrets) yield* each((piece) => store.tokens(piece), tokenRecord);
}

async function headerOf(store: ExportStore, options: ExportOptions): Promise<TransferHeader> {
  const counts: Partial<Record<TransferType, number>> = {};
  for (const [type, table] of Object.entries(tables) as [TransferType, CountedTable][]) {
    if (type === 'token' && !options.withSecrets) continue;
    counts[type] = await store.count(table);
  }
  return {
    type: 'header',
    format: 'concordat-export',
    version: 1,
    exportedAt: options.now.toISOString(),
    secrets: options.withSecrets,
    counts,
  };
}

async function* versionRecords(store: ExportStore, named: Named): AsyncGenerator<TransferRecord> {
  for await (const rows of readPieces((piece) => store.versions(piece))) {
    const ids = rows.map((row) => row.id);
    const tags = grouped(await store.tags(ids), (tag) => tag.version_id);
    for (const row of rows) {
      yield versionRecord(row, { named, tags: tags.get(row.id) ?? [] });
    }
  }
  yield* each(
    (piece) => store.branches(piece),
    (row) => branchRecord(row, named),
  );
  yield* each(
    (piece) => store.branchVersions(piece),
    (row) => branchVersionRecord(row, named),
  );
}

async function* contractRecords(
  store: ExportStore,
  { named, firstResultNumber }: ExportOptions & { readonly named: Named },
): AsyncGenerator<TransferRecord> {
  const numbering = { named, firstResultNumber };
  yield* each(
    (piece) => store.integrations(piece),
    (row) => integrationRecord(row, named),
  );
  yield* each(
    (piece) => store.contents(piece),
    (row) => contentRecord(row, named),
  );
  yield* each(
    (piece) => store.publications(piece),
    (row) => publicationRecord(row, named),
  );
  yield* each(
    (piece) => store.verifications(piece),
    (row) => verificationRecord(row, numbering),
  );
}

async function* each<T extends { readonly id: number }>(
  read: Parameters<typeof readPieces<T>>[0],
  recordOf: (row: T) => TransferRecord,
): AsyncGenerator<TransferRecord> {
  for await (const rows of readPieces(read)) {
    for (const row of rows) yield recordOf(row);
  }
}

function grouped<T>(rows: readonly T[], key: (row: T) => number): ReadonlyMap<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
