import { changedByMerge, contentDiff, mergePacts, similarNames } from '@concordat/domain';
import type { BrokerConfig } from '../config.ts';
import type { PacticipantRow, VersionRegistry, VersionRow } from '../database/version-registry.ts';
import { HubError } from '../http/hub-error.ts';
import type { PactStore, Pair, PublishedPact } from './pact-store.ts';
import type { ContractsToPublish } from './publish-contracts-request.ts';
import { contentConflict, type Notice, similarNameConflict } from './publish-notices.ts';
import { type PactPublication, publishPact, readContent } from './publish-pact.ts';
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
  const { registry, at } = context;
  const suspicious = await similarNameConflicts(request, context);
  const providers = request.contracts.map(({ provider }) => provider);
  await registry.pacticipants([request.pacticipant, ...providers], at);
  const consumer = await registry.pacticipant(request.pacticipant, at);
  const { row, created } = await registry.version(consumer, request.version, at);
  let published = created ? [] : await context.pacts.ofVersion(row.id);
  const conflicts = await contentConflicts(request, { ...context, published });
  if (suspicious.length + conflicts.length > 0) {
    throw conflictRefusal([...suspicious, ...conflicts]);
  }
  const version = await registry.setBuildUrl(row, request.buildUrl ?? row.build_url, at);
  if (request.branch !== undefined) await registry.addToBranch(version, request.branch, { at });
  for (const tag of request.tags) await registry.addTag(version, tag, at);
  const isUntagged = created && request.tags.length === 0;
  const tags = isUntagged ? [] : await context.tags.tagsOf(version.id);
  const pacts: PublishedContracts['pacts'][number][] = [];
  for (const contract of request.contracts) {
    const provider = await registry.pacticipant(contract.provider, at);
    if (pacts.some((pact) => pact.providerId === provider.id)) {
      published = await context.pacts.ofVersion(version.id);
    }
    const { content, onConflict } = contract;
    const existing = published.find((pact) => pact.providerId === provider.id);
    const publication = await publishPact(context.pacts, {
      consumer,
      provider,
      version,
      tags,
      existing,
      content,
      onConflict,
      at,
    });
    pacts.push({ ...publication, provider, consumerId: consumer.id, providerId: provider.id });
  }
  // In one order, so that two versions of a consumer cannot wait for each other in a circle.
  for (const pact of [...pacts].sort((left, right) => left.providerId - right.providerId)) {
    await context.pacts.touchIntegration(pact, at.toISOString());
  }
  return { version, created, pacts };
}

/** The names that look like a misspelling of existing ones, each with what it resembles. */
export async function suspiciousNames(
  names: readonly string[],
  { registry, pacts }: Pick<PublishContractsContext, 'registry' | 'pacts'>,
): Promise<readonly { readonly name: string; readonly similar: readonly string[] }[]> {
  const unknown = await registry.unknownNames(names);
  if (unknown.length === 0) return [];
  const existing = await pacts.pacticipantNames();
  return unknown
    .map((name) => ({ name, similar: similarNames(name, existing) }))
    .filter(({ similar }) => similar.length > 0);
}

async function similarNameConflicts(
  request: ContractsToPublish,
  context: PublishContractsContext,
): Promise<readonly Notice[]> {
  if (!context.config.checkForPotentialDuplicatePacticipantNames) return [];
  const names = request.contracts.flatMap(({ provider }) => [request.pacticipant, provider]);
  const suspicious = await suspiciousNames(names, context);
  return suspicious.map((each) => similarNameConflict(each, context.baseUrl));
}

/** A merge may add to what the version published; what it would replace with something else is a conflict like any other. */
async function contentConflicts(
  request: ContractsToPublish,
  context: PublishContractsContext & { readonly published: readonly PublishedPact[] },
): Promise<readonly Notice[]> {
  if (context.config.allowDangerousContractModification) return [];
  const notices: Notice[] = [];
  for (const { provider, content, onConflict } of request.contracts) {
    const existing = context.published.find((pact) => pact.provider === provider);
    if (existing === undefined || existing.sha === content.sha) continue;
    const old = await readContent(context.pacts, existing);
    const document = content.document();
    const merges = onConflict === 'merge';
    if (merges && changedByMerge(old, document).length === 0) continue;
    const diff = contentDiff(old, merges ? mergePacts(old, document) : document);
    notices.push({ type: 'error', text: contentConflict(existing) }, { type: 'info', text: diff });
  }
  return notices;
}

function conflictRefusal(notices: readonly Notice[]): HubError {
  const texts = notices.filter(({ type }) => type === 'error').map(({ text }) => text);
  const text = JSON.stringify({ notices, errors: { contracts: texts } });
  return new HubError('CONFLICT', texts.join('\n'), { body: { type: 'application/json', text } });
}
