import type { AuditEntry } from '@concordat/api';
import { Command, InvalidArgumentError } from 'commander';
import { type AuditQuery, listAudit } from '../audit/list-audit.ts';
import type { CliContext } from '../cli-context.ts';
import { formatTable } from '../terminal/table.ts';
import { wholeNumber } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions, AuditQuery {
  readonly limit: number;
  readonly json?: boolean;
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `concordat audit`: who changed what, the newest first. */
export function auditCommand(context: CliContext): Command {
  return withHubOptions(new Command('audit'))
    .description('list who changed what, the newest first')
    .option('--since <time>', 'since then: ISO 8601, or a span such as 30m, 12h or 7d', time)
    .option('--until <time>', 'before then', time)
    .option('--actor <name>', 'by this user or token')
    .option('--action <action>', 'such as pact.publish; pact for all that is done to pacts')
    .option('-a, --pacticipant <name>', 'of this pacticipant')
    .option('--limit <count>', 'at most so many', wholeNumber, 100)
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  const { since, until, actor, action, pacticipant, limit, json } = options;
  const query = { since, until, actor, action, pacticipant };
  const entries = await listAudit(hubClientOf(options, context.environment), query, limit);
  context.output.result(json === true ? JSON.stringify({ entries }) : describe(entries));
  context.end(0);
}

function describe(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'Nobody has changed anything that fits.';
  const rows = entries.map(({ at, actor, client, action, pacticipants, names }) => [
    at,
    client === null ? actor.name : `${actor.name} (${client})`,
    action,
    pacticipants.join(', '),
    Object.entries(names)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  ]);
  return formatTable(['when', 'who', 'what', 'of whom', 'names'], rows);
}

function time(value: string): string {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd') {
    return new Date(Date.now() - Number(count) * UNITS[unit]).toISOString();
  }
  if (/^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value))) {
    return new Date(value).toISOString();
  }
  throw new InvalidArgumentError('Give ISO 8601, or a span such as 30m, 12h or 7d.');
}
