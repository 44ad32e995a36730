import type { NewToken, TokenResource } from '@concordat/api';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { formatTable } from '../terminal/table.ts';
import { createToken, listTokens, revokeToken } from '../tokens/tokens.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly json?: boolean;
}

interface CreateOptions extends Options {
  readonly role: NewToken['role'];
  readonly expiresInDays?: number;
}

/** `concordat tokens`: bearer tokens made, listed and revoked. */
export function tokensCommand(context: CliContext): Command {
  const hubOf = (options: Options) => hubClientOf(options, context.environment);
  const say = (options: Options, data: unknown, text: string): void => {
    context.output.result(options.json === true ? JSON.stringify(data) : text);
    context.end(0);
  };
  const create = subcommand('create')
    .description('make a token; its secret is shown once')
    .argument('<description>', 'whose it is and what for')
    .addOption(
      new Option('--role <role>', 'read: look; publish: what a build does; admin: everything')
        .choices(['read', 'publish', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--expires-in-days <days>', 'end it by itself', days)
    .action(async (description: string, options: CreateOptions) => {
      const token = await createToken(hubOf(options), newToken(description, options));
      say(options, token, token.secret);
      if (options.json !== true) {
        context.output.note(`✓ This is the token '${description}'; it is not shown again.`);
      }
    });
  const list = subcommand('list')
    .description('list the tokens that were made')
    .action(async (options: Options) => {
      const tokens = await listTokens(hubOf(options));
      say(options, { tokens }, describe(tokens));
    });
  const revoke = subcommand('revoke')
    .description('end a token')
    .argument('<description>', 'or its uuid')
    .action(async (name: string, options: Options) => {
      const token = await revokeToken(hubOf(options), name);
      say(options, { revoked: true, ...token }, `✓ '${token.description}' is revoked.`);
    });
  return new Command('tokens')
    .description('make, list and revoke bearer tokens')
    .addCommand(create)
    .addCommand(list)
    .addCommand(revoke);
}

function subcommand(name: string): Command {
  return withHubOptions(new Command(name)).option('--json', 'answer as JSON');
}

function days(value: string): number {
  if (/^[1-9]\d{0,4}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('Give a whole number of days.');
}

function newToken(description: string, { role, expiresInDays }: CreateOptions): NewToken {
  if (expiresInDays === undefined) return { description, role };
  const expiresAt = new Date(Date.now() + expiresInDays * 86_400_000).toISOString();
  return { description, role, expiresAt };
}

function describe(tokens: readonly TokenResource[]): string {
  if (tokens.length === 0) return 'No tokens were made; those of the configuration are not listed.';
  const rows = tokens.map((token) => [
    token.description,
    token.role,
    token.createdAt,
    token.expiresAt ?? 'never',
    token.lastUsedAt ?? 'never',
  ]);
  return formatTable(['description', 'role', 'created', 'expires', 'last used'], rows);
}
