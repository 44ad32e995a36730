import { InsightsError, type RemovalQuery } from '@concordat/api';
import { Command } from 'commander';
import { describeRemoval } from '../can-i-remove/describe-removal.ts';
import type { CliContext, ExitCode } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly event?: string;
  readonly field?: string;
  readonly environment?: string;
  readonly window?: string;
  readonly json?: boolean;
}

const CODES = { yes: 0, no: 1, 'cannot-tell': 2 } as const satisfies Record<string, ExitCode>;

/** `concordat can-i-remove`: exit 0 yes, 1 no, 2 when nobody can tell or the question is refused. */
export function canIRemoveCommand(context: CliContext): Command {
  return withHubOptions(new Command('can-i-remove'))
    .description('ask who would notice if a route, an event or a field went')
    .argument('<provider>', 'whose it is')
    .argument('[operation]', 'such as "GET /v1/orders/{id}"')
    .option('--event <name>', 'an event instead, by channel or message: order.placed')
    .option('--field <pointer>', 'only a field of the answer or event: /items/0/sku')
    .option('--environment <name>', 'look at this environment only')
    .option('--window <span>', 'how far back traffic is looked at: 12h, 7d; 30d when not given')
    .option('--json', 'answer as JSON')
    .action((provider: string, operation: string | undefined, options: Options) =>
      run(queryOf(provider, operation, options), options, context),
    );
}

async function run(query: RemovalQuery, options: Options, context: CliContext): Promise<void> {
  const { insights } = hubClientOf(options, context.environment);
  const removal = await insights.canIRemove(query).catch((error: unknown) => {
    if (error instanceof InsightsError) throw new CliError(`can-i-remove: ${error.message}`);
    throw error;
  });
  context.output.result(
    options.json === true ? JSON.stringify(removal) : describeRemoval(removal, new Date()),
  );
  context.end(CODES[removal.answer]);
}

function queryOf(
  provider: string,
  operation: string | undefined,
  { event, field, environment, window }: Options,
): RemovalQuery {
  if ((operation === undefined) === (event === undefined)) {
    throw new CliError('Say what is to go: an operation, or --event NAME, and not both.');
  }
  return {
    provider,
    ...(operation !== undefined && { operation }),
    ...(event !== undefined && { event }),
    ...(field !== undefined && { field }),
    ...(environment !== undefined && { environment }),
    ...(window !== undefined && { window }),
  };
}
