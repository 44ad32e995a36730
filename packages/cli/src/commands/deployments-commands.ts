import type { DeploymentResource } from '@concordat/api';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { listDeployments, recordRunning } from '../deployments/deployments.ts';
import { describeDeployments, describeRecorded } from '../deployments/describe-deployments.ts';
import { CliError } from '../terminal/cli-error.ts';
import { commaList, wholeNumber } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface ListOptions extends HubOptions {
  readonly environment?: string;
  readonly pacticipant?: string;
  readonly failOn: readonly string[];
  readonly json?: boolean;
}

interface RecordOptions extends HubOptions {
  readonly environment: string;
  readonly pacticipant?: string;
  readonly dryRun?: boolean;
  readonly createVersions?: boolean;
  readonly minimumSightings?: number;
  readonly json?: boolean;
}

const FAILINGS = ['unrecorded', 'replaced', 'silent', 'no-evidence', 'mixed', 'lasting'];

/** `concordat deployments`: exit 1 when something is as `--fail-on` names it, else 0. */
export function deploymentsCommand(context: CliContext): Command {
  return withHubOptions(new Command('deployments'))
    .description('show what runs against what was recorded')
    .option('--environment <name>', 'in this environment')
    .option('-a, --pacticipant <name>', 'of this application')
    .option(
      '--fail-on <states>',
      `end with 1 on any of ${FAILINGS.join(', ')} (comma between)`,
      commaList,
      [],
    )
    .option('--json', 'answer as JSON')
    .action((options: ListOptions) => list(options, context));
}

/** `concordat record-running`: exit 0 unless something runs that was not recorded. */
export function recordRunningCommand(context: CliContext): Command {
  return withHubOptions(new Command('record-running'))
    .description('record as deployed what runs and was never recorded')
    .requiredOption('--environment <name>', 'where')
    .option('-a, --pacticipant <name>', 'of this application only')
    .option('--dry-run', 'tell what would be recorded, and record nothing')
    .option('--create-versions', 'make versions that the hub does not know')
    .option('--minimum-sightings <count>', 'leave out what was seen less often (5)', wholeNumber)
    .option('--json', 'answer as JSON')
    .action((options: RecordOptions) => record(options, context));
}

async function list(options: ListOptions, context: CliContext): Promise<void> {
  const { environment, pacticipant, failOn, json = false } = options;
  const wrong = failOn.filter((state) => !FAILINGS.includes(state));
  if (wrong.length > 0) {
    throw new CliError(`--fail-on does not know ${wrong.join(', ')}; use ${FAILINGS.join(', ')}.`);
  }
  const { insights } = hubClientOf(options, context.environment);
  const deployments = await listDeployments(insights, {
    ...(environment !== undefined && { environment }),
    ...(pacticipant !== undefined && { pacticipant }),
  });
  context.output.result(json ? JSON.stringify({ deployments }) : describeDeployments(deployments));
  context.end(deployments.some((deployment) => isFailing(deployment, failOn)) ? 1 : 0);
}

function isFailing({ versions, mixed }: DeploymentResource, failOn: readonly string[]): boolean {
  const isMixed = mixed !== null && failOn.includes('mixed');
  const isLasting = mixed?.isLasting === true && failOn.includes('lasting');
  return isMixed || isLasting || versions.some(({ state }) => failOn.includes(state));
}

async function record(options: RecordOptions, context: CliContext): Promise<void> {
  const { environment, pacticipant, minimumSightings, json = false } = options;
  const answer = await recordRunning(hubClientOf(options, context.environment), {
    environment,
    ...(pacticipant !== undefined && { pacticipant }),
    ...(minimumSightings !== undefined && { minimumSightings }),
    dryRun: options.dryRun === true,
    createVersions: options.createVersions === true,
  });
  context.output.result(json ? JSON.stringify(answer) : describeRecorded(answer));
  context.end(answer.skipped.length > 0 ? 1 : 0);
}
