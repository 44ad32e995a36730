import type {
  DeploymentReason,
  ResolvedReason,
  SelectionReason,
  VersionReason,
} from './selected-pact.ts';

/** What each reason is called in a verifier's output; test names are made of it. */
export function shortDescription(reasons: readonly ResolvedReason[]): string {
  return [...new Set(reasons.map(({ reason }) => shortReason(reason)))].join(', ');
}

/** The criteria that brought a pact in, one a line; all environments it is deployed to are one criterion. */
export function selectionCriteria(
  reasons: readonly ResolvedReason[],
  provider: string,
): readonly string[] {
  const lines: string[] = [];
  const grouped = new Map<string, string[]>();
  for (const { reason, version } of reasons) {
    if (reason.kind !== 'deployed' && reason.kind !== 'released') {
      lines.push(`${criterion(reason, provider)} (${version.number})`);
      continue;
    }
    const head = environmentCriterion(reason);
    const where = `${reason.environment} (${version.number})`;
    const held = grouped.get(head);
    if (held === undefined) grouped.set(head, [where]);
    else held.push(where);
  }
  const environments = [...grouped].map(([head, places]) => `${head} ${joinWords(places)}`);
  return [...environments, ...lines];
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function shortReason(reason: SelectionReason): string {
  switch (reason.kind) {
    case 'deployed':
      return `deployed to ${reason.environment}`;
    case 'released':
      return `released in ${reason.environment}`;
    case 'environment':
      return `in ${reason.environment}`;
    case 'latest-tag':
      return `latest with tag ${reason.tag}`;
    case 'branch':
      return `latest from branch ${reason.branch}`;
    case 'main-branch':
      return 'latest from main branch';
    case 'latest':
      return 'latest';
    case 'tag':
      return reason.consumer === undefined
        ? `one of ${reason.tag}`
        : `one of ${reason.consumer} ${reason.tag}`;
  }
}

function environmentCriterion(reason: DeploymentReason): string {
  const who =
    reason.consumer === undefined ? 'consumer version(s)' : `version(s) of ${reason.consumer}`;
  return reason.kind === 'deployed'
    ? `${who} currently deployed to`
    : `${who} released and supported in`;
}

function criterion(reason: VersionReason, provider: string): string {
  const { consumer } = reason;
  const version = consumer === undefined ? 'latest version' : `latest version of ${consumer}`;
  switch (reason.kind) {
    case 'environment':
      return consumer === undefined
        ? `a consumer version in environment ${reason.environment}`
        : `a version of ${consumer} in environment ${reason.environment}`;
    case 'latest-tag':
      return reason.insteadOf === undefined
        ? `${version} tagged '${reason.tag}'`
        : `${version} tagged '${reason.tag}' (fallback tag used as no pact was found with tag '${reason.insteadOf}')`;
    case 'branch':
      return reason.insteadOf === undefined
        ? `${version} from branch '${reason.branch}'`
        : `${version} from branch '${reason.branch}' (fallback branch used as no branch '${reason.insteadOf}' was found)`;
    case 'main-branch':
      return `${version} from the main branch '${reason.branch}'`;
    case 'latest':
      return consumer === undefined
        ? `latest version of a consumer that has a pact with ${provider}`
        : `${version} that has a pact with ${provider}`;
    case 'tag':
      return consumer === undefined
        ? `all consumer versions tagged '${reason.tag}'`
        : `all ${consumer} versions tagged '${reason.tag}'`;
  }
}
