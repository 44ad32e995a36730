import type { Request, Response, Router } from 'express';
import type { BrokerConfig } from '../config.ts';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { VersionRegistry } from '../database/version-registry.ts';
import type { Events } from '../events.ts';
import { createRouter } from '../http/app.ts';
import { type ChangeNote, noteChange } from '../http/change-note.ts';
import { baseUrlOf, pathTo } from '../http/hal.ts';
import { HubError } from '../http/hub-error.ts';
import { readJsonObject } from '../http/read-json-object.ts';
import { resource } from '../http/resource.ts';
import { sendHal } from '../http/send.ts';
import { configFor } from './config-for.ts';
import { KnownContent } from './known-content.ts';
import { PactStore, type Pair } from './pact-store.ts';
import { type PublishedContracts, publishContracts } from './publish-contracts.ts';
import { type ContractsToPublish, readContractsToPublish } from './publish-contracts-request.ts';
import {
  type Notice,
  pactNotices,
  type TriggeredWebhooks,
  versionNotices,
} from './publish-notices.ts';
import { VersionTagStore } from './version-tag-store.ts';

/** What publishing needs from the rest of the hub. */
export interface PublishingDeps {
  readonly db: Database;
  readonly config: BrokerConfig;
  readonly registryFor: (tx: Database) => VersionRegistry;
  /** True when any version of the provider ever verified a pact with the consumer. */
  readonly everVerified: (tx: Database, pair: Pair) => Promise<boolean>;
  readonly webhooks: PublicationWebhooks;
  readonly events: Events;
  readonly now: () => Date;
}

/** What happens to webhooks when a pact is published. */
export interface PublicationWebhooks {
  /** Writes down, in the publication's transaction, which of them have to tell of it. */
  readonly trigger: (
    tx: Database,
    published: Pair & {
      readonly versionId: number;
      readonly pactVersionId: number;
      readonly contentChanged: boolean;
      readonly baseUrl: string;
      readonly at: Date;
    },
  ) => Promise<TriggeredWebhooks>;
  /** After the transaction: they may go. */
  readonly wake: () => void;
}

/** `POST /contracts/publish`. */
export function contractsRoutes(deps: PublishingDeps): Router {
  const router = createRouter();
  const known = new KnownContent(deps.config);
  resource(router, '/contracts/publish', {
    POST: (request, response) => publish(request, response, { ...deps, known }),
  });
  return router;
}

async function publish(
  request: Request,
  response: Response,
  deps: PublishingDeps & { readonly known: KnownContent },
): Promise<void> {
  const reading = readContractsToPublish(await readJsonObject(request), deps.known);
  if (!reading.ok) {
    throw new HubError('VALIDATION_FAILED', 'The contracts cannot be published as they are.', {
      errors: reading.errors,
    });
  }
  const { request: contracts } = reading;
  const baseUrl = baseUrlOf(response);
  const at = deps.now();
  const { published, told } = await transact(deps.db, async (tx) => {
    const published = await publishContracts(contracts, {
      registry: deps.registryFor(tx),
      pacts: new PactStore(tx),
      tags: new VersionTagStore(tx),
      config: configFor(request, deps.config),
      baseUrl,
      at,
    });
    return { published, told: await tell({ contracts, published, tx, baseUrl, at }, deps) };
  });
  if (told.hasTriggered) deps.webhooks.wake();
  await announce({ contracts, published, at }, deps.events);
  noteChange(response, changeOf(contracts));
  sendHal(response, publishAnswer({ contracts, notices: told.notices, baseUrl }));
}

function changeOf({ pacticipant, version, branch, contracts }: ContractsToPublish): ChangeNote {
  const pacticipants = [pacticipant, ...contracts.map(({ provider }) => provider)];
  return { pacticipants, names: { version, branch } };
}

/** Tells webhooks of each pact, and the client of everything. */
async function tell(
  input: {
    readonly contracts: ContractsToPublish;
    readonly published: PublishedContracts;
    readonly tx: Database;
    readonly baseUrl: string;
    readonly at: Date;
  },
  deps: PublishingDeps,
): Promise<{ readonly notices: readonly Notice[]; readonly hasTriggered: boolean }> {
  const { contracts, published, tx, baseUrl, at } = input;
  const { pacticipant: consumer, version, branch, tags } = contracts;
  const notices = [
    ...versionNotices({ name: consumer, version, created: published.created, branch, tags }),
  ];
  let hasTriggered = false;
  for (const publication of published.pacts) {
    const everVerified = await deps.everVerified(tx, publication);
    const { consumerId, providerId, pactVersionId, change } = publication;
    const webhooks = await deps.webhooks.trigger(tx, {
      consumerId,
      providerId,
      pactVersionId,
      versionId: published.version.id,
      contentChanged: change.changed,
      baseUrl,
      at,
    });
    hasTriggered ||= webhooks.triggered.length > 0;
    const provider = publication.provider.name;
    notices.push(
      ...pactNotices({
        consumer,
        version,
        provider,
        publication,
        baseUrl,
        everVerified,
        webhooks,
      }),
    );
  }
  return { notices, hasTriggered };
}

async function announce(
  input: {
    readonly contracts: ContractsToPublish;
    readonly published: PublishedContracts;
    readonly at: Date;
  },
  events: Events,
): Promise<void> {
  const { pacticipant, version, branch, tags } = input.contracts;
  for (const { provider, sha, change } of input.published.pacts) {
    await events.emit({
      kind: 'contractPublished',
      at: input.at,
      consumer: pacticipant,
      consumerVersion: version,
      provider: provider.name,
      sha,
      branch,
      tags,
      contentChanged: change.changed,
    });
  }
}

/** The Rust command line refuses the answer when one of the four link lists or a title, name or href is missing. */
function publishAnswer(input: {
  readonly contracts: ContractsToPublish;
  readonly notices: readonly Notice[];
  readonly baseUrl: string;
}): object {
  const { notices, baseUrl } = input;
  const { pacticipant: name, version, tags, contracts } = input.contracts;
  const pacticipantUrl = `${baseUrl}${pathTo('pacticipants', name)}`;
  const versionUrl = `${pacticipantUrl}${pathTo('versions', version)}`;
  return {
    logs: notices.map(({ type, text }) => ({
      level: type,
      message: text,
      deprecationWarning: 'Replaced by notices',
    })),
    notices,
    _embedded: {
      pacticipant: { name, _links: { self: { href: pacticipantUrl } } },
      version: {
        number: version,
        _links: { self: { title: 'Version', name: version, href: versionUrl } },
      },
    },
    _links: {
      'pb:pacticipant': { title: 'Pacticipant', name, href: pacticipantUrl },
      'pb:pacticipant-version': { title: 'Pacticipant version', name: version, href: versionUrl },
      'pb:pacticipant-version-tags': tags.map((tag) => ({
        title: 'Tag',
        name: tag,
        href: `${versionUrl}${pathTo('tags', tag)}`,
      })),
      'pb:contracts': contracts.map(({ provider }) => ({
        title: 'Pact',
        name: `Pact between ${name} (${version}) and ${provider}`,
        href: `${baseUrl}${pathTo('pacts', 'provider', provider, 'consumer', name, 'version', version)}`,
      })),
    },
  };
}
