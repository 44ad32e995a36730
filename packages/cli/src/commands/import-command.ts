import { resolve } from 'node:path';
import type { TransferResult } from '@concordat/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { type BrokerFile, brokerToFile } from '../migrate/broker-to-file.ts';
import { describeMigration, untold } from '../migrate/describe-migration.ts';
import { CliError } from '../terminal/cli-error.ts';
import { Progress } from '../terminal/progress.ts';
import { describeImport } from '../transfer/describe-import.ts';
import { importFromFile } from '../transfer/import-from-file.ts';
import { wholeNumber } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly from?: string;
  readonly fromUsername?: string;
  readonly fromPassword?: string;
  readonly fromToken?: string;
  readonly concurrency: number;
  readonly folder: string;
  readonly onConflict: string;
  readonly json?: boolean;
}

const MOST_REQUESTS = 64;

/** `concordat import`: an export, or everything a Pact Broker tells, into a hub; all of it, or nothing. */
export function importCommand(context: CliContext): Command {
  return withHubOptions(new Command('import'))
    .description('read an export, or a whole Pact Broker, into a hub: all of it, or nothing')
    .argument('[file]', 'what `concordat export` has written')
    .option('--from <url>', 'instead of a file: a Pact Broker, which is only read')
    .option('--from-username <name>', 'user of that broker')
    .option('--from-password <password>', 'password of that broker')
    .option('--from-token <token>', 'bearer token of that broker')
    .option('--concurrency <requests>', 'requests to that broker at once', wholeNumber, 4)
    .option(
      '--folder <folder>',
      'keeps what that broker has answered: a second run asks only for what is new',
      '.concordat-import',
    )
    .addOption(
      new Option('--on-conflict <what>', 'what to do with what the hub has otherwise')
        .choices(['fail', 'skip', 'overwrite'])
        .default('fail'),
    )
    .option('--json', 'answer as JSON')
    .action((file: string | undefined, options: Options) => run(file, options, context));
}

async function run(file: string | undefined, options: Options, context: CliContext): Promise<void> {
  if ((file === undefined) === (options.from === undefined)) {
    throw new CliError('Say what to import: a FILE, or --from URL, and not both.');
  }
  const isJson = options.json === true;
  // Said before hours of reading: a hub that is named wrongly.
  hubClientOf(options, context.environment);
  const read =
    options.from === undefined ? undefined : await readFrom(options.from, options, context);
  const path = read?.path ?? resolve(context.cwd, file ?? '');
  const result = await send(path, options, context);
  const said = read === undefined ? result : { ...result, source: sourceOf(read), untold };
  const text = read === undefined ? '' : `\n${describeMigration(read, result)}`;
  context.output.result(isJson ? JSON.stringify(said) : `${describeImport(result)}${text}`);
  context.end(0);
}

async function readFrom(
  baseUrl: string,
  options: Options,
  { cwd, output, signal }: CliContext,
): Promise<BrokerFile> {
  const { concurrency } = options;
  if (concurrency < 1 || concurrency > MOST_REQUESTS) {
    throw new CliError(`--concurrency is ${concurrency}; give 1 to ${MOST_REQUESTS}.`);
  }
  const progress = new Progress(output);
  const { fromUsername: username, fromPassword: password, fromToken: token } = options;
  return brokerToFile({
    address: { baseUrl, username, password, token },
    folder: resolve(cwd, options.folder),
    reader: { concurrency, signal },
    now: new Date(),
    onRequest: (step, requests) => progress.update(`reading ${step}: ${requests} requests`),
  }).finally(() => progress.end());
}

function send(path: string, options: Options, context: CliContext): Promise<TransferResult> {
  const progress = new Progress(context.output);
  return importFromFile(hubClientOf(options, context.environment), {
    path,
    onConflict: options.onConflict,
    onProgress: (text) => progress.update(text),
    signal: context.signal,
  }).finally(() => progress.end());
}

function sourceOf({ counts, requests, vanished }: BrokerFile): object {
  return { counts, requests, vanished };
}
