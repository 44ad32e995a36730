import type { FindingResource } from '@concordat/api';

type Kind = FindingResource['kind'];

/** What a kind is called, what it means and what helps, for tools that show rules; the level is SARIF's. */
export interface KindWords {
  readonly name: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly means: string;
  readonly helps: string;
}

export const kindWords: Readonly<Record<Kind, KindWords>> = {
  'broken-promise': {
    name: 'BrokenPromise',
    level: 'error',
    means: 'A real answer or message failed the contract that it was promised by.',
    helps: 'Look at the trace, and correct what the provider sends, or the pact.',
  },
  'unpromised-status': {
    name: 'UnpromisedStatus',
    level: 'error',
    means: 'The operation is promised, the status that was answered is not.',
    helps: 'Add an interaction with that status to the pact, or correct what the provider answers.',
  },
  'uncovered-call': {
    name: 'UncoveredCall',
    level: 'warning',
    means: 'A consumer calls what none of its pacts promises.',
    helps: 'Write a consumer test for it and publish the pact, or stop using it.',
  },
  'undeclared-event': {
    name: 'UndeclaredEvent',
    level: 'warning',
    means: 'A service sends an event that its AsyncAPI document does not declare.',
    helps: 'Declare it, or stop sending it.',
  },
  'unrecorded-version': {
    name: 'UnrecordedVersion',
    level: 'warning',
    means: 'A version runs where it is not recorded as deployed.',
    helps: 'Record it with concordat record-deployment, or stop it.',
  },
  'unknown-consumer': {
    name: 'UnknownConsumer',
    level: 'warning',
    means: 'A service that no contract knows calls a known one.',
    helps: 'Publish a pact of it, or name the service as its pacticipant is named.',
  },
  'unknown-provider': {
    name: 'UnknownProvider',
    level: 'warning',
    means: 'A known service calls one that no contract knows.',
    helps: 'Publish a pact with it, or name the service as its pacticipant is named.',
  },
  'not-seen': {
    name: 'NotSeen',
    level: 'note',
    means: 'A pact promises what enough traffic did not use.',
    helps: 'Remove the interaction from the pact when the consumer no longer needs it.',
  },
  'silent-event': {
    name: 'SilentEvent',
    level: 'note',
    means: 'An AsyncAPI document declares an event that enough traffic did not bring.',
    helps: 'Remove it from the document when it is gone.',
  },
  'silent-version': {
    name: 'SilentVersion',
    level: 'note',
    means:
      'A version is recorded as deployed and sends nothing, although others of the service do.',
    helps: 'Look why it is silent, or record what runs.',
  },
};
