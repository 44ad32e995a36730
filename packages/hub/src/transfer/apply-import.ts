import type { TransferRecord, TransferRecordOf, TransferType } from '@concordat/api';
import { importDocument, importProviderContract } from './document-import-store.ts';
import type { ImportScope, Numbered } from './import-scope.ts';
import {
  importContents,
  importIntegration,
  importPublications,
  settlePublications,
} from './pact-import-store.ts';
import { importEnvironment, importPacticipant } from './party-import-store.ts';
import { importDeployedVersion, importReleasedVersion } from './place-import-store.ts';
import { ResultImport, type ResultRules } from './result-import-store.ts';
import { importToken } from './token-import-store.ts';
import { importBranches, importBranchVersions, importVersions } from './version-import-store.ts';
import { importWebhook } from './webhook-import-store.ts';

const MOST_RECORDS = 500;
const MOST_CHARACTERS = 2_000_000;

/**
 * Writes all records inside the scope's transaction. Neighbours of one type are written together, up to some hundred or some
 * megabytes, so that a million of them take minutes on PostgreSQL and little memory anywhere.
 */
export async function applyImport(
  scope: ImportScope,
  lines: AsyncIterable<Numbered>,
  options: { readonly results: ResultRules; readonly onProgress: (written: number) => void },
): Promise<void> {
  const results = new ResultImport(scope, options.results);
  let batch = new Batch();
  let written = 0;
  const flush = async (): Promise<void> => {
    await write(scope, batch.items, results);
    written += batch.items.length;
    scope.known.stayWithinBounds();
    options.onProgress(written);
    batch = new Batch();
  };
  for await (const item of lines) {
    if (!batch.takes(item)) await flush();
    batch.add(item);
  }
  await flush();
  await settlePublications(scope);
  await results.settle();
}

/** Records of one type, each key once: the second of two that repeat each other must find the first written. */
class Batch {
  readonly items: Numbered[] = [];
  readonly #keys = new Set<string>();
  #characters = 0;

  takes({ record }: Numbered): boolean {
    const [first] = this.items;
    return (
      first === undefined ||
      (first.record.type === record.type &&
        this.items.length < MOST_RECORDS &&
        this.#characters < MOST_CHARACTERS &&
        !this.#keys.has(keyOf(record)))
    );
  }

  add(item: Numbered): void {
    this.items.push(item);
    this.#keys.add(keyOf(item.record));
    this.#characters += sizeOf(item.record);
  }
}

function keyOf(record: TransferRecord): string {
  switch (record.type) {
    case 'version':
      return key(record.pacticipant, record.number);
    case 'branch':
      return key(record.pacticipant, record.name);
    case 'branchVersion':
      return key(record.pacticipant, record.branch, record.version);
    case 'pactContent':
      return key(record.consumer, record.provider, record.sha);
    case 'publication':
      return key(record.consumer, record.version, record.provider, record.revision);
    case 'verification':
      return key(record.number);
    default:
      // Written one by one.
      return '';
  }
}

function key(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

function sizeOf(record: TransferRecord): number {
  if (record.type === 'pactContent') return record.content.length;
  return record.type === 'verification' ? (record.testResults?.length ?? 0) : 0;
}

async function write(
  scope: ImportScope,
  items: readonly Numbered[],
  results: ResultImport,
): Promise<void> {
  switch (items[0]?.record.type) {
    case undefined:
      return;
    case 'version':
      return importVersions(scope, only(items, 'version'));
    case 'branch':
      return importBranches(scope, only(items, 'branch'));
    case 'branchVersion':
      return importBranchVersions(scope, only(items, 'branchVersion'));
    case 'pactContent':
      return importContents(scope, only(items, 'pactContent'));
    case 'publication':
      return importPublications(scope, only(items, 'publication'));
    case 'verification':
      return results.import(only(items, 'verification'));
    default:
      for (const item of items) await writeOne(scope, item);
  }
}

async function writeOne(scope: ImportScope, { line, record }: Numbered): Promise<void> {
  switch (record.type) {
    case 'pacticipant':
      return importPacticipant(scope, { line, record });
    case 'environment':
      return importEnvironment(scope, { line, record });
    case 'integration':
      return importIntegration(scope, { line, record });
    case 'deployedVersion':
      return importDeployedVersion(scope, { line, record });
    case 'releasedVersion':
      return importReleasedVersion(scope, { line, record });
    case 'webhook':
      return importWebhook(scope, { line, record });
    case 'providerContractDocument':
      return importDocument(scope, { line, record });
    case 'providerContract':
      return importProviderContract(scope, { line, record });
    case 'token':
      return importToken(scope, { line, record });
    default:
      throw new Error(`Records of type ${record.type} are written together.`);
  }
}

function only<T extends TransferType>(
  items: readonly Numbered[],
  type: T,
): Numbered<TransferRecordOf<T>>[] {
  return items.filter((item) => item.record.type === type) as Numbered<TransferRecordOf<T>>[];
}
