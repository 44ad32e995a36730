import { access, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { gatherObserved } from '../new-pact/gather-observed.ts';
import type { ObservedCall } from '../new-pact/observed-call.ts';
import { type Runner, runners, writeDraft } from '../new-pact/write-draft.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly consumer: string;
  readonly provider: string;
  readonly environment?: string;
  readonly runner: Runner;
  readonly pactDir: string;
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `concordat new`: first drafts of files that people go on with. */
export function newCommand(context: CliContext): Command {
  return new Command('new').description('draft files').addCommand(newPactCommand(context));
}

function newPactCommand(context: CliContext): Command {
  return withHubOptions(new Command('pact'))
    .description('write a pact-js test with an interaction for each call that no pact promises')
    .requiredOption('--consumer <name>', 'who calls')
    .requiredOption('--provider <name>', 'who is called')
    .requiredOption('--from-traffic', 'from what services were seen doing')
    .option('--environment <name>', 'seen in this environment')
    .addOption(new Option('--runner <name>', 'test runner').choices(runners).default('vitest'))
    .option('--pact-dir <folder>', 'where the test will write its pact', 'pacts')
    .option(
      '--output <file>',
      'the test; - for standard output (<consumer>-<provider>.pact.test.ts)',
    )
    .option('--force', 'replace the file if it exists')
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const { consumer, provider, environment, runner } = options;
  const hub = hubClientOf(options, context.environment);
  const calls = await gatherObserved(hub, { consumer, provider, environment });
  const draft = { consumer, provider, calls, runner, pactFolder: options.pactDir };
  const source = calls.length === 0 ? '' : writeDraft({ ...draft, hubUrl: hub.baseUrl });
  if (options.output === '-') {
    context.output.result(source);
  } else {
    const file = options.output ?? fileName(consumer, provider);
    if (calls.length > 0) await write(resolve(context.cwd, file), source, options.force === true);
    context.output.result(
      options.json === true
        ? JSON.stringify({ file: calls.length === 0 ? null : file, interactions: calls })
        : describe(options, file, calls),
    );
  }
  context.end(0);
}

function describe(
  { consumer, provider }: Options,
  file: string,
  calls: readonly ObservedCall[],
): string {
  if (calls.length === 0)
    return `✓ Every call of ${consumer} to ${provider} is promised; there is nothing to draft.`;
  const lines = calls.map((call) =>
    call.kind === 'http' ? `  ${call.operation} ${call.status}` : `  ${call.operation}`,
  );
  return [`✓ ${file} drafts what was observed and is not promised:`, ...lines].join('\n');
}

async function write(path: string, source: string, isForced: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (exists && !isForced)
    throw new CliError(
      `${path} exists; name another file with --output, or replace it with --force.`,
    );
  await writeFile(path, source);
}

function fileName(consumer: string, provider: string): string {
  const plain = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-');
  return `${plain(consumer)}-${plain(provider)}.pact.test.ts`;
}
