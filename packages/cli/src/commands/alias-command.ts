import type { AliasResource, AliasSuggestionResource } from '@concordat/api';
import { Command } from 'commander';
import { addAlias, listAliases, removeAlias, suggestAliases } from '../aliases/aliases.ts';
import type { CliContext } from '../cli-context.ts';
import { formatTable } from '../terminal/table.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly json?: boolean;
  readonly force?: boolean;
}

/** `concordat alias`: which services of traces are which pacticipants. */
export function aliasCommand(context: CliContext): Command {
  const hubOf = (options: Options) => hubClientOf(options, context.environment);
  const say = (options: Options, data: unknown, text: string): void => {
    context.output.result(options.json === true ? JSON.stringify(data) : text);
    context.end(0);
  };
  const add = subcommand('add')
    .description('count the calls of a service as those of a pacticipant')
    .argument('<service>', 'its service.name, or the address it is called by')
    .argument('<pacticipant>', 'its name in contracts')
    .option('--force', 'even when the service is a pacticipant of its own')
    .action(async (service: string, pacticipant: string, options: Options) => {
      const force = options.force === true;
      const alias = await addAlias(hubOf(options), { service, pacticipant, force });
      say(options, alias, `✓ ${service} is ${pacticipant}, and what was counted of it too.`);
    });
  const list = subcommand('list')
    .description('list the aliases')
    .action(async (options: Options) => {
      const aliases = await listAliases(hubOf(options).insights);
      say(options, { aliases }, describe(aliases));
    });
  const remove = subcommand('remove')
    .description('take an alias away; what was counted stays where it is')
    .argument('<service>', 'the service')
    .action(async (service: string, options: Options) => {
      await removeAlias(hubOf(options), service);
      say(options, { removed: true, service }, `✓ ${service} is no alias any more.`);
    });
  const suggest = subcommand('suggest')
    .description('name services whose names nearly are those of pacticipants')
    .action(async (options: Options) => {
      const suggestions = await suggestAliases(hubOf(options).insights);
      say(options, { suggestions }, describeSuggestions(suggestions));
    });
  return new Command('alias')
    .description('say which services of traces are which pacticipants')
    .addCommand(add)
    .addCommand(list)
    .addCommand(remove)
    .addCommand(suggest);
}

function subcommand(name: string): Command {
  return withHubOptions(new Command(name)).option('--json', 'answer as JSON');
}

function describe(aliases: readonly AliasResource[]): string {
  if (aliases.length === 0) return 'There are no aliases.';
  const rows = aliases.map((alias) => [alias.service, alias.pacticipant, alias.createdAt]);
  return formatTable(['service', 'pacticipant', 'since'], rows);
}

/** Each with the command that makes it. */
function describeSuggestions(suggestions: readonly AliasSuggestionResource[]): string {
  if (suggestions.length === 0) return '✓ Every service that was seen has a name of its own.';
  return suggestions
    .map(({ service, pacticipant, score, reasons, alternatives, calls }) => {
      const others = alternatives.length === 0 ? '' : `; or ${alternatives.join(', ')}`;
      const why = `${Math.round(score * 100)} %, ${Math.round(calls)} calls; ${reasons.join(', ')}${others}`;
      return `${service} → ${pacticipant}  (${why})\n    concordat alias add ${quoted(service)} ${quoted(pacticipant)}`;
    })
    .join('\n');
}

/** For a shell. */
function quoted(name: string): string {
  return /^[\w./:@-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
