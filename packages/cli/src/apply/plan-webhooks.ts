import { randomBytes } from 'node:crypto';
import { REDACTED } from '@concordat/domain';
import type { HubClient } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type Body, done, readBody } from './ask-hub.ts';
import { type Change, describeFields, describeNew, same } from './change.ts';
import type { WebhookSetup } from './config-schema.ts';

const SECRETS = ['request.password', 'request.signingSecret'];

/** Webhooks as the file says, known by uuid or description; with `prunes` those it does not name go. */
export async function planWebhooks(
  hub: HubClient,
  wanted: readonly WebhookSetup[],
  prunes: boolean,
): Promise<readonly Change[]> {
  const current = await readWebhooks(hub);
  const taken = new Set<unknown>();
  const changes = wanted.map((one) => {
    const known = match(one, current);
    taken.add(known?.uuid);
    return plan(hub, one, known);
  });
  const superfluous = current.filter(({ uuid }) => prunes && !taken.has(uuid));
  return [...changes, ...superfluous.map((one) => removal(hub, one))];
}

async function readWebhooks(hub: HubClient): Promise<readonly Body[]> {
  const { _links } = (await readBody(hub, '/webhooks')) as {
    readonly _links?: { readonly 'pb:webhooks'?: readonly { readonly href: string }[] };
  };
  const links = _links?.['pb:webhooks'] ?? [];
  return Promise.all(links.map(({ href }) => readBody(hub, hub.pathOf(href))));
}

function match(wanted: WebhookSetup, current: readonly Body[]): Body | undefined {
  if (wanted.uuid !== undefined) return current.find(({ uuid }) => uuid === wanted.uuid);
  const named = current.filter(({ description }) => description === wanted.description);
  if (named.length < 2) return named[0];
  throw new CliError(
    `The hub has ${named.length} webhooks described as '${wanted.description}': give the uuid of the one you mean (${named.map(({ uuid }) => uuid).join(', ')}).`,
  );
}

function plan(hub: HubClient, wanted: WebhookSetup, current: Body | undefined): Change {
  const what = { kind: 'webhook', name: wanted.description } as const;
  const uuid = wanted.uuid ?? current?.uuid ?? randomBytes(16).toString('base64url');
  const apply = async (): Promise<undefined> => {
    const answer = await hub.put(`/webhooks/${uuid}`, bodyOf(wanted));
    done(answer, `webhook '${wanted.description}'`);
  };
  const fields = fieldsOf(bodyOf(wanted));
  if (current === undefined) {
    return { ...what, action: 'create', details: describeNew(masked(fields)), apply };
  }
  const known = fieldsOf(current);
  const hidden = Object.keys(fields).filter((key) => known[key] === REDACTED);
  const keys = [...new Set([...Object.keys(known), ...Object.keys(fields)])].filter(
    (key) => !hidden.includes(key) && !same(known[key] ?? null, fields[key] ?? null),
  );
  if (keys.length > 0) {
    const details = describeFields(keys, masked(known), masked(fields));
    return { ...what, action: 'update', details, apply };
  }
  if (hidden.length === 0) {
    return { ...what, action: 'unchanged', details: [], apply: async () => undefined };
  }
  // Nobody can see whether they are the same, so they are written: twice the same changes nothing.
  return { ...what, action: 'unchanged', details: [`${hidden.join(', ')}: written again`], apply };
}

/** As the hub takes and shows it. */
function bodyOf(wanted: WebhookSetup): Body {
  const { uuid: _, events, consumerVersionBranches, consumerVersionTags, ...others } = wanted;
  return {
    ...others,
    ...(consumerVersionBranches.length === 0 ? {} : { consumerVersionBranches }),
    ...(consumerVersionTags.length === 0 ? {} : { consumerVersionTags }),
    events: events.map((name) => ({ name })),
  };
}

/** A webhook flat, one entry for each thing that can differ. */
function fieldsOf(body: Body): Readonly<Record<string, unknown>> {
  const { request, events, description, enabled, consumer, provider } = body;
  const { headers = {}, ...call } = (request ?? {}) as {
    readonly headers?: Readonly<Record<string, string>>;
  };
  const names = (events as readonly { readonly name: string }[]).map(({ name }) => name);
  const { consumerVersionBranches: branches, consumerVersionTags: tags } = body;
  return withoutNothing({
    ...{ description, enabled, consumer, provider },
    consumerVersionBranches: listed(branches),
    consumerVersionTags: listed(tags),
    events: names.toSorted(),
    ...Object.fromEntries(Object.entries(call).map(([key, value]) => [`request.${key}`, value])),
    ...Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [`request.headers.${key}`, value]),
    ),
  });
}

function listed(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

function withoutNothing(fields: Body): Body {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** What is secret by its name is not shown, wherever it came from. */
function masked(fields: Body): Body {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      SECRETS.includes(key) || /^request\.headers\..*(authorization|token)/i.test(key)
        ? REDACTED
        : value,
    ]),
  );
}

function removal(hub: HubClient, { uuid, description }: Body): Change {
  return {
    action: 'delete',
    kind: 'webhook',
    name: String(description),
    details: [],
    apply: async () => {
      done(await hub.delete(`/webhooks/${uuid}`), `webhook '${description}'`);
      return undefined;
    },
  };
}
