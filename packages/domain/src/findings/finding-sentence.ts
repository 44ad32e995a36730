import type { GuardMismatch } from '../guard/guard-verdict.ts';
import type { Evidence } from '../usage/usage.ts';
import type { FindingNames } from './finding-identity.ts';

export interface FindingFacts extends FindingNames {
  readonly providerVersions: readonly string[];
  /** Statuses that were seen and not promised. */
  readonly statuses: readonly string[];
  /** Statuses that the pacts in force promise for the operation. */
  readonly promisedStatuses: readonly number[];
  /** A pact in force exists between consumer and provider. */
  readonly hasPact: boolean;
  /** What the live guard saw fail. */
  readonly mismatches: readonly GuardMismatch[];
  readonly evidence: Evidence;
}

/** One or two sentences: what is wrong, with names and values, and what to do about it. */
export function findingSentence(facts: FindingFacts): string {
  const { consumer = 'an unknown consumer', provider } = facts;
  const place = facts.environment === undefined ? '' : ` in ${facts.environment}`;
  switch (facts.kind) {
    case 'uncovered-call':
      return uncoveredCall(facts, { consumer, provider, place });
    case 'unpromised-status':
      return unpromisedStatus(facts, { consumer, provider, place });
    case 'not-seen':
      return notSeen(facts, { consumer, provider, place });
    case 'unrecorded-version':
      return unrecordedVersion(facts, place);
    case 'unknown-consumer':
      return `${consumer} calls ${provider}${place} and no contract knows it. Publish a pact of ${consumer} with ${provider}, or name the service as its pacticipant is named.`;
    case 'unknown-provider':
      return `${consumer} calls ${provider}${place}, which no contract knows. Publish a pact of ${consumer} with ${provider}, or name the service as its pacticipant is named.`;
    case 'broken-promise':
      return brokenPromise(facts, { consumer, provider, place });
    case 'undeclared-event':
      return `${provider} sends ${eventOf(facts)}${place}, which its AsyncAPI document does not declare. Declare it, or stop sending it.`;
    case 'silent-event':
      return silentEvent(facts, place);
    case 'silent-version':
      return silentVersion(facts, place);
  }
}

interface Peers {
  readonly consumer: string;
  readonly provider: string;
  readonly place: string;
}

function uncoveredCall(facts: FindingFacts, { consumer, provider, place }: Peers): string {
  const deed = isEvent(facts)
    ? `${consumer} receives ${eventOf(facts)} from ${provider}`
    : `${consumer} calls ${operationOf(facts)} of ${provider}`;
  return facts.hasPact
    ? `${deed}${place}, which none of its pacts promises. Add an interaction for it to the pact of ${consumer} with ${provider} and verify it, or stop using it.`
    : `${deed}${place} without any pact between the two. Write a consumer test for it in ${consumer} and publish the pact, or stop using it.`;
}

function unpromisedStatus(facts: FindingFacts, { consumer, provider, place }: Peers): string {
  const seen = listed(facts.statuses, 'and');
  const promised =
    facts.promisedStatuses.length === 0
      ? 'the pact promises another status'
      : `the pact promises only ${listed(facts.promisedStatuses.map(String), 'or')}`;
  return `${provider} answers ${seen} to ${operationOf(facts)} of ${consumer}${place}; ${promised}. Add an interaction with status ${seen} to the pact of ${consumer}, with the provider state that leads to it, or correct what ${provider} answers.`;
}

function notSeen(facts: FindingFacts, { consumer, provider, place }: Peers): string {
  const promise = isEvent(facts) ? eventOf(facts) : operationOf(facts);
  const { calls, window } = facts.evidence;
  return `The pact of ${consumer} with ${provider} promises ${promise}, but none of the last ${Math.round(calls)} calls within ${spanOfTime(window)}${place} used it. Remove the interaction from the pact when ${consumer} no longer needs it.`;
}

const MOST_NAMED = 5;

function brokenPromise(facts: FindingFacts, { consumer, provider, place }: Peers): string {
  const { mismatches } = facts;
  const named = mismatches.slice(0, MOST_NAMED).map(({ part, rule, pointer }) => {
    const where = pointer === '' ? part : `${part} ${pointer}`;
    return `${where} fails its rule ${rule}`;
  });
  const others = mismatches.length - named.length;
  const list = others > 0 ? [...named, `${others} more`] : named;
  const what = list.length === 0 ? '' : `: ${listed(list, 'and')}`;
  const deed = isEvent(facts)
    ? `${provider} sends ${eventOf(facts)}${place} other than it promises ${consumer}`
    : `${provider} answers ${operationOf(facts)}${place} other than it promises ${consumer}`;
  return `${deed}${what}. Look at the trace, and correct what ${provider} sends, or the pact of ${consumer}.`;
}

function silentEvent(facts: FindingFacts, place: string): string {
  const { provider, evidence } = facts;
  return `${provider} declares ${eventOf(facts)}, but none of the last ${Math.round(evidence.calls)} messages it sent within ${spanOfTime(evidence.window)}${place} was that. Remove it from the AsyncAPI document when it is gone.`;
}

function silentVersion(facts: FindingFacts, place: string): string {
  const { provider, environment = '', providerVersions } = facts;
  const [is, sends] = providerVersions.length > 1 ? ['are', 'send'] : ['is', 'sends'];
  return `${versionsOf(facts)} of ${provider} ${is} recorded as deployed${place} and ${sends} nothing, although others of it do. Look why, or record what runs (concordat record-deployment --pacticipant ${provider} --version <version> --environment ${environment}).`;
}

function unrecordedVersion(facts: FindingFacts, place: string): string {
  const { provider, environment = '' } = facts;
  const commands = facts.providerVersions.map(
    (version) =>
      `concordat record-deployment --pacticipant ${provider} --version ${version} --environment ${environment}`,
  );
  const [run, are] = facts.providerVersions.length > 1 ? ['run', 'are'] : ['runs', 'is'];
  return `${versionsOf(facts)} of ${provider} ${run}${place} but ${are} not recorded as deployed there. Record it (${commands.join('; ')}), or stop it.`;
}

function versionsOf({ providerVersions }: FindingFacts): string {
  return `${providerVersions.length > 1 ? 'Versions' : 'Version'} ${listed(providerVersions, 'and')}`;
}

function operationOf({ operation }: FindingFacts): string {
  return operation ?? 'an operation';
}

function isEvent({ operation }: FindingFacts): boolean {
  return operation?.startsWith('send ') === true;
}

function eventOf({ operation }: FindingFacts): string {
  return operation?.replace(/^send /, '') ?? 'an event';
}

function listed(items: readonly string[], word: 'and' | 'or'): string {
  const last = items.slice(-1).join('');
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}

const UNITS = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3600 },
  { name: 'minute', seconds: 60 },
] as const;

function spanOfTime(seconds: number): string {
  const unit = UNITS.find((candidate) => seconds >= candidate.seconds);
  const count =
    unit === undefined ? Math.max(1, Math.round(seconds)) : Math.floor(seconds / unit.seconds);
  const name = unit?.name ?? 'second';
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
