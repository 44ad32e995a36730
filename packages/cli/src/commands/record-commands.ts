import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { recordDeployment, recordRelease } from '../record/record.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  readonly applicationInstance?: string;
  readonly json?: boolean;
}

/** `concordat record-deployment`: this version runs there now, in place of the one before. */
export function recordDeploymentCommand(context: CliContext): Command {
  return recordCommand('record-deployment')
    .description('say that a version now runs in an environment')
    .option('--application-instance <name>', 'one of several instances in that environment')
    .action((options: Options) => run(options, context, recordDeployment));
}

/** `concordat record-release`: this version is available there, beside those before. */
export function recordReleaseCommand(context: CliContext): Command {
  return recordCommand('record-release')
    .description('say that a version is released to an environment')
    .action((options: Options) => run(options, context, recordRelease));
}

function recordCommand(name: string): Command {
  return withHubOptions(new Command(name))
    .requiredOption('-a, --pacticipant <name>', 'the application')
    .requiredOption('-e, --version <version>', 'its version')
    .requiredOption('--environment <name>', 'where')
    .option('--json', 'answer as JSON');
}

async function run(
  options: Options,
  context: CliContext,
  record: typeof recordDeployment,
): Promise<void> {
  const { pacticipant, version, environment, json = false } = options;
  await record(hubClientOf(options, context.environment), options);
  const said = { recorded: true, pacticipant, version, environment };
  context.output.result(
    json ? JSON.stringify(said) : `✓ ${pacticipant} ${version} is recorded in ${environment}.`,
  );
  context.end(0);
}
