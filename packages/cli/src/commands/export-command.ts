import { resolve } from 'node:path';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { Progress } from '../terminal/progress.ts';
import { exportToFile } from '../transfer/export-to-file.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly withSecrets?: boolean;
  readonly json?: boolean;
}

/** `concordat export`: everything a hub holds but traffic, as lines of JSON in one file. */
export function exportCommand(context: CliContext): Command {
  return withHubOptions(new Command('export'))
    .description('write everything a hub holds to a file, as lines of JSON')
    .argument('<file>', 'where to; compressed when the name ends with .gz')
    .option('--with-secrets', "also passwords and headers of webhooks, and tokens' hashes")
    .option('--json', 'answer as JSON')
    .action((file: string, options: Options) => run(file, options, context));
}

async function run(file: string, options: Options, context: CliContext): Promise<void> {
  const { output, signal } = context;
  const progress = new Progress(output);
  const { counts } = await exportToFile(hubClientOf(options, context.environment), {
    path: resolve(context.cwd, file),
    withSecrets: options.withSecrets === true,
    onRecords: (written, announced) => progress.update(`${written} of ${announced} records`),
    signal,
  }).finally(() => progress.end());
  const records = Object.values(counts).reduce((sum, count) => sum + (count ?? 0), 0);
  const said = { exported: true, file, records, counts };
  // The file may be standard output itself.
  const say = file === '/dev/stdout' ? output.note : output.result;
  say(options.json === true ? JSON.stringify(said) : `✓ ${records} records are in ${file}.`);
  context.end(0);
}
