import { attemptsRemaining } from '@concordat/domain';
import { halTimestamp, type Link, pathTo } from '../http/hal.ts';
import type { TriggeredWebhook } from './triggered-webhook-store.ts';
import { callDescription, webhookUrl } from './webhook-resource.ts';

interface Shown {
  readonly baseUrl: string;
  readonly retrySchedule: readonly number[];
}

/** Deliveries below a link to themselves. */
export function triggeredWebhooksResource(
  triggered: readonly TriggeredWebhook[],
  shown: Shown & { readonly self: Link },
): object {
  return {
    _embedded: { triggeredWebhooks: triggered.map((each) => triggeredWebhook(each, shown)) },
    _links: { self: shown.self },
  };
}

/** How the newest deliveries of a pair went. */
export function webhookStatusResource(
  triggered: readonly TriggeredWebhook[],
  shown: Shown & {
    readonly consumer: string;
    readonly provider: string;
    /** The newest pact's consumer version; undefined when there is none. */
    readonly version: string | undefined;
  },
): object {
  const { baseUrl, consumer, provider } = shown;
  const pair = `${baseUrl}${pathTo('pacts', 'provider', provider, 'consumer', consumer)}`;
  const failed = triggered.filter(({ status }) => status === 'failure' || status === 'retrying');
  return {
    summary: summary(triggered),
    _embedded: { triggeredWebhooks: triggered.map((each) => triggeredWebhook(each, shown)) },
    _links: {
      self: { title: 'Webhooks status', href: `${pair}/webhooks/status` },
      'pb:error-logs': failed.map((each) => ({
        title: 'Error logs',
        name: nameOf(each),
        href: logsUrl(each, baseUrl),
      })),
      'pb:pact-webhooks': {
        title: `Webhooks for the pact between ${consumer} and ${provider}`,
        href: `${pair}/webhooks`,
      },
      ...(triggered.length === 0 || shown.version === undefined
        ? {}
        : {
            'pb:pact-version': {
              title: 'Pact',
              name: `Pact between ${consumer} (${shown.version}) and ${provider}`,
              href: `${pair}${pathTo('version', shown.version)}`,
            },
          }),
      'pb:consumer': {
        title: 'Consumer',
        name: consumer,
        href: `${baseUrl}${pathTo('pacticipants', consumer)}`,
      },
      'pb:provider': {
        title: 'Provider',
        name: provider,
        href: `${baseUrl}${pathTo('pacticipants', provider)}`,
      },
    },
  };
}

function triggeredWebhook(triggered: TriggeredWebhook, { baseUrl, retrySchedule }: Shown): object {
  const name = nameOf(triggered);
  const logs = logsUrl(triggered, baseUrl);
  const { webhookUuid } = triggered;
  return {
    name,
    status: triggered.status,
    attemptsMade: triggered.attemptsMade,
    attemptsRemaining: attemptsRemaining({ ...triggered, retrySchedule }),
    triggerType: 'resource_creation',
    eventName: triggered.event,
    triggeredAt: halTimestamp(triggered.createdAt),
    _links: {
      logs: { title: 'DEPRECATED - Use pb:logs', name, href: logs },
      'pb:logs': { title: 'Webhook execution logs', name, href: logs },
      ...(webhookUuid === null
        ? {}
        : {
            'pb:webhook': {
              title: 'Webhook',
              name,
              href: webhookUrl({ uuid: webhookUuid }, baseUrl),
            },
          }),
    },
  };
}

function summary(triggered: readonly TriggeredWebhook[]): object {
  const count = (status: TriggeredWebhook['status']): number =>
    triggered.filter((each) => each.status === status).length;
  const [retrying, notRun] = [count('retrying'), count('not_run')];
  return {
    successful: count('success'),
    failed: count('failure'),
    ...(retrying === 0 ? {} : { retrying }),
    ...(notRun === 0 ? {} : { notRun }),
  };
}

function nameOf({ method, url }: TriggeredWebhook): string {
  return method === null || url === null ? 'deleted webhook' : callDescription({ method, url });
}

function logsUrl({ uuid }: { readonly uuid: string }, baseUrl: string): string {
  return `${baseUrl}${pathTo('triggered-webhooks', uuid, 'logs')}`;
}
