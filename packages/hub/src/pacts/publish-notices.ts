import { pathTo } from '../http/hal.ts';
import type { PactPublication } from './publish-pact.ts';

export interface Notice {
  readonly type: 'debug' | 'info' | 'prompt' | 'success' | 'warning' | 'error';
  readonly text: string;
}

/** What a publication did to webhooks. */
export interface TriggeredWebhooks {
  /** The broker's names, in their order. */
  readonly events: readonly string[];
  /** Whether the pair has any webhook at all. */
  readonly isConfigured: boolean;
  readonly triggered: readonly {
    readonly event: string;
    readonly name: string;
    readonly uuid: string;
  }[];
}

const VERIFICATION_HELP = 'https://docs.pact.io/go/provider_verification';
const WEBHOOK_HELP = 'https://docs.pact.io/go/webhooks';

/** The first notices of a publication: what happened to the version. */
export function versionNotices(input: {
  readonly name: string;
  readonly version: string;
  readonly created: boolean;
  readonly branch: string | undefined;
  readonly tags: readonly string[];
}): readonly Notice[] {
  const verb = input.created ? 'Created' : 'Updated';
  const notice: Notice = {
    type: 'debug',
    text: `${verb} ${input.name} version ${input.version}${labels(input)}`,
  };
  if (input.branch !== undefined) return [notice];
  const prompt =
    '  Next steps:\n    Configure the version branch to be the value of your repository branch.';
  return [notice, { type: 'prompt', text: prompt }];
}

/** What happened to one pact, where to see it, and what its provider's team should do next. */
export function pactNotices(input: {
  readonly consumer: string;
  readonly version: string;
  readonly provider: string;
  readonly publication: PactPublication;
  readonly baseUrl: string;
  readonly everVerified: boolean;
  readonly webhooks: TriggeredWebhooks;
}): readonly Notice[] {
  const { consumer, version, provider, publication, webhooks } = input;
  const url = `${input.baseUrl}${pathTo('pacts', 'provider', provider, 'consumer', consumer, 'version', version)}`;
  return [
    outcomeNotice({ consumer, version, provider, outcome: publication.outcome }),
    { type: 'debug', text: `  View the published pact at ${url}` },
    { type: 'debug', text: `  Events detected: ${eventList(publication, webhooks.events)}` },
    ...webhookNotices(webhooks, input.baseUrl),
    ...nextSteps({ ...input, hasWebhook: webhooks.isConfigured }),
  ];
}

/** Why a version's pact may not change; the words are the broker's, because people search for them. */
export function contentConflict(pact: {
  readonly consumer: string;
  readonly version: string;
  readonly provider: string;
}): string {
  return `Cannot change the content of the pact for ${pact.consumer} version ${pact.version} and provider ${pact.provider}, as race conditions will cause unreliable results for can-i-deploy. Each pact must be published with a unique consumer version number. Some Pact libraries generate random data when a concrete value for a type matcher is not specified, and this can cause the contract to mutate - ensure you have given example values for all type matchers. For more information see https://docs.pact.io/go/versioning`;
}

/** A new name that looks like an existing one, and how to say that it is meant. */
export function similarNameConflict(
  { name, similar }: { readonly name: string; readonly similar: readonly string[] },
  baseUrl: string,
): Notice {
  const text = [
    `This is the first time a pact has been published for "${name}".`,
    `The name "${name}" is very similar to the following existing pacticipants:`,
    ...similar.map((existing) => `* ${existing}`),
    'If you meant to specify one of the above names, please correct the pact configuration, and re-publish the pact.',
    `If the pact is intended to be for a new consumer or provider, please manually create "${name}" using the following command from the Pact Broker CLI, and then re-publish the pact:`,
    '',
    `pact-broker create-or-update-pacticipant --name "${name}" --broker-base-url ${baseUrl}`,
    '',
    'For information on the Pact Broker CLI see https://docs.pact.io/go/pbc-cli',
    'To disable this check, set `check_for_potential_duplicate_pacticipant_names` to false in the configuration.',
    '',
  ].join('\n');
  return { type: 'error', text };
}

function labels(input: {
  readonly branch: string | undefined;
  readonly tags: readonly string[];
}): string {
  const branch = input.branch === undefined ? '' : ` with branch ${input.branch}`;
  if (input.tags.length === 0) return branch;
  return `${branch}${branch === '' ? ' with' : ' and'} tags ${input.tags.join(', ')}`;
}

function outcomeNotice(input: {
  readonly consumer: string;
  readonly version: string;
  readonly provider: string;
  readonly outcome: PactPublication['outcome'];
}): Notice {
  const target = `${input.consumer} version ${input.version} and provider ${input.provider}`;
  switch (input.outcome) {
    case 'created':
      return { type: 'success', text: `Pact successfully published for ${target}.` };
    case 'unchanged':
      return {
        type: 'success',
        text: `Pact successfully republished for ${target} with no content changes.`,
      };
    case 'merged':
      return { type: 'success', text: `Pact content merged with existing content for ${target}.` };
    case 'changed':
      return {
        type: 'warning',
        text: `Pact with changed content published over existing content for ${target}. This is not recommended in normal circumstances and may indicate that you have not configured your Pact pipeline correctly. For more information see https://docs.pact.io/go/versioning`,
      };
  }
}

/** The comment stands behind the event it explains: the changed content, else each of them. */
function eventList({ outcome, change }: PactPublication, events: readonly string[]): string {
  const isSilent = change.comment === undefined || (outcome === 'unchanged' && !change.changed);
  const comment = isSilent ? '' : ` (${change.comment})`;
  return events
    .map((event) =>
      change.changed && event !== 'contract_content_changed' ? event : `${event}${comment}`,
    )
    .join(', ');
}

function webhookNotices(webhooks: TriggeredWebhooks, baseUrl: string): readonly Notice[] {
  if (!webhooks.isConfigured) return [];
  if (webhooks.triggered.length === 0) {
    return [{ type: 'debug', text: '  No enabled webhooks found for the detected events' }];
  }
  return webhooks.triggered.map(({ event, name, uuid }) => ({
    type: 'debug',
    text: `  Webhook ${name} triggered for event ${event}.\n    View logs at ${baseUrl}${pathTo('triggered-webhooks', uuid, 'logs')}`,
  }));
}

function nextSteps(input: {
  readonly provider: string;
  readonly everVerified: boolean;
  readonly hasWebhook: boolean;
}): readonly Notice[] {
  const steps: string[] = [];
  if (!input.everVerified) {
    steps.push(
      `    * Add Pact verification tests to the ${input.provider} build. See ${VERIFICATION_HELP}`,
    );
  }
  if (!input.hasWebhook) {
    steps.push(
      `    * Configure separate ${input.provider} pact verification build and webhook to trigger it when the pact content changes. See ${WEBHOOK_HELP}`,
    );
  }
  if (steps.length === 0) return [];
  return ['  Next steps:', ...steps].map((text) => ({ type: 'prompt', text }));
}
