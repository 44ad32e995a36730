import { mergeConflicts } from '@concordat/domain';
import type { BrokerConfig } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import { HubError } from '../http/hub-error.ts';
import type { SentContent } from './known-content.ts';
import { PactStore, type PublishedPact } from './pact-store.ts';
import { suspiciousNames } from './publish-contracts.ts';
import { contentConflict, similarNameConflict } from './publish-notices.ts';
import { type PactPublication, publishPact, readContent } from './publish-pact.ts';
import { VersionTagStore } from './version-tag-store.ts';

/** A pact sent to its own URL. */
export interface PactWrite {
  readonly consumer: string;
  readonly provider: string;
  readonly version: string;
  readonly content: SentContent;
  /** PATCH merges with what the version published before, PUT replaces it. */
  readonly onConflict: 'overwrite' | 'merge';
  readonly at: Date;
}

export interface WrittenPact {
  readonly pact: PublishedPact;
  readonly publication: PactPublication;
}

/** Publishes the pact of one URL inside `tx`, or refuses it with the broker's own 400 or 409. */
export async function writePact(
  write: PactWrite,
  context: {
    readonly tx: Database;
    readonly registry: VersionRegistry;
    readonly config: BrokerConfig;
    readonly baseUrl: string;
  },
): Promise<WrittenPact> {
  const { registry } = context;
  const pacts = new PactStore(context.tx);
  checkNames(write);
  if (context.config.checkForPotentialDuplicatePacticipantNames) {
    await checkSuspiciousNames(write, { ...context, pacts });
  }
  await registry.pacticipants([write.consumer, write.provider], write.at);
  const consumer = await registry.pacticipant(write.consumer, write.at);
  const provider = await registry.pacticipant(write.provider, write.at);
  const filter = { consumerId: consumer.id, providerId: provider.id, version: write.version };
  const { row: version, created } = await registry.version(consumer, write.version, write.at);
  const existing = created ? undefined : await pacts.latest(filter);
  if (existing !== undefined) await checkConflict(write, { ...context, existing, pacts });
  const { content, onConflict, at } = write;
  const publication = await publishPact(pacts, {
    consumer,
    provider,
    version,
    tags: await new VersionTagStore(context.tx).tagsOf(version.id),
    existing,
    content,
    onConflict,
    at,
  });
  await pacts.touchIntegration(filter, at.toISOString());
  const pact = await pacts.latest(filter);
  if (pact === undefined) throw new Error('The pact just published cannot be found.');
  return { pact, publication };
}

function checkNames(write: PactWrite): void {
  const errors = Object.fromEntries(
    (['consumer', 'provider'] as const).flatMap((side) => {
      const name = write.content[side];
      if (name === undefined || name === write[side]) return [];
      const message = `name in pact '${name}' does not match name in URL path '${write[side]}'.`;
      return [[`${side}.name`, [message]]];
    }),
  );
  if (Object.keys(errors).length > 0) {
    throw new HubError('VALIDATION_FAILED', 'The names in the pact are not those of the URL.', {
      errors,
    });
  }
}

async function checkSuspiciousNames(
  { consumer, provider }: PactWrite,
  context: {
    readonly pacts: PactStore;
    readonly registry: VersionRegistry;
    readonly baseUrl: string;
  },
): Promise<void> {
  const suspicious = await suspiciousNames([consumer, provider], context);
  if (suspicious.length === 0) return;
  const { baseUrl } = context;
  const text = suspicious.map((each) => similarNameConflict(each, baseUrl).text).join('\n');
  throw new HubError('CONFLICT', text, { body: { type: 'text/plain', text } });
}

async function checkConflict(
  write: PactWrite,
  context: {
    readonly existing: PublishedPact;
    readonly pacts: PactStore;
    readonly config: BrokerConfig;
  },
): Promise<void> {
  const { existing, pacts } = context;
  if (write.onConflict === 'merge') {
    const conflicts = mergeConflicts(await readContent(pacts, existing), write.content.document());
    if (conflicts.length === 0) return;
    const text = `These interactions exist with another request: ${conflicts.join(', ')}`;
    throw new HubError('CONFLICT', text, { body: { type: 'application/hal+json', text: '' } });
  }
  if (context.config.allowDangerousContractModification) return;
  if (write.content.sha !== existing.sha) {
    throw new HubError('CONFLICT', contentConflict(existing));
  }
}
