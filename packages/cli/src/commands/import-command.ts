import { resolve } from 'node:path';
import type { TransferResult } from '@concordat/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';
import { Progress } from '../terminal/progress.ts';
import { describeImport } from '../transfer/describe-import.ts';
import { importFromFile } from '../transfer/import-from-file.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly onConflict: string;
  readonly json?: boolean;
}

/** `concordat import`: an export into a hub; all of it, or nothing. */
export function importCommand(context: CliContext): Command {
  return withHubOptions(new Command('import'))
    .description('read an export into a hub: all of it, or nothing')
    .argument('[file]', 'what `concordat export` has written')
    .addOption(
      new Option('--on-conflict <what>', 'what to do with what the hub has otherwise')
        .choices(['fail', 'skip', 'overwrite'])
        .default('fail'),
    )
    .option('--json', 'answer as JSON')
    .action((file: string | undefined, options: Options) => run(file, options, context));
}

async function run(file: string | undefined, options: Options, context: CliContext): Promise<void> {
  if (file === undefined) throw new CliError('Say what to import: a FILE.');
  const { output, signal } = context;
  const progress = new Progress(output);
  const result: TransferResult = await importFromFile(hubClientOf(options, context.environment), {
    path: resolve(context.cwd, file),
    onConflict: options.onConflict,
    onProgress: (text) => progress.update(text),
    signal,
  }).finally(() => progress.end());
  output.result(options.json === true ? JSON.stringify(result) : describeImport(result));
  context.end(0);
}
