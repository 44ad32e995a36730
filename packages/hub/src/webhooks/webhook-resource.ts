import {
  REDACTED,
  redactHeaders,
  type WebhookSelector,
  webhookScope,
  writeJson,
} from '@concordat/domain';
import { halTimestamps, type Link, type Links, pathTo } from '../http/hal.ts';
import { ExactJson } from './exact-json.ts';
import { hostOf } from './webhook-policy.ts';
import type { StoredWebhook } from './webhook-store.ts';

/** A webhook as every answer shows it, for `exactText`: secrets hidden. */
export function webhookResource(webhook: StoredWebhook, baseUrl: string): object {
  const { call } = webhook;
  const { branches, tags } = webhook.consumerVersions;
  const description = descriptionOf(webhook);
  return {
    uuid: webhook.uuid,
    description,
    ...side('consumer', webhook.consumer),
    ...side('provider', webhook.provider),
    ...(branches.length === 0 ? {} : { consumerVersionBranches: branches }),
    ...(tags.length === 0 ? {} : { consumerVersionTags: tags }),
    enabled: webhook.enabled,
    request: {
      method: call.method,
      url: call.url,
      ...(Object.keys(call.headers).length === 0 ? {} : { headers: redactHeaders(call.headers) }),
      ...(call.body === undefined ? {} : { body: new ExactJson(writeJson(call.body)) }),
      ...(call.username === undefined ? {} : { username: call.username }),
      ...(call.password === undefined ? {} : { password: REDACTED }),
      ...(call.signingSecret === undefined ? {} : { signingSecret: REDACTED }),
    },
    events: webhook.events.map((name) => ({ name })),
    ...halTimestamps({ created_at: webhook.createdAt, updated_at: webhook.updatedAt }),
    _links: links(webhook, baseUrl),
  };
}

/** Links to webhooks, as every list shows them. */
export function webhookListResource(
  webhooks: readonly StoredWebhook[],
  list: {
    readonly baseUrl: string;
    readonly url: string;
    readonly title: string;
    readonly createUrl: string;
  },
): object {
  return {
    _links: {
      self: { title: list.title, href: list.url },
      'pb:create': { title: 'POST to create a webhook', href: list.createUrl },
      'pb:webhooks': webhooks.map((webhook) => ({
        title: webhookScope(webhook),
        name: descriptionOf(webhook),
        href: webhookUrl(webhook, list.baseUrl),
      })),
      curies: [{ name: 'pb', href: `${list.baseUrl}/doc/webhooks-{rel}`, templated: true }],
    },
  };
}

export function webhookUrl(webhook: { readonly uuid: string }, baseUrl: string): string {
  return `${baseUrl}${pathTo('webhooks', webhook.uuid)}`;
}

/** What a webhook is called that says nothing about itself: its method and host. */
export function callDescription(call: { readonly method: string; readonly url: string }): string {
  return URL.canParse(call.url) ? `${call.method} ${hostOf(new URL(call.url))}` : call.method;
}

function descriptionOf(webhook: StoredWebhook): string {
  return webhook.description ?? callDescription(webhook.call);
}

function side(role: 'consumer' | 'provider', selector: WebhookSelector): object {
  switch (selector.kind) {
    case 'name':
      return { [role]: { name: selector.name } };
    case 'label':
      return { [role]: { label: selector.label } };
    case 'all':
      return {};
  }
}

function links(webhook: StoredWebhook, baseUrl: string): Links {
  const self = webhookUrl(webhook, baseUrl);
  return {
    self: { title: descriptionOf(webhook), href: self },
    'pb:execute': {
      title:
        'Test the execution of the webhook with the latest matching pact or verification by sending a POST request to this URL',
      href: `${self}/execute`,
    },
    ...partyLinks('consumer', webhook.consumer, baseUrl),
    ...partyLinks('provider', webhook.provider, baseUrl),
    ...pairLinks(webhook, baseUrl),
    'pb:webhooks': { title: 'All webhooks', href: `${baseUrl}/webhooks` },
  };
}

function partyLinks(
  role: 'consumer' | 'provider',
  selector: WebhookSelector,
  baseUrl: string,
): Record<string, Link> {
  const title = role === 'consumer' ? 'Consumer' : 'Provider';
  switch (selector.kind) {
    case 'name': {
      const href = `${baseUrl}${pathTo('pacticipants', selector.name)}`;
      return { [`pb:${role}`]: { title, name: selector.name, href } };
    }
    case 'label': {
      const href = `${baseUrl}${pathTo('pacticipants', 'label', selector.label)}`;
      return { [`pb:${role}s`]: { title: `${title}s by label`, name: selector.label, href } };
    }
    case 'all':
      return {};
  }
}

function pairLinks({ consumer, provider }: StoredWebhook, baseUrl: string): Record<string, Link> {
  if (consumer.kind !== 'name' || provider.kind !== 'name') return {};
  const path = pathTo('webhooks', 'provider', provider.name, 'consumer', consumer.name);
  const title = `All webhooks for consumer ${consumer.name} and provider ${provider.name}`;
  return { 'pb:pact-webhooks': { title, href: `${baseUrl}${path}` } };
}
