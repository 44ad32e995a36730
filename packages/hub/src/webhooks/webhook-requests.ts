import {
  keepSecretHeaders,
  REDACTED,
  readWebhookRequest,
  type WebhookRequest,
} from '@concordat/domain';
import { HubError } from '../http/hub-error.ts';
import type { WebhookPolicy } from './webhook-policy.ts';
import type { StoredWebhook, WebhookStore } from './webhook-store.ts';

type Body = Readonly<Record<string, unknown>>;

/** The webhook that a client describes, or a refusal with all that is wrong with it; `defects` were found elsewhere. */
export async function readWebhook(
  body: Body,
  context: {
    readonly store: WebhookStore;
    readonly policy: WebhookPolicy;
    readonly defects?: Readonly<Record<string, readonly string[]>>;
  },
): Promise<WebhookRequest> {
  const { store, policy, defects = {} } = context;
  const known = await store.pacticipantIds(namesIn(body));
  const reading = readWebhookRequest(body, policy.rules(new Set(known.keys())));
  const errors = { ...defects, ...(reading.ok ? {} : reading.defects) };
  if (reading.ok && Object.keys(errors).length === 0) return reading.webhook;
  throw new HubError('VALIDATION_FAILED', 'The webhook cannot be taken as described.', { errors });
}

/** A replacement by somebody who saw the secrets hidden: what is still hidden stays what it was. */
export function withSecretsOf(stored: StoredWebhook, sent: WebhookRequest): WebhookRequest {
  const { headers, password } = sent.call;
  return {
    ...sent,
    call: {
      ...sent.call,
      headers: keepSecretHeaders(headers, stored.call.headers),
      password: password === REDACTED ? stored.call.password : password,
    },
  };
}

function namesIn(body: Body): readonly string[] {
  return [body.consumer, body.provider].flatMap((side) => {
    if (typeof side !== 'object' || side === null || !('name' in side)) return [];
    return typeof side.name === 'string' ? side.name : [];
  });
}
