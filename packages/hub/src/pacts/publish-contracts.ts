import { contentDiff, contentSha, similarNames } from '@concordat/domain';
import type { BrokerConfig } from '../config.ts';
import type { PacticipantRow, VersionRegistry, VersionRow } from '../database/version-registry.ts';
import { HubError } from '../http/hub-error.ts';
import type { PactStore, Pair } from './pact-store.ts';
import type { ContractsToPublish } from './publish-contracts-request.ts';
import { contentConflict, type Notice, similarNameConflict } from './publish-notices.ts';
import { type PactPublication, publishPact, readContent, sha1 } from './publish-pact.ts';
import type { VersionTagStore } from './version-tag-store.ts';

/** What a publication of contracts did, in the order it did it. */
export interface PublishedContracts {
  readonly version: VersionRow;
  readonly created: boolean;
  readonly pacts: readonly (PactPublication & { readonly provider: PacticipantRow } & Pair)[];
}

/** What the verb works with, all inside one transaction. */
export interface PublishContractsContext {
  readonly registry: VersionRegistry;
  readonly pacts: PactStore;
  readonly tags: VersionTagStore;
  readonly config: BrokerConfig;
  readonly baseUrl: string;
  readonly at: Date;
}

/** Publishes a version with its branch, tags and pacts, all or nothing; a conflict refuses everything with its notices. */
export async function publishContracts(
  request: ContractsToPublish,
  context: PublishContractsContext,
): Promise<PublishedContracts> {
  const notices = await conflicts(request, context);
  if (notices.length > 0) throw conflictRefusal(notices);
  const { registry, at } = context;
  const consumer = await registry.pacticipant(request.pacticipant, at);
  const { row, created } = await registry.version(consumer, request.version, at);
  const version = await registry.setBuildUrl(row, request.buildUrl ?? row.build_url, at);
  if (request.branch !== undefined) await registry.addToBranch(version, request.branch, { at });
  for (const tag of request.tags) await registry.addTag(version, tag, at);
  let published = created ? [] : await context.pacts.ofVersion(version.id);
  const tags = await context.tags.tagsOf(version.id);
  const pacts: PublishedContracts['pacts'][number][] = [];
  for (const contract of request.contracts) {
    const provider = await registry.pacticipant(contract.provider, at);
    if (pacts.some((pact) => pact.providerId === provider.id)) {
      published = await context.pacts.ofVersion(version.id);
    }
    const { document, onConflict } = contract;
    const existing = published.find((pact) => pact.providerId === provider.id);
    const publication = await publishPact(context.pacts, {
      consumer,
      provider,
      version,
      tags,
      existing,
      document,
      onConflict,
      at,
    });
    pacts.push({ ...publication, provider, consumerId: consumer.id, providerId: provider.id });
  }
  return { version, created, pacts };
}

/** The names that look like a misspelling of existing ones, each with what it resembles. */
export async function suspiciousNames(
  names: readonly string[],
  pacts: PactStore,
): Promise<readonly { readonly name: string; readonly similar: readonly string[] }[]> {
  const known = await pacts.knownNames([...new Set(names)]);
  const unknown = [...new Set(names)].filter((name) => !known.has(name));
  if (unknown.length === 0) return [];
  const existing = await pacts.pacticipantNames();
  return unknown
    .map((name) => ({ name, similar: similarNames(name, existing) }))
    .filter(({ similar }) => similar.length > 0);
}

async function conflicts(
  request: ContractsToPublish,
  context: PublishContractsContext,
): Promise<readonly Notice[]> {
  const notices: Notice[] = [];
  if (context.config.checkForPotentialDuplicatePacticipantNames) {
    const names = request.contracts.flatMap(({ provider }) => [request.pacticipant, provider]);
    for (const suspicious of await suspiciousNames(names, context.pacts)) {
      notices.push(similarNameConflict(suspicious, context.baseUrl));
    }
  }
  if (context.config.allowDangerousContractModification) return notices;
  return [...notices, ...(await contentConflicts(request, context))];
}

/** The new content itself is compared, also when it asks to be merged: that is what the broker does. */
async function contentConflicts(
  request: ContractsToPublish,
  { pacts, registry }: PublishContractsContext,
): Promise<readonly Notice[]> {
  const consumer = await registry.findPacticipant(request.pacticipant);
  if (consumer === undefined) return [];
  const version = await registry.findVersion(consumer.id, request.version);
  if (version === undefined) return [];
  const published = await pacts.ofVersion(version.id);
  const notices: Notice[] = [];
  for (const { provider, document } of request.contracts) {
    const existing = published.find((pact) => pact.provider === provider);
    if (existing === undefined || existing.sha === contentSha(document, sha1)) continue;
    const diff = contentDiff(await readContent(pacts, existing), document);
    notices.push({ type: 'error', text: contentConflict(existing) }, { type: 'info', text: diff });
  }
  return notices;
}

function conflictRefusal(notices: readonly Notice[]): HubError {
  const texts = notices.filter(({ type }) => type === 'error').map(({ text }) => text);
  const text = JSON.stringify({ notices, errors: { contracts: texts } });
  return new HubError('CONFLICT', texts.join('\n'), { body: { type: 'application/json', text } });
}
