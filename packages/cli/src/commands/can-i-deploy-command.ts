import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import {
  askCanIDeploy,
  type CanIDeployQuestion,
  type CanIDeployVerdict,
} from '../can-i-deploy/can-i-deploy.ts';
import { describeVerdict } from '../can-i-deploy/describe-verdict.ts';
import type { CliContext, ExitCode } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';
import { collect, wholeNumber } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly pacticipant: string;
  readonly version: string;
  readonly toEnvironment?: string;
  readonly to?: string;
  readonly ignore: readonly string[];
  readonly retryWhileUnknown: number;
  readonly retryInterval: number;
  readonly json?: boolean;
}

/** `concordat can-i-deploy`: exit 0 yes, 1 no, 2 when a verification result is missing or the question is refused. */
export function canIDeployCommand(context: CliContext): Command {
  return withHubOptions(new Command('can-i-deploy'))
    .description('ask whether a version can go to an environment')
    .requiredOption('-a, --pacticipant <name>', 'the application')
    .requiredOption('-e, --version <version>', 'its version')
    .option('--to-environment <name>', 'where it is to go')
    .option('--to <tag>', 'where it is to go, for those who mark environments by tags')
    .option('--ignore <pacticipant>', 'leave an application out (repeatable)', collect, [])
    .option('--retry-while-unknown <times>', 'ask again while results are missing', wholeNumber, 0)
    .option('--retry-interval <seconds>', 'seconds between two questions', wholeNumber, 10)
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const question = questionOf(options);
  const hub = hubClientOf(options, context.environment);
  let verdict = await askCanIDeploy(hub, question);
  for (let left = options.retryWhileUnknown; left > 0 && verdict.unknown > 0; left -= 1) {
    await pause(options.retryInterval * 1000, undefined, { signal: context.signal });
    verdict = await askCanIDeploy(hub, question);
  }
  context.output.result(
    options.json === true ? JSON.stringify(verdict) : describeVerdict(verdict, new Date()),
  );
  context.end(exitCodeOf(verdict));
}

function questionOf({
  toEnvironment,
  to,
  pacticipant,
  version,
  ignore,
}: Options): CanIDeployQuestion {
  if ((toEnvironment === undefined) === (to === undefined)) {
    throw new CliError('Say where: --to-environment NAME, or --to TAG, and not both.');
  }
  const target =
    to === undefined
      ? ({ kind: 'environment', name: toEnvironment ?? '' } as const)
      : ({ kind: 'tag', name: to } as const);
  return { pacticipant, version, target, ignore };
}

function exitCodeOf({ deployable }: CanIDeployVerdict): ExitCode {
  if (deployable === null) return 2;
  return deployable ? 0 : 1;
}
