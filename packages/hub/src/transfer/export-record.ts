import type { TransferRecordOf } from '@concordat/api';
import type { ExportStore } from './export-store.ts';

type Rows<M extends keyof ExportStore> = ExportStore[M] extends (
  ...args: never[]
) => Promise<(infer Row)[]>
  ? Row
  : never;
type Named = (pacticipantId: number) => string;

/** One function a kind of row: how an export writes it. What is null is left out. */
export function pacticipantRecord(
  row: Rows<'pacticipants'>,
  labels: readonly Rows<'labels'>[],
): TransferRecordOf<'pacticipant'> {
  return {
    type: 'pacticipant',
    name: row.name,
    ...given('displayName', row.display_name),
    ...given('repositoryUrl', row.repository_url),
    ...given('repositoryName', row.repository_name),
    ...given('repositoryNamespace', row.repository_namespace),
    ...given('mainBranch', row.main_branch),
    labels: labels.map(({ name, created_at }) => ({ name, createdAt: created_at })),
    ...dated(row),
  };
}

export function environmentRecord(row: Rows<'environments'>): TransferRecordOf<'environment'> {
  return {
    type: 'environment',
    uuid: row.uuid,
    name: row.name,
    displayName: row.display_name,
    production: row.production === 1,
    ...given('contacts', row.contacts),
    preset: row.is_preset === 1,
    ...dated(row),
  };
}

export function versionRecord(
  row: Rows<'versions'>,
  { named, tags }: { readonly named: Named; readonly tags: readonly Rows<'tags'>[] },
): TransferRecordOf<'version'> {
  return {
    type: 'version',
    pacticipant: named(row.pacticipant_id),
    number: row.number,
    ...given('buildUrl', row.build_url),
    tags: tags.map((tag) => ({ name: tag.name, ...dated(tag) })),
    ...dated(row),
  };
}

export function branchRecord(row: Rows<'branches'>, named: Named): TransferRecordOf<'branch'> {
  return {
    type: 'branch',
    pacticipant: named(row.pacticipant_id),
    name: row.name,
    createdAt: row.created_at,
  };
}

export function branchVersionRecord(
  row: Rows<'branchVersions'>,
  named: Named,
): TransferRecordOf<'branchVersion'> {
  return {
    type: 'branchVersion',
    pacticipant: named(row.pacticipant_id),
    branch: row.branch,
    version: row.version,
    head: row.head_version_id === row.version_id,
    autoCreated: row.auto_created === 1,
    ...dated(row),
  };
}

export function integrationRecord(
  row: Rows<'integrations'>,
  named: Named,
): TransferRecordOf<'integration'> {
  return {
    type: 'integration',
    ...pairOf(row, named),
    createdAt: row.created_at,
    contractDataUpdatedAt: row.contract_data_updated_at,
  };
}

export function contentRecord(
  row: Rows<'contents'>,
  named: Named,
): TransferRecordOf<'pactContent'> {
  return {
    type: 'pactContent',
    ...pairOf(row, named),
    sha: row.sha,
    createdAt: row.created_at,
    content: row.content,
  };
}

export function publicationRecord(
  row: Rows<'publications'>,
  named: Named,
): TransferRecordOf<'publication'> {
  return {
    type: 'publication',
    ...pairOf(row, named),
    version: row.version,
    revision: row.revision_number,
    sha: row.sha,
    createdAt: row.created_at,
  };
}

export function verificationRecord(
  row: Rows<'verifications'>,
  { named, firstResultNumber }: { readonly named: Named; readonly firstResultNumber: number },
): TransferRecordOf<'verification'> {
  return {
    type: 'verification',
    ...pairOf(row, named),
    sha: row.sha,
    providerVersion: row.version,
    number: row.id + firstResultNumber - 1,
    success: row.success === 1,
    wip: row.is_wip === 1,
    ...(row.pending_run === null ? {} : { pending: true as const }),
    ...given('buildUrl', row.build_url),
    ...given('verifiedBy', row.verified_by),
    ...given('testResults', row.test_results),
    createdAt: row.created_at,
  };
}

export function deployedRecord(
  row: Rows<'deployedVersions'>,
  named: Named,
): TransferRecordOf<'deployedVersion'> {
  return {
    type: 'deployedVersion',
    ...placeOf(row, named),
    applicationInstance: row.application_instance,
    ...given('undeployedAt', row.undeployed_at),
    ...dated(row),
  };
}

export function releasedRecord(
  row: Rows<'releasedVersions'>,
  named: Named,
): TransferRecordOf<'releasedVersion'> {
  return {
    type: 'releasedVersion',
    ...placeOf(row, named),
    ...given('supportEndedAt', row.support_ended_at),
    ...dated(row),
  };
}

export function documentRecord(
  row: Rows<'documents'>,
): TransferRecordOf<'providerContractDocument'> {
  return {
    type: 'providerContractDocument',
    sha256: row.sha,
    specification: specificationOf(row.specification),
    specificationVersion: row.specification_version,
    title: row.title,
    documentVersion: row.document_version,
    operations: row.operations,
    externalReferences: row.external_references,
    base64: Buffer.from(row.content).toString('base64'),
  };
}

export function providerContractRecord(
  row: Rows<'providerContracts'>,
  named: Named,
): TransferRecordOf<'providerContract'> {
  return {
    type: 'providerContract',
    provider: named(row.provider_id),
    version: row.version,
    specification: specificationOf(row.specification),
    sha256: row.sha,
    contentType: row.content_type,
    createdAt: row.created_at,
  };
}

export function tokenRecord(row: Rows<'tokens'>): TransferRecordOf<'token'> {
  return {
    type: 'token',
    uuid: row.uuid,
    description: row.description,
    role: row.role as 'read' | 'publish' | 'admin',
    sha256: row.sha256,
    ...given('expiresAt', row.expires_at),
    ...given('lastUsedAt', row.last_used_at),
    createdAt: row.created_at,
  };
}

function specificationOf(text: string): 'openapi' | 'asyncapi' {
  return text === 'openapi' ? 'openapi' : 'asyncapi';
}

function placeOf(
  row: {
    readonly uuid: string;
    readonly pacticipant_id: number;
    readonly version: string;
    readonly environment: string;
  },
  named: Named,
) {
  const { uuid, version, environment } = row;
  return { uuid, pacticipant: named(row.pacticipant_id), version, environment };
}

function pairOf(
  row: { readonly consumer_id: number; readonly provider_id: number },
  named: Named,
): { readonly consumer: string; readonly provider: string } {
  return { consumer: named(row.consumer_id), provider: named(row.provider_id) };
}

function dated(row: { readonly created_at: string; readonly updated_at: string }): {
  readonly createdAt: string;
  readonly updatedAt: string;
} {
  return { createdAt: row.created_at, updatedAt: row.updated_at };
}

/** A member that is there when it has a value. */
export function given<K extends string>(
  name: K,
  value: string | null,
): Partial<Readonly<Record<K, string>>> {
  return value === null ? {} : ({ [name]: value } as Readonly<Record<K, string>>);
}
