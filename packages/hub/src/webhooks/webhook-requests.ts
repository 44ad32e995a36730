import type { IncomingMessage } from 'node:http';
import {
  type DescribedWebhook,
  describeJsonDefect,
  isJsonObject,
  type JsonValue,
  keepSecretHeaders,
  parseJson,
  REDACTED,
  readWebhookRequest,
  type WebhookRequest,
} from '@concordat/domain';
import { HubError } from '../http/hub-error.ts';
import { invalidJson, readText } from '../http/read-body.ts';
import { jsonObjectFrom } from '../http/read-json-object.ts';
import type { WebhookPolicy } from './webhook-policy.ts';
import type { StoredWebhook, WebhookStore } from './webhook-store.ts';

/** Reads a webhook from a request, and the body it wants sent without loss. */
export async function readDescription(request: IncomingMessage): Promise<DescribedWebhook> {
  const text = await readText(request);
  const fields = jsonObjectFrom(text);
  const exact = parseJson(text);
  if (!exact.ok) throw invalidJson(describeJsonDefect(exact.defect));
  const call = member(exact.value, 'request');
  return { fields, body: call && member(call, 'body') };
}

function member(value: JsonValue, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value.get(name) : undefined;
}

/** The webhook that a client describes, or a refusal with all that is wrong with it; `defects` were found elsewhere. */
export async function readWebhook(
  described: DescribedWebhook,
  context: {
    readonly store: WebhookStore;
    readonly policy: WebhookPolicy;
    readonly defects?: Readonly<Record<string, readonly string[]>>;
  },
): Promise<WebhookRequest> {
  const { store, policy, defects = {} } = context;
  const known = await store.pacticipantIds(namesIn(described));
  const reading = readWebhookRequest(described, policy.rules(new Set(known.keys())));
  const errors = { ...defects, ...(reading.ok ? {} : reading.defects) };
  if (reading.ok && Object.keys(errors).length === 0) return reading.webhook;
  throw new HubError('VALIDATION_FAILED', 'The webhook cannot be taken as described.', { errors });
}

/** A replacement by somebody who saw the secrets hidden: what is still hidden stays what it was. */
export function withSecretsOf(stored: StoredWebhook, sent: WebhookRequest): WebhookRequest {
  const { headers, password, signingSecret } = sent.call;
  return {
    ...sent,
    call: {
      ...sent.call,
      headers: keepSecretHeaders(headers, stored.call.headers),
      password: password === REDACTED ? stored.call.password : password,
      signingSecret: signingSecret === REDACTED ? stored.call.signingSecret : signingSecret,
    },
  };
}

function namesIn({ fields }: DescribedWebhook): readonly string[] {
  return [fields.consumer, fields.provider].flatMap((side) => {
    if (typeof side !== 'object' || side === null || !('name' in side)) return [];
    return typeof side.name === 'string' ? side.name : [];
  });
}
