import { setTimeout as pause } from 'node:timers/promises';
import type { Acceptance } from '@concordat/api';
import { Command, Option } from 'commander';
import {
  askAcceptance,
  askCanIDeploy,
  type CanIDeployQuestion,
  type CanIDeployVerdict,
} from '../can-i-deploy/can-i-deploy.ts';
import { describeAcceptance, describeEvidence } from '../can-i-deploy/describe-evidence.ts';
import { describeVerdict } from '../can-i-deploy/describe-verdict.ts';
import type { CliContext, ExitCode } from '../cli-context.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
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
  readonly evidence?: 'traffic';
  readonly window: string;
  readonly accept?: 'unaffected';
  readonly applyOverrides?: boolean;
  readonly json?: boolean;
}

/**
 * `concordat can-i-deploy`: exit 0 yes, 1 no, 2 when a verification result is missing or the question is refused. Only `--accept` and
 * `--apply-overrides` make a 0 of another answer, and say so.
 */
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
    .addOption(
      new Option('--evidence <kind>', 'tell who uses what is in the way').choices(['traffic']),
    )
    .option('--window <span>', 'how far back traffic is looked at: 12h, 7d, 2w', '7d')
    .addOption(
      new Option(
        '--accept <verdict>',
        'end with 0 when traffic shows that all that is in the way is unaffected',
      ).choices(['unaffected']),
    )
    .option('--apply-overrides', 'end with 0 when overrides excuse all that is in the way')
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
  const acceptance = await acceptanceOf(hub, verdict, options);
  const answer = { ...verdict, ...(acceptance === undefined ? {} : { acceptance }) };
  context.output.result(
    options.json === true ? JSON.stringify(answer) : describe(verdict, acceptance),
  );
  context.end(acceptance?.accepted === true ? 0 : exitCodeOf(verdict));
}

/** Undefined where nothing is to be excused, or nobody wants to. */
async function acceptanceOf(
  hub: HubClient,
  { deployable }: CanIDeployVerdict,
  options: Options,
): Promise<Acceptance | undefined> {
  const excuses = {
    unaffected: options.accept === 'unaffected',
    overrides: options.applyOverrides === true,
  };
  if (deployable === true || !(excuses.unaffected || excuses.overrides)) return undefined;
  return askAcceptance(hub, questionOf(options), excuses);
}

function describe(verdict: CanIDeployVerdict, acceptance: Acceptance | undefined): string {
  const now = new Date();
  return [
    describeVerdict(verdict, now),
    ...(verdict.evidence === undefined ? [] : [describeEvidence(verdict.evidence, now)]),
    ...(acceptance === undefined ? [] : [describeAcceptance(acceptance)]),
  ].join('\n');
}

function questionOf({
  toEnvironment,
  to,
  pacticipant,
  version,
  ignore,
  evidence,
  window,
  accept,
  applyOverrides,
}: Options): CanIDeployQuestion {
  if ((toEnvironment === undefined) === (to === undefined)) {
    throw new CliError('Say where: --to-environment NAME, or --to TAG, and not both.');
  }
  if (toEnvironment === undefined && (accept !== undefined || applyOverrides === true)) {
    throw new CliError('Traffic and overrides are those of an environment: use --to-environment.');
  }
  const target =
    to === undefined
      ? ({ kind: 'environment', name: toEnvironment ?? '' } as const)
      : ({ kind: 'tag', name: to } as const);
  const wantsTraffic = evidence === 'traffic' || accept !== undefined;
  return {
    ...{ pacticipant, version, target, ignore },
    trafficWindow: wantsTraffic ? window : undefined,
    overrides: applyOverrides === true,
  };
}

function exitCodeOf({ deployable }: CanIDeployVerdict): ExitCode {
  if (deployable === null) return 2;
  return deployable ? 0 : 1;
}
