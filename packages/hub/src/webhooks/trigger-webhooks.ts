import {
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
  type RequiredVersion,
  type VerificationFacts,
  type VersionParty,
} from './event-facts-store.ts';
import { TriggeredWebhookStore } from './triggered-webhook-store.ts';
import { type StoredWebhook, type WebhookPair, WebhookStore } from './webhook-store.ts';

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

/** Writes down which webhooks have to tell of a publication. */
export async function triggerPublished(
  tx: Database,
  published: PublishedPactEvent,
): Promise<Triggering> {
  const facts = new EventFactsStore(tx);
  const required = await facts.requiredVersions(published);
  const events = publicationEvents({
    contentChanged: published.contentChanged,
    requiresVerification: required.length > 0,
  });
  const webhooks = await new WebhookStore(tx).listeningTo(published);
  if (!webhooks.some((webhook) => webhook.enabled)) {
    return { events, isConfigured: webhooks.length > 0, triggered: [] };
  }
  const publication = await facts.publication(published);
  if (publication === undefined) throw new Error('The pact just published cannot be found.');
  const deployed = await facts.deployedVersions(published.providerId);
  const verification = await facts.mainBranchVerification(publication.pactVersionId);
  const occasions: Occasion[] = [];
  for (const event of events) {
    const common = { event, publication, deployed, baseUrl: published.baseUrl };
    if (event === 'contract_requiring_verification_published') {
      for (const version of required) {
        const party = await facts.requiredParty(version);
        occasions.push({ ...common, required: { ...version, party } });
      }
    } else {
      occasions.push({ ...common, ...(verification === undefined ? {} : { verification }) });
    }
  }
  const triggered = await enqueue(tx, { occasions, webhooks, at: published.at });
  return { events, isConfigured: true, triggered };
}

/** Writes down which webhooks have to tell of a result: once for every consumer version it was asked for. */
export async function triggerVerified(
  tx: Database,
  verified: PublishedResultEvent,
): Promise<Triggering> {
  const events = verificationEvents(verified.success);
  const webhooks = await new WebhookStore(tx).listeningTo(verified);
  if (!webhooks.some((webhook) => webhook.enabled)) {
    return { events, isConfigured: webhooks.length > 0, triggered: [] };
  }
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
    readonly webhooks: readonly StoredWebhook[];
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
      consumerId: publication.consumerId,
      providerId: publication.providerId,
      publicationId: publication.publicationId,
      verificationId: occasion.isResult === true ? verification?.id : undefined,
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
  readonly webhooks: readonly StoredWebhook[];
}): readonly (readonly [Occasion, StoredWebhook])[] {
  const events = [...new Set(input.occasions.map(({ event }) => event))];
  return events.flatMap((event) =>
    input.webhooks
      .filter((webhook) => webhook.enabled && webhook.events.includes(event))
      .flatMap((webhook) =>
        input.occasions
          .filter((occasion) => occasion.event === event)
          .map((occasion) => [occasion, webhook] as const),
      ),
  );
}

function quoted(webhook: StoredWebhook): string {
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
