import { Command, InvalidArgumentError } from 'commander';
import { type CleanOrder, previewClean, runClean } from '../clean/clean-hub.ts';
import { describePreview, describeRun } from '../clean/describe-clean.ts';
import { readPolicyFile } from '../clean/read-policy.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';
import { progressOf } from '../terminal/output.ts';
import { collect, wholeNumber } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly dryRun?: boolean;
  readonly explain?: boolean;
  readonly policy?: string;
  readonly keep: readonly unknown[];
  readonly minimumAge?: number;
  readonly limit?: number;
  readonly pacticipant?: string;
  readonly branch: readonly string[];
  readonly json?: boolean;
}

/** `concordat clean`: ends with 0 when all that was to go is gone, 1 when the run failed or was stopped. */
export function cleanCommand(context: CliContext): Command {
  return withHubOptions(new Command('clean'))
    .description('remove old versions and what hangs on them, by the policy of the hub or another')
    .option('--dry-run', 'only say what would go, and why')
    .option('--explain', 'with --dry-run: list what stays too, and why')
    .option('--policy <file>', 'JSON or YAML; what it does not say is as in the hub')
    .option(
      '--keep <selector>',
      'keep the versions that fit, as JSON: {"branch": true, "latest": true} (repeatable)',
      selector,
      [],
    )
    .option('--minimum-age <days>', 'leave what is younger', wholeNumber)
    .option('--limit <count>', 'remove at most so many versions', wholeNumber)
    .option('-a, --pacticipant <name>', 'with --branch: whose')
    .option(
      '--branch <name>',
      'remove only this branch and the versions that are on no other (repeatable)',
      collect,
      [],
    )
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const { output, signal } = context;
  const hub = hubClientOf(options, context.environment);
  const order = orderOf(options, context.cwd);
  const isJson = options.json === true;
  if (options.dryRun === true) {
    const preview = await previewClean(hub, order, { explain: options.explain === true });
    output.result(isJson ? JSON.stringify(preview) : describePreview(preview));
    context.end(0);
    return;
  }
  const progress = progressOf(output, isJson);
  const ended = await runClean(hub, order, { signal, progress });
  output.result(isJson ? JSON.stringify(ended) : describeRun(ended));
  context.end(ended.status === 'done' ? 0 : 1);
}

function orderOf(options: Options, cwd: string): CleanOrder {
  const { policy, keep, minimumAge, limit, pacticipant, branch } = options;
  const given = {
    ...(policy === undefined ? {} : readPolicyFile(policy, cwd)),
    ...(keep.length === 0 ? {} : { keepVersionSelectors: keep }),
    ...(minimumAge !== undefined && { minimumAge }),
    ...(limit !== undefined && { deletionLimit: limit }),
  };
  if (branch.length === 0) {
    if (pacticipant === undefined) return { policy: given };
    throw new CliError('--pacticipant says whose --branch is to go; name the branch too.');
  }
  if (pacticipant === undefined) throw new CliError('--branch needs --pacticipant: whose is it?');
  return { policy: given, branches: branch.map((name) => ({ pacticipant, branch: name })) };
}

function selector(value: string, before: readonly unknown[]): readonly unknown[] {
  const parsed = parsedJson(value);
  if (parsed === undefined) throw new InvalidArgumentError('Give a selector as JSON.');
  return [...before, parsed];
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
