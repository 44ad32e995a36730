import type { DeploymentResource, RecordedRunning, RunningVersionResource } from '@concordat/api';
import { formatTable } from '../terminal/table.ts';

/** A table of versions, and a line for each rollout that is under way. */
export function describeDeployments(deployments: readonly DeploymentResource[]): string {
  if (deployments.length === 0) return 'Nothing is recorded, and nothing that is known runs.';
  const rows = deployments.flatMap(({ environment, pacticipant, versions }) =>
    versions.map((version) => [
      environment,
      pacticipant,
      version.version,
      version.state,
      version.lastSeen ?? 'never',
      String(Math.round(version.calls)),
      notesOf(version),
    ]),
  );
  const headings = ['environment', 'pacticipant', 'version', 'state', 'last seen', 'calls', ''];
  const rollouts = deployments.flatMap((deployment) => describeRollout(deployment) ?? []);
  return [formatTable(headings, rows), ...rollouts].join('\n');
}

function notesOf({
  version,
  exists,
  hasContracts,
  sentAs,
  candidates,
}: RunningVersionResource): string {
  const others = sentAs.filter((sent) => sent.version !== version).map((sent) => sent.version);
  const notes = [
    exists ? undefined : 'unknown to the broker',
    exists && !hasContracts ? 'without contracts' : undefined,
    others.length === 0 ? undefined : `sent as ${[...new Set(others)].join(', ')}`,
    candidates.length === 0 ? undefined : `may be ${candidates.join(' or ')}`,
  ];
  return notes.filter((note) => note !== undefined).join('; ');
}

function describeRollout({ environment, pacticipant, mixed }: DeploymentResource) {
  if (mixed === null) return undefined;
  const versions = mixed.versions.map(({ version, share }) =>
    share === null ? version : `${version} (${Math.round(share * 100)} %)`,
  );
  const long = mixed.isLasting ? ', which is long for a rollout' : '';
  return `▲ ${pacticipant} runs in ${environment} in ${versions.length} versions since ${mixed.since}${long}: ${versions.join(', ')}`;
}

/** What was recorded, and of the rest why not. */
export function describeRecorded({
  environment,
  dryRun,
  recorded,
  skipped,
}: RecordedRunning): string {
  if (recorded.length + skipped.length === 0) {
    return `✓ All that runs in ${environment} is recorded.`;
  }
  const done = recorded.map(({ pacticipant, version, created, replaces }) => {
    const was = dryRun ? 'would be' : 'is';
    const made = created ? `, and ${was} made` : '';
    const before = replaces.length === 0 ? '' : `, in place of ${replaces.join(', ')}`;
    return `✓ ${pacticipant} ${version} ${was} recorded in ${environment}${before}${made}.`;
  });
  return [...done, ...skipped.map(({ detail }) => `▲ ${detail}`)].join('\n');
}
