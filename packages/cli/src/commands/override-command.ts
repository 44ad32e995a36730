import { userInfo } from 'node:os';
import type { OverrideResource } from '@concordat/api';
import { readTrafficWindow } from '@concordat/domain';
import { Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../cli-context.ts';
import {
  addOverride,
  listOverrides,
  type OverrideFilter,
  removeOverride,
} from '../overrides/overrides.ts';
import { formatTable } from '../terminal/table.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly json?: boolean;
}

interface AddOptions extends Options {
  readonly pacticipant: string;
  readonly version: string;
  readonly environment: string;
  readonly consumer?: string;
  readonly provider?: string;
  readonly reason: string;
  readonly until: string;
  readonly by?: string;
}

type ListOptions = Options & OverrideFilter;

/** `concordat override`: exceptions from can-i-deploy made, listed and taken back. */
export function overrideCommand(context: CliContext): Command {
  const hubOf = (options: Options) => hubClientOf(options, context.environment);
  const say = (options: Options, data: unknown, text: string): void => {
    context.output.result(options.json === true ? JSON.stringify(data) : text);
    context.end(0);
  };
  const add = subcommand('add')
    .description('excuse what is in the way of a version, until a time')
    .requiredOption('-a, --pacticipant <name>', 'what is to be deployed')
    .requiredOption('-e, --version <version>', 'its version')
    .requiredOption('--environment <name>', 'where it is to go')
    .option('--consumer <name>', 'excuse the pair with this consumer only')
    .option('--provider <name>', 'excuse the pair with this provider only')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--until <time>', 'ISO 8601, or a span such as 48h or 7d; 90 days at most', end)
    .option('--by <name>', 'who, where the hub asks for no credentials')
    .action(async (options: AddOptions) => {
      const override = await addOverride(hubOf(options), newOverride(options));
      say(options, override, `✓ excused until ${override.until}: ${override.id}`);
    });
  const list = subcommand('list')
    .description('list the overrides that are in force')
    .option('-a, --pacticipant <name>', 'of this pacticipant')
    .option('--environment <name>', 'for this environment')
    .action(async (options: ListOptions) => {
      const overrides = await listOverrides(hubOf(options), filterOf(options));
      say(options, { overrides }, describe(overrides));
    });
  const remove = subcommand('remove')
    .description('take an override back')
    .argument('<id>')
    .action(async (id: string, options: Options) => {
      await removeOverride(hubOf(options), id);
      say(options, { removed: id }, `✓ '${id}' is taken back.`);
    });
  return new Command('override')
    .description('excuse what is in the way of a deployment, for a while')
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove);
}

function subcommand(name: string): Command {
  return withHubOptions(new Command(name)).option('--json', 'answer as JSON');
}

function newOverride(options: AddOptions) {
  const { pacticipant, version, environment, consumer, provider, reason, until } = options;
  return {
    ...{ pacticipant, version, environment, reason, until },
    by: options.by ?? userInfo().username,
    ...(consumer === undefined ? {} : { consumer }),
    ...(provider === undefined ? {} : { provider }),
  };
}

function filterOf({ pacticipant, environment }: ListOptions): OverrideFilter {
  return {
    ...(pacticipant === undefined ? {} : { pacticipant }),
    ...(environment === undefined ? {} : { environment }),
  };
}

function end(value: string): string {
  const seconds = readTrafficWindow(value);
  if (seconds !== undefined) return new Date(Date.now() + seconds * 1000).toISOString();
  if (/^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value))) {
    return new Date(value).toISOString();
  }
  throw new InvalidArgumentError('Give ISO 8601, or a span such as 48h or 7d.');
}

function describe(overrides: readonly OverrideResource[]): string {
  if (overrides.length === 0) return 'Nothing is excused.';
  const rows = overrides.map((override) => [
    override.id,
    `${override.pacticipant} ${override.version}`,
    override.environment,
    override.consumer ?? override.provider ?? 'everybody',
    override.until,
    override.by,
    override.reason,
  ]);
  return formatTable(['id', 'what', 'where', 'against', 'until', 'who', 'why'], rows);
}
