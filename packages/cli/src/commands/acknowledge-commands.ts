import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { acknowledgeFinding, unacknowledgeFinding } from '../findings/acknowledge-finding.ts';
import { readFuture } from '../findings/read-moment.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly json?: boolean;
}

interface AcknowledgeOptions extends Options {
  readonly reason: string;
  readonly until?: string;
  readonly by?: string;
}

/** `concordat findings acknowledge`: from now on, or until a time, the finding fails nobody's build. */
export function acknowledgeCommand(context: CliContext): Command {
  return withHubOptions(new Command('acknowledge'))
    .description('let a finding be for now, or for a time')
    .argument('<id>', 'as findings are listed')
    .requiredOption('--reason <words>', 'why')
    .option('--until <time>', 'open again from then on: 2026-12-31, an ISO 8601 time, or 14d')
    .option('--by <name>', 'who; the name behind the credentials, else the user of this machine')
    .option('--json', 'answer as JSON')
    .action(async (id: string, options: AcknowledgeOptions) => {
      const hub = hubClientOf(options, context.environment);
      const { reason, json } = options;
      const by = options.by ?? (hub.authorization === undefined ? userInfo().username : undefined);
      const until = untilOf(options.until);
      const finding = await acknowledgeFinding(hub, id, { by, reason, until });
      const end = finding.acknowledgement?.until ?? null;
      context.output.result(
        json === true
          ? JSON.stringify(finding)
          : `✓ ${finding.kind} ${id} is acknowledged ${end === null ? 'for ever' : `until ${end}`}.`,
      );
      context.end(0);
    });
}

/** `concordat findings unacknowledge`. */
export function unacknowledgeCommand(context: CliContext): Command {
  return withHubOptions(new Command('unacknowledge'))
    .description('take an acknowledgement back: the finding is open again')
    .argument('<id>', 'as findings are listed')
    .option('--json', 'answer as JSON')
    .action(async (id: string, options: Options) => {
      await unacknowledgeFinding(hubClientOf(options, context.environment), id);
      context.output.result(
        options.json === true
          ? JSON.stringify({ id, acknowledged: false })
          : `✓ ${id} is no longer acknowledged.`,
      );
      context.end(0);
    });
}

function untilOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const until = readFuture(text, new Date());
  if (until !== undefined) return until;
  throw new CliError(`--until is "${text}"; give a day (2026-12-31), a time or how long (14d).`);
}
