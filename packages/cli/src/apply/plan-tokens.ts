import { createHash } from 'node:crypto';
import type { TokenResource } from '@concordat/api';
import type { HubClient } from '../hub-client/hub-client.ts';
import { createToken, listTokens } from '../tokens/tokens.ts';
import { done } from './ask-hub.ts';
import { type Change, describeFields, describeNew, differing } from './change.ts';
import type { TokenSetup } from './config-schema.ts';

/** Tokens as the file says, known by their description; with `prunes` those it does not name are revoked. */
export async function planTokens(
  hub: HubClient,
  wanted: readonly TokenSetup[],
  prunes: boolean,
): Promise<readonly Change[]> {
  const current = await listTokens(hub);
  const named = new Set(wanted.map(({ description }) => description));
  const superfluous = current.filter(({ description }) => prunes && !named.has(description));
  return [
    ...wanted.map((one) => plan(hub, one, current)),
    ...superfluous.map((one) => removal(hub, one)),
  ];
}

function plan(hub: HubClient, wanted: TokenSetup, all: readonly TokenResource[]): Change {
  const { description, role, secret } = wanted;
  const what = { kind: 'token', name: description } as const;
  const current = all.find((one) => one.description === description);
  const expiresAt = wanted.expiresAt === undefined ? null : timeOf(wanted.expiresAt);
  if (current === undefined) {
    return {
      ...what,
      action: 'create',
      details: describeNew({ role, expiresAt: expiresAt ?? undefined }),
      apply: async () => {
        const made = await createToken(hub, {
          ...{ description, role, expiresAt },
          ...(secret === undefined ? {} : { secret }),
        });
        return secret === undefined ? made.secret : undefined;
      },
    };
  }
  const fingerprint = secret === undefined ? undefined : fingerprintOf(secret, current);
  const fields = { role, expiresAt, fingerprint };
  const known = { ...current };
  const keys = differing(known, fields);
  return {
    ...what,
    action: keys.length === 0 ? 'unchanged' : 'update',
    details: describeFields(keys, known, fields),
    apply: async () => {
      const change = { role, expiresAt, ...(secret === undefined ? {} : { secret }) };
      done(await hub.patch(`/tokens/${current.uuid}`, change), `token '${description}'`);
      return undefined;
    },
  };
}

/** As much of the hash as the hub shows. */
function fingerprintOf(secret: string, { fingerprint }: TokenResource): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, fingerprint.length);
}

function timeOf(text: string): string {
  return new Date(text).toISOString();
}

function removal(hub: HubClient, { uuid, description }: TokenResource): Change {
  return {
    action: 'delete',
    kind: 'token',
    name: description,
    details: [],
    apply: async () => {
      done(await hub.delete(`/tokens/${uuid}`), `token '${description}'`);
      return undefined;
    },
  };
}
