import type { HubClient } from '../hub-client/hub-client.ts';
import { type Body, done, embeddedIn, readBody } from './ask-hub.ts';
import { type Change, describeFields, describeNew, differing, same } from './change.ts';
import type { PacticipantSetup } from './config-schema.ts';

/** Pacticipants as the file says. Others stay whatever is asked for: with them all their contracts would go. */
export async function planPacticipants(
  hub: HubClient,
  wanted: readonly PacticipantSetup[],
): Promise<readonly Change[]> {
  const current = embeddedIn(await readBody(hub, '/pacticipants'), 'pacticipants');
  const byName = new Map(current.map((one) => [one.name, one]));
  return wanted.map((one) => plan(hub, one, byName.get(one.name)));
}

function plan(hub: HubClient, wanted: PacticipantSetup, current: Body | undefined): Change {
  const { name, labels, ...members } = wanted;
  const what = { kind: 'pacticipant', name } as const;
  if (current === undefined) {
    return {
      ...what,
      action: 'create',
      details: describeNew({ ...members, labels }),
      apply: async () => {
        done(await hub.post('/pacticipants', { name, ...members }), `pacticipant ${name}`);
        await applyLabels(hub, name, { add: labels ?? [], remove: [] });
        return undefined;
      },
    };
  }
  const known = embeddedIn(current, 'labels')
    .map((label) => String(label.name))
    .toSorted();
  const keys = differing(current, members);
  const add = (labels ?? []).filter((label) => !known.includes(label));
  const remove = labels === undefined ? [] : known.filter((label) => !labels.includes(label));
  const differs = add.length + remove.length > 0;
  return {
    ...what,
    action: keys.length === 0 && !differs ? 'unchanged' : 'update',
    details: [
      ...describeFields(keys, current, members),
      ...(differs && !same(known, labels)
        ? describeFields(['labels'], { labels: known }, { labels: labels?.toSorted() })
        : []),
    ],
    apply: async () => {
      if (keys.length > 0) {
        const changed = Object.fromEntries(
          Object.entries(members).filter(([key]) => keys.includes(key)),
        );
        done(await hub.patch(pathOf(name), changed), `pacticipant ${name}`);
      }
      await applyLabels(hub, name, { add, remove });
      return undefined;
    },
  };
}

async function applyLabels(
  hub: HubClient,
  name: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<void> {
  const pathOfLabel = (label: string) => `${pathOf(name)}/labels/${encodeURIComponent(label)}`;
  for (const label of add) {
    done(await hub.put(pathOfLabel(label), {}), `label ${label} of ${name}`);
  }
  for (const label of remove) {
    done(await hub.delete(pathOfLabel(label)), `label ${label} of ${name}`);
  }
}

function pathOf(name: string): string {
  return `/pacticipants/${encodeURIComponent(name)}`;
}
