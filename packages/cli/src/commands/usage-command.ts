import type { UsageQuery } from '@concordat/api';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';
import { describeUsage } from '../usage/describe-usage.ts';
import { listUsage } from '../usage/list-usage.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly provider?: string;
  readonly consumer?: string;
  readonly operation?: string;
  readonly environment?: string;
  readonly window?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** `concordat usage`: exit 0 when the ledger knows an operation that fits, else 1. */
export function usageCommand(context: CliContext): Command {
  return withHubOptions(new Command('usage'))
    .description('list who promises the operations of a provider, and who calls them')
    .option('--provider <name>', 'operations of this provider')
    .option('--consumer <name>', 'what this consumer promises and calls')
    .option('--operation <name>', '"GET /v1/orders/{id}", order.placed')
    .option('--environment <name>', 'seen in this environment')
    .option('--window <time>', 'in the last 30m, 12h, 7d or 2w')
    .option('--since <time>', 'seen since, ISO 8601')
    .option('--until <time>', 'seen until, ISO 8601')
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  if (options.provider === undefined && options.consumer === undefined) {
    throw new CliError(
      'Name the service whose operations are asked for: --provider or --consumer.',
    );
  }
  const { insights } = hubClientOf(options, context.environment);
  const operations = await listUsage(insights, queryOf(options));
  context.output.result(
    options.json === true ? JSON.stringify({ operations }) : describeUsage(operations),
  );
  context.end(operations.length > 0 ? 0 : 1);
}

function queryOf(options: Options): UsageQuery {
  const { provider, consumer, operation, environment, window, since, until } = options;
  return {
    ...(provider !== undefined && { provider }),
    ...(consumer !== undefined && { consumer }),
    ...(operation !== undefined && { operation }),
    ...(environment !== undefined && { environment }),
    ...(window !== undefined && { window }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
