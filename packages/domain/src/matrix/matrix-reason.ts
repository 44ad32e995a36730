import { describeMissing, type MatrixSelector } from './matrix-selector.ts';

/** A thing to ignore that does not exist. */
export interface IgnoredDoesNotExist {
  readonly kind: 'ignored-does-not-exist';
  readonly pacticipant: string;
  readonly version: string | undefined;
  readonly isKnownPacticipant: boolean;
}

export interface NoEnvironmentGiven {
  readonly kind: 'no-environment-given';
}

export interface NoVersionNumberGiven {
  readonly kind: 'no-version-number-given';
}

/** What the question asks about does not exist; nothing else is said then. */
export interface SpecifiedVersionDoesNotExist {
  readonly kind: 'specified-version-does-not-exist';
  readonly selector: MatrixSelector;
}

/** `consumer` and `provider` are selector descriptions. */
export interface VerificationFailed {
  readonly kind: 'verification-failed';
  readonly consumer: string;
  readonly provider: string;
}

/** No result for a published pact, or no pact for an integration that must have one. */
export interface NotVerified {
  readonly kind: 'not-verified';
  readonly consumer: string;
  readonly provider: string;
}

/** Failed, but only where the pact says that it may: it counts as a success. */
export interface PendingFailure {
  readonly kind: 'pending-failure';
  readonly consumer: string;
  readonly provider: string;
}

export interface AllSuccessful {
  readonly kind: 'all-successful';
}

export interface NothingMissing {
  readonly kind: 'nothing-missing';
}

export type MatrixReason =
  | IgnoredDoesNotExist
  | NoEnvironmentGiven
  | NoVersionNumberGiven
  | SpecifiedVersionDoesNotExist
  | VerificationFailed
  | NotVerified
  | PendingFailure
  | AllSuccessful
  | NothingMissing;

export type NoticeType = 'warning' | 'error' | 'success';

/** How a client shows the reason. */
export function noticeType(reason: MatrixReason): NoticeType {
  switch (reason.kind) {
    case 'ignored-does-not-exist':
    case 'no-environment-given':
    case 'no-version-number-given':
    case 'pending-failure':
      return 'warning';
    case 'specified-version-does-not-exist':
    case 'verification-failed':
    case 'not-verified':
      return 'error';
    case 'all-successful':
    case 'nothing-missing':
      return 'success';
  }
}

/** The reason as clients print it; tools match these sentences, so they are the broker's. */
export function describeReason(reason: MatrixReason): string {
  switch (reason.kind) {
    case 'ignored-does-not-exist':
      return describeIgnored(reason);
    case 'no-environment-given':
      return 'WARN: It is recommended to specify the environment into which you are deploying. Without the environment, this result will not be reliable.';
    case 'no-version-number-given':
      return 'WARN: It is recommended to specify the version number (rather than the tag or branch) of the pacticipant you wish to deploy to avoid race conditions. Without a version number, this result will not be reliable.';
    case 'specified-version-does-not-exist':
      return describeMissing(reason.selector);
    case 'verification-failed':
      return `The verification for the pact between ${reason.consumer} and ${reason.provider} failed`;
    case 'not-verified':
      return `There is no verified pact between ${reason.consumer} and ${reason.provider}`;
    case 'pending-failure':
      return `WARN: The verification for the pact between ${reason.consumer} and ${reason.provider} failed, but only for interactions that the pact marks as pending. It counts as successful.`;
    case 'all-successful':
      return 'All required verification results are published and successful';
    case 'nothing-missing':
      return 'There are no missing dependencies';
  }
}

function describeIgnored(reason: IgnoredDoesNotExist): string {
  const what = reason.version === undefined ? 'any version' : `version ${reason.version}`;
  const why = reason.isKnownPacticipant ? 'version' : 'pacticipant';
  return `WARN: Cannot ignore ${what} of ${reason.pacticipant} (no such ${why} exists)`;
}
