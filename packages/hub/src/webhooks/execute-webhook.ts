import {
  hideSecrets,
  parseJson,
  type TemplateParameters,
  type WebhookRequest,
  writeJson,
} from '@concordat/domain';
import type { Database } from '../database/database.ts';
import { EventFactsStore, nobody, type PublicationFacts } from './event-facts-store.ts';
import { ExactJson } from './exact-json.ts';
import { type Resolve, type Sending, sendWebhook } from './send-webhook.ts';
import { occasionParameters } from './trigger-webhooks.ts';
import { isSuccess } from './webhook-delivery.ts';
import { hiddenAnswer, shownHeaders, webhookLog } from './webhook-log.ts';
import type { WebhookPolicy } from './webhook-policy.ts';
import { WebhookStore } from './webhook-store.ts';

export interface TrialDeps {
  readonly db: Database;
  readonly policy: WebhookPolicy;
  readonly resolve: Resolve;
  readonly timeoutMs: number;
  readonly now: () => Date;
}

/** Tries a webhook out now, with the newest pact it is about, and says all that happened; nothing is stored or tried again. */
export async function executeWebhook(
  webhook: WebhookRequest,
  deps: TrialDeps & { readonly baseUrl: string; readonly links: object },
): Promise<object> {
  const { db, policy, baseUrl } = deps;
  const parameters = await trialParameters(webhook, { db, baseUrl });
  const sending = await sendWebhook(webhook.call, parameters, deps);
  const success = isSuccess(sending, policy);
  const context = { base_url: baseUrl, event_name: 'test' };
  return {
    request: requestPart(sending),
    ...(policy.hosts.hasList ? answerPart(sending) : { message: hiddenAnswer }),
    logs: webhookLog({ sending, context, success, policy, at: deps.now() }),
    success,
    _links: deps.links,
  };
}

function requestPart({ request }: Sending): object {
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  return {
    headers: shownHeaders(request.headers),
    ...(request.body === undefined ? {} : { body: shownBody(request.body, request.secrets) }),
    url: url === undefined ? request.url : `${url.pathname}${url.search}`,
  };
}

function answerPart(sending: Sending): object {
  if ('error' in sending) return { error: { message: sending.error.message } };
  const { status, headers, body } = sending.answer;
  const { secrets } = sending.request;
  return { response: { status, headers: shownHeaders(headers), body: shownBody(body, secrets) } };
}

/** JSON as JSON, with its numbers as they are written; everything else as text. */
function shownBody(body: string, secrets: readonly string[]): unknown {
  const text = hideSecrets(body, secrets);
  const json = parseJson(text);
  return json.ok ? new ExactJson(writeJson(json.value)) : text;
}

async function trialParameters(
  webhook: WebhookRequest,
  { db, baseUrl }: { readonly db: Database; readonly baseUrl: string },
): Promise<TemplateParameters> {
  const facts = new EventFactsStore(db);
  const pair = await new WebhookStore(db).newestPair(webhook);
  const publication = (pair && (await facts.publication(pair))) ?? placeholder(webhook);
  const deployed = pair === undefined ? [] : await facts.deployedVersions(pair.providerId);
  const isResult = webhook.events.every((event) => event.startsWith('provider_verification'));
  const latest = pair && isResult ? await facts.latestVerification(pair) : undefined;
  return occasionParameters({
    event: 'test',
    publication,
    deployed,
    baseUrl,
    isResult,
    ...(latest === undefined ? {} : { verification: latest }),
  });
}

/** Nobody has published what the webhook is about: something to fill its templates with all the same. */
function placeholder(webhook: WebhookRequest): PublicationFacts {
  const nameOf = (side: WebhookRequest['consumer'], otherwise: string): string =>
    side.kind === 'name' ? side.name : otherwise;
  return {
    consumerId: 0,
    providerId: 0,
    publicationId: 0,
    pactVersionId: 0,
    sha: '0'.repeat(40),
    buildUrl: undefined,
    consumer: { ...nobody(nameOf(webhook.consumer, 'consumer')), version: '1' },
    provider: nobody(nameOf(webhook.provider, 'provider')),
    branches: [],
  };
}
