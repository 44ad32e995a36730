import {
  concernsVersion,
  publicationEvents,
  type TemplateParameters,
  templateParameters,
  verificationEvents,
  type WebhookEvent,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { pathTo } from '../http/hal.ts';
import {
  EventFactsStore,
  type PublicationFacts,
  type VerificationFacts,
  type VersionParty,
} from './event-facts-store.ts';
import { type ListeningWebhook, ListeningWebhookStore } from './listening-webhook-store.ts';
import { type RequiredVersion, RequiredVersionStore } from './required-version-store.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';
import type { WebhookPair } from './webhook-store.ts';

/** Clients know results by a number that starts here. */
const FIRST_RESULT = 200;

/** A pact was published, in the transaction that is still running. */
export interface PublishedPactEvent extends WebhookPair {
  readonly versionId: number;
  readonly pactVersionId: number;
  readonly contentChanged: boolean;
  readonly baseUrl: string;
  readonly at: Date;
}

/** A result was published, in the transaction that is still running. */
export interface PublishedResultEvent extends WebhookPair {
  readonly verificationId: number;
  readonly pactVersionId: number;
  readonly success: boolean;
  /** Consumer versions that the verified pact was selected for; none when the verifier did not say. */
  readonly versionIds: readonly number[];
  readonly versionNumber: string | undefined;
  readonly baseUrl: string;
  readonly at: Date;
}

/** What an event led to. */
export interface Triggering {
  readonly events: readonly WebhookEvent[];
  /** Whether any webhook is there for the pair, enabled or not. */
  readonly isConfigured: boolean;
  readonly triggered: readonly {
    readonly event: WebhookEvent;
    /** Of the webhook: its description in quotes, else its uuid. */
    readonly name: string;
    readonly uuid: string;
  }[];
}

const REQUIRING = 'contract_requiring_verification_published';

/** Writes down which webhooks have to tell of a publication; where none is configured it takes one query to know. */
export async function triggerPublished(
  tx: Database,
  published: PublishedPactEvent,
): Promise<Triggering> {
  const { contentChanged } = published;
  const requirements = new RequiredVersionStore(tx);
  const { isConfigured, isRequired } = await requirements.check(published);
  const webhooks = isConfigured ? await new ListeningWebhookStore(tx).toPair(published) : [];
  const enabled = webhooks.filter((webhook) => webhook.enabled);
  const isAsked = enabled.some((webhook) => webhook.events.includes(REQUIRING));
  const required = isAsked ? await requirements.requiredVersions(published) : [];
  const requiresVerification = isRequired || required.length > 0;
  const events = publicationEvents({ contentChanged, requiresVerification });
  if (enabled.length === 0) return { events, isConfigured, triggered: [] };
  const occasions = await publicationOccasions(tx, { published, events, required });
  const triggered = await enqueue(tx, { occasions, webhooks: enabled, at: published.at });
  return { events, isConfigured, triggered };
}

async function publicationOccasions(
  tx: Database,
  input: {
    readonly published: PublishedPactEvent;
    readonly events: readonly WebhookEvent[];
    readonly required: readonly RequiredVersion[];
  },
): Promise<readonly Occasion[]> {
  const { published, events, required } = input;
  const facts = new EventFactsStore(tx);
  const publication = await facts.publication(published);
  if (publication === undefined) throw new Error('The pact just published cannot be found.');
  const deployed = await facts.deployedVersions(published.providerId);
  const verification = await facts.mainBranchVerification(publication.pactVersionId);
  const occasions: Occasion[] = [];
  for (const event of events) {
    const common = { event, publication, deployed, baseUrl: published.baseUrl };
    if (event === REQUIRING) {
      for (const version of required) {
        const party = await facts.requiredParty(version);
        occasions.push({ ...common, required: { ...version, party } });
      }
    } else {
      occasions.push({ ...common, ...(verification === undefined ? {} : { verification }) });
    }
  }
  return occasions;
}

/** Writes down which webhooks have to tell of a result: once for every consumer version it was asked for. */
export async function triggerVerified(
  tx: Database,
  verified: PublishedResultEvent,
): Promise<Triggering> {
  const events = verificationEvents(verified.success);
  const listening = await new ListeningWebhookStore(tx).toPair(verified);
  const webhooks = listening.filter((webhook) => webhook.enabled);
  if (webhooks.length === 0) return { events, isConfigured: listening.length > 0, triggered: [] };
  const facts = new EventFactsStore(tx);
  const verification = await facts.verification(verified.verificationId);
  const deployed = await facts.deployedVersions(verified.providerId);
  const publications = await verifiedPublications(facts, verified);
  const { baseUrl, at } = verified;
  const occasions = publications.flatMap((publication) =>
    events.map((event) => ({
      event,
      publication,
      deployed,
      baseUrl,
      verification,
      isResult: true,
    })),
  );
  return { events, isConfigured: true, triggered: await enqueue(tx, { occasions, webhooks, at }) };
}

/** What a template is filled with when somebody tries a webhook out, and what the log says led to it. */
export function occasionParameters(occasion: Occasion | TrialOccasion): TemplateParameters {
  const { publication, verification, baseUrl } = occasion;
  const required = 'required' in occasion ? occasion.required : undefined;
  const version = required?.party ?? verification?.version;
  return templateParameters({
    event: occasion.event,
    consumer: publication.consumer,
    provider: { ...publication.provider, ...version },
    providerVersionDescriptions: required?.descriptions ?? [],
    pactUrl: pactUrl(publication, baseUrl),
    verification: verification && {
      success: verification.success,
      url: `${contentUrl(publication, baseUrl)}/verification-results/${verification.id + FIRST_RESULT - 1}`,
    },
    buildUrl: 'isResult' in occasion ? verification?.buildUrl : publication.buildUrl,
    currentlyDeployedProviderVersions: occasion.deployed,
  });
}

interface OccasionParts {
  readonly publication: PublicationFacts;
  readonly deployed: readonly string[];
  readonly baseUrl: string;
  readonly verification?: VerificationFacts;
  /** Set when the event is about the result, not about the publication. */
  readonly isResult?: boolean;
}

interface Occasion extends OccasionParts {
  readonly event: WebhookEvent;
  readonly required?: RequiredVersion & { readonly party: VersionParty };
}

/** Somebody tries a webhook out. */
export interface TrialOccasion extends OccasionParts {
  readonly event: 'test';
}

async function verifiedPublications(
  facts: EventFactsStore,
  verified: PublishedResultEvent,
): Promise<readonly PublicationFacts[]> {
  const { consumerId, providerId, pactVersionId } = verified;
  const wanted = { consumerId, providerId, pactVersionId };
  const named: PublicationFacts[] = [];
  for (const versionId of verified.versionIds) {
    const publication = await facts.publication({ ...wanted, versionId });
    if (publication !== undefined) named.push(publication);
  }
  if (named.length > 0) return named;
  const { versionNumber } = verified;
  const publication =
    (versionNumber === undefined
      ? undefined
      : await facts.publication({ ...wanted, versionNumber })) ?? (await facts.publication(wanted));
  return publication === undefined ? [] : [publication];
}

async function enqueue(
  tx: Database,
  input: {
    readonly occasions: readonly Occasion[];
    readonly webhooks: readonly ListeningWebhook[];
    readonly at: Date;
  },
): Promise<Triggering['triggered']> {
  const queue = new TriggeredWebhookStore(tx);
  const triggered: Triggering['triggered'][number][] = [];
  for (const [occasion, webhook] of calls(input)) {
    const { event, publication, verification, baseUrl } = occasion;
    const uuid = await queue.add({
      webhookId: webhook.id,
      event,
      about: {
        kind: 'pact',
        consumerId: publication.consumerId,
        providerId: publication.providerId,
        publicationId: publication.publicationId,
        verificationId: occasion.isResult === true ? verification?.id : undefined,
      },
      baseUrl,
      context: contextOf(occasion),
      parameters: occasionParameters(occasion),
      at: input.at.toISOString(),
    });
    triggered.push({ event, name: quoted(webhook), uuid });
  }
  return triggered;
}

/** Event by event, and of each event webhook by webhook, as the broker tells them. */
function calls(input: {
  readonly occasions: readonly Occasion[];
  readonly webhooks: readonly ListeningWebhook[];
}): readonly (readonly [Occasion, ListeningWebhook])[] {
  const events = [...new Set(input.occasions.map(({ event }) => event))];
  return events.flatMap((event) =>
    input.webhooks
      .filter((webhook) => webhook.events.includes(event))
      .flatMap((webhook) =>
        input.occasions
          .filter((occasion) => occasion.event === event && concerns(webhook, occasion))
          .map((occasion) => [occasion, webhook] as const),
      ),
  );
}

function concerns({ consumerVersions }: ListeningWebhook, { publication }: Occasion): boolean {
  const { branches, consumer } = publication;
  return concernsVersion(consumerVersions, { branches, tags: consumer.tags });
}

function quoted(webhook: ListeningWebhook): string {
  return webhook.description === undefined ? webhook.uuid : `"${webhook.description}"`;
}

function contextOf({ event, publication, baseUrl, required, isResult, verification }: Occasion) {
  const { branch, tags, version } = publication.consumer;
  const buildUrl = isResult === true ? verification?.buildUrl : publication.buildUrl;
  return {
    base_url: baseUrl,
    ...(isResult === true ? { consumer_version_number: version } : {}),
    ...(branch === undefined ? {} : { consumer_version_branch: branch }),
    ...(buildUrl === undefined ? {} : { build_url: buildUrl }),
    consumer_version_tags: tags,
    event_name: event,
    ...(required === undefined
      ? {}
      : {
          provider_version_number: required.version,
          ...(required.party.branch === undefined
            ? {}
            : { provider_version_branch: required.party.branch }),
          provider_version_descriptions: required.descriptions,
        }),
  };
}

function contentUrl({ consumer, provider, sha }: PublicationFacts, baseUrl: string): string {
  return `${baseUrl}${pathTo('pacts', 'provider', provider.name, 'consumer', consumer.name, 'pact-version', sha)}`;
}

/** A run that starts from here is work in progress: its result counts, but ends no trial period. */
function pactUrl(publication: PublicationFacts, baseUrl: string): string {
  const { version = '', tags } = publication.consumer;
  const metadata = new URLSearchParams([
    ['cvn', version],
    ...tags.map((tag): [string, string] => ['cvt[]', tag]),
    ['w', 'true'],
  ]);
  const segment = Buffer.from(metadata.toString(), 'utf8').toString('base64url');
  return `${contentUrl(publication, baseUrl)}/metadata/${segment}`;
}
