import type { HubClient } from '../hub-client/hub-client.ts';
import type { Change } from './change.ts';
import type { HubSetup } from './config-schema.ts';
import { planEnvironments } from './plan-environments.ts';
import { planPacticipants } from './plan-pacticipants.ts';
import { planTokens } from './plan-tokens.ts';
import { planWebhooks } from './plan-webhooks.ts';

/** Everything that a file says, compared with the hub, in the order in which it can be done. */
export async function planSetup(
  hub: HubClient,
  setup: HubSetup,
  prunes: boolean,
): Promise<readonly Change[]> {
  const { environments, pacticipants, webhooks, tokens } = setup;
  return [
    ...(environments === undefined ? [] : await planEnvironments(hub, environments, prunes)),
    ...(pacticipants === undefined ? [] : await planPacticipants(hub, pacticipants)),
    ...(webhooks === undefined ? [] : await planWebhooks(hub, webhooks, prunes)),
    ...(tokens === undefined ? [] : await planTokens(hub, tokens, prunes)),
  ];
}

const SIGNS = { create: '+', update: '~', delete: '-', unchanged: '=' } as const;

/** The plan as a diff; no value of the environment is shown, wherever it stands. */
export function describePlan(changes: readonly Change[], secrets: ReadonlySet<string>): string {
  const lines = changes.flatMap(({ action, kind, name, details }) => [
    `${SIGNS[action]} ${kind} ${name}`,
    ...details.map((detail) => `    ${detail}`),
  ]);
  const counted = (action: Change['action']) =>
    changes.filter((change) => change.action === action).length;
  const sum = `${counted('create')} to create, ${counted('update')} to update, ${counted('delete')} to delete, ${counted('unchanged')} unchanged.`;
  return hide([...lines, sum].join('\n'), secrets);
}

/** Takes secrets out of a text that is shown, also where JSON has escaped them. */
export function hide(text: string, secrets: ReadonlySet<string>): string {
  const spelled = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return spelled
    .toSorted((left, right) => right.length - left.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '**********'), text);
}
