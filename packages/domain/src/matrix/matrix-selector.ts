/** What picks versions of one pacticipant: as asked for, or taken over from the destination for a pacticipant found by its integrations. */
export interface MatrixSelector {
  readonly pacticipant: string;
  readonly version?: string;
  readonly latest?: boolean;
  readonly tag?: string;
  readonly branch?: string;
  readonly mainBranch?: boolean;
  readonly environment?: string;
}

/** Where the asked-for versions are to go; it is applied to every pacticipant that was not named. */
export interface MatrixDestination {
  readonly latest?: boolean;
  readonly tag?: string;
  readonly environment?: string;
  readonly mainBranch?: boolean;
}

export interface NumberedVersion {
  readonly id: number;
  readonly number: string;
}

/** A selector with the versions it picks; `any` when it names the pacticipant only. */
export interface ResolvedSelector {
  readonly selector: MatrixSelector;
  /** Whether the question named it; inferred ones come from integrations. */
  readonly isSpecified: boolean;
  readonly pacticipantId: number;
  readonly versions: 'any' | readonly NumberedVersion[];
}

/** Whether the selector says more than a pacticipant's name. */
export function picksVersions(selector: MatrixSelector): boolean {
  const { version, latest, tag, branch, mainBranch, environment } = selector;
  return [version, latest, tag, branch, mainBranch, environment].some(
    (value) => value !== undefined,
  );
}

/** Whether the destination asks that other pacticipants are found through integrations. */
export function infersOthers(destination: MatrixDestination): boolean {
  return Object.values(destination).some((value) => value !== undefined && value !== false);
}

/** `the latest version of Bar from branch main (2)`; without a version, that there is none. */
export function describeSelector(
  selector: MatrixSelector,
  version?: { readonly number: string; readonly isOneOfMany: boolean },
): string {
  const { pacticipant, tag, branch, mainBranch, environment } = selector;
  const found = version === undefined ? undefined : ` (${version.number})`;
  const isOneOfMany = version?.isOneOfMany ?? false;
  if (selector.version !== undefined) {
    const absent = found === undefined ? ' (no such version exists)' : '';
    return `version ${selector.version} of ${pacticipant}${absent}`;
  }
  if (environment !== undefined) {
    return describeInEnvironment(pacticipant, environment, { found, isOneOfMany });
  }
  if (tag !== undefined) return describeTagged(selector, tag, found);
  if (branch !== undefined || mainBranch === true) {
    return describeOnBranch(selector, { found, isOneOfMany });
  }
  return selector.latest === true
    ? `the latest version of ${pacticipant}${found ?? NO_VERSION}`
    : `any version of ${pacticipant}`;
}

const NO_VERSION = ' (no such version exists)';

function describeTagged(selector: MatrixSelector, tag: string, found: string | undefined): string {
  const which = selector.latest === true ? 'the latest version' : 'a version';
  return `${which} of ${selector.pacticipant} with tag ${tag}${found ?? NO_VERSION}`;
}

interface Found {
  readonly found: string | undefined;
  readonly isOneOfMany: boolean;
}

function describeInEnvironment(
  pacticipant: string,
  environment: string,
  { found, isOneOfMany }: Found,
): string {
  if (found === undefined) {
    return `a version of ${pacticipant} currently in ${environment} (no version is currently recorded as deployed/released in this environment)`;
  }
  const which = isOneOfMany ? 'one of the versions' : 'the version';
  return `${which} of ${pacticipant} currently in ${environment}${found}`;
}

function describeOnBranch(selector: MatrixSelector, { found, isOneOfMany }: Found): string {
  const { pacticipant, latest, branch } = selector;
  const where = branch === undefined ? 'the main branch' : `branch ${branch}`;
  if (found === undefined) {
    const which = latest === true ? 'the latest version' : 'any version';
    return `${which} of ${pacticipant} from ${where} (no versions exist for this branch)`;
  }
  if (latest === true) return `the latest version of ${pacticipant} from ${where}${found}`;
  return `${isOneOfMany ? 'one of the versions' : 'the version'} of ${pacticipant} from ${where}${found}`;
}

/** Why a selector that was asked for finds nothing, as the answer says it. */
export function describeMissing(selector: MatrixSelector): string {
  const { pacticipant, version, tag, branch, mainBranch, environment } = selector;
  if (version !== undefined) {
    return `No pacts or verifications have been published for version ${version} of ${pacticipant}`;
  }
  if (tag !== undefined) return `No version with tag ${tag} exists for ${pacticipant}`;
  if (branch !== undefined) return `No version of ${pacticipant} from branch ${branch} exists`;
  if (mainBranch === true) return `No version of ${pacticipant} from the main branch exists`;
  if (environment !== undefined) {
    return `No version of ${pacticipant} is currently recorded as deployed or released in environment ${environment}`;
  }
  return `No pacts or verifications have been published for ${pacticipant}`;
}
