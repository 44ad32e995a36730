import type { HubClient } from '../hub-client/hub-client.ts';
import { type Body, done, embeddedIn, readBody } from './ask-hub.ts';
import { type Change, describeFields, describeNew, differing } from './change.ts';
import type { EnvironmentSetup } from './config-schema.ts';

/** Environments as the file says; with `prunes` those it does not name go, with all that was recorded for them. */
export async function planEnvironments(
  hub: HubClient,
  wanted: readonly EnvironmentSetup[],
  prunes: boolean,
): Promise<readonly Change[]> {
  const current = embeddedIn(await readBody(hub, '/environments'), 'environments');
  const named = new Set(wanted.map(({ name }) => name));
  const superfluous = current.filter(({ name }) => prunes && !named.has(String(name)));
  return [
    ...wanted.map((one) => plan(hub, one, current)),
    ...superfluous.map((one) => removal(hub, one)),
  ];
}

function plan(hub: HubClient, wanted: EnvironmentSetup, all: readonly Body[]): Change {
  const { name } = wanted;
  const what = { kind: 'environment', name } as const;
  const current = all.find((one) => one.name === name);
  if (current === undefined) {
    const { name: _, ...members } = wanted;
    return {
      ...what,
      action: 'create',
      details: describeNew(members),
      apply: async () => {
        done(await hub.post('/environments', wanted), `environment ${name}`);
        return undefined;
      },
    };
  }
  const keys = differing(current, wanted);
  return {
    ...what,
    action: keys.length === 0 ? 'unchanged' : 'update',
    details: describeFields(keys, current, wanted),
    apply: async () => {
      const { displayName, contacts } = current;
      const body = { displayName, contacts, ...wanted };
      done(await hub.put(`/environments/${current.uuid}`, body), `environment ${name}`);
      return undefined;
    },
  };
}

function removal(hub: HubClient, { uuid, name }: Body): Change {
  return {
    action: 'delete',
    kind: 'environment',
    name: String(name),
    details: [],
    apply: async () => {
      done(await hub.delete(`/environments/${uuid}`), `environment ${name}`);
      return undefined;
    },
  };
}
