import type { TransferRecordOf } from '@concordat/api';
import { isJsonObject, type JsonObject, REDACTED, writeJson } from '@concordat/domain';
import { type BrokerSource, together } from './broker-source.ts';
import {
  datesOf,
  type HalObject,
  halObject,
  hrefs,
  lastSegment,
  listOf,
  needed,
  objectOf,
  pathOf,
  textOf,
} from './hal-answer.ts';
import { losslessObject } from './read-pacts.ts';

/** All webhooks; their secrets are hidden, and named so that somebody enters them again. */
export async function readWebhooks(source: BrokerSource): Promise<TransferRecordOf<'webhook'>[]> {
  const list = (await source.find('/webhooks')) ?? {};
  const uuids = hrefs(list, 'pb:webhooks').map(lastSegment);
  const read = await together(uuids, async (uuid) => {
    const path = pathOf('webhooks', uuid);
    const text = await source.text(path);
    if (text !== undefined) return [webhookRecord(uuid, text, path)];
    source.vanished += 1;
    return [];
  });
  return read.flat();
}

function webhookRecord(uuid: string, text: string, path: string): TransferRecordOf<'webhook'> {
  const item = halObject(text, path);
  const request = objectOf(item, 'request');
  const headers = Object.entries(objectOf(request, 'headers')).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  const password = textOf(request, 'password');
  const signingSecret = textOf(request, 'signingSecret');
  return {
    type: 'webhook',
    uuid,
    ...member('description', textOf(item, 'description')),
    ...sideOf(item, 'consumer'),
    ...sideOf(item, 'provider'),
    consumerBranches: texts(item.consumerVersionBranches),
    consumerTags: texts(item.consumerVersionTags),
    enabled: item.enabled !== false,
    events: listOf(item, 'events').map((event) => needed(event, 'name', 'webhook event')),
    method: needed(request, 'method', 'webhook').toUpperCase(),
    url: needed(request, 'url', 'webhook'),
    headers: Object.fromEntries(headers.filter(([, value]) => value !== REDACTED)),
    ...member('body', bodyOf(losslessObject(text, `webhook ${uuid}`))),
    ...member('username', textOf(request, 'username')),
    redacted: [
      ...(password === undefined ? [] : ['password']),
      ...(signingSecret === undefined ? [] : ['signingSecret']),
      ...headers.flatMap(([name, value]) => (value === REDACTED ? [`headers.${name}`] : [])),
    ],
    ...datesOf(item),
  };
}

function sideOf(item: HalObject, side: 'consumer' | 'provider') {
  const selector = objectOf(item, side);
  return {
    ...member(side, textOf(selector, 'name')),
    ...member(`${side}Label`, textOf(selector, 'label')),
  };
}

function bodyOf(webhook: JsonObject): string | undefined {
  const request = webhook.get('request');
  const body = isJsonObject(request) ? request.get('body') : undefined;
  return body === undefined || body === null ? undefined : writeJson(body);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function member<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>);
}
