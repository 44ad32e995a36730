import { type FindingResource, type FindingsQuery, findingSchema } from '@concordat/api';
import { Command } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { describeFinding } from '../findings/describe-finding.ts';
import { listFindings } from '../findings/list-findings.ts';
import { CliError } from '../terminal/cli-error.ts';
import { commaList } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly kind?: string;
  readonly consumer?: string;
  readonly provider?: string;
  readonly environment?: string;
  readonly since?: string;
  readonly failOn: readonly string[];
  readonly json?: boolean;
}

const kinds: readonly string[] = findingSchema.shape.kind.options;

/** `concordat findings`: exit 1 when there is one of the kinds named by `--fail-on`, else 0. */
export function findingsCommand(context: CliContext): Command {
  return withHubOptions(new Command('findings'))
    .description('list where traffic and contracts disagree')
    .option('--kind <kind>', `one of ${kinds.join(', ')}`)
    .option('--consumer <name>', 'of this consumer')
    .option('--provider <name>', 'of this provider')
    .option('--environment <name>', 'seen in this environment')
    .option('--since <time>', 'seen since, ISO 8601')
    .option(
      '--fail-on <kinds>',
      'end with 1 on these kinds (comma between; all for any)',
      commaList,
      [],
    )
    .option('--json', 'answer as JSON')
    .action((options: Options) => run(options, context));
}

async function run(options: Options, context: CliContext): Promise<void> {
  checkKinds([...(options.kind === undefined ? [] : [options.kind]), ...options.failOn]);
  const { insights } = hubClientOf(options, context.environment);
  const findings = await listFindings(insights, queryOf(options));
  context.output.result(
    options.json === true ? JSON.stringify({ findings }) : describeAll(findings),
  );
  const failing = findings.some(({ kind }) => isFailing(kind, options.failOn));
  context.end(failing ? 1 : 0);
}

function checkKinds(given: readonly string[]): void {
  const wrong = given.filter((kind) => kind !== 'all' && !kinds.includes(kind));
  if (wrong.length === 0) return;
  throw new CliError(
    `There is no finding of kind ${wrong.join(', ')}; the kinds are ${kinds.join(', ')}.`,
  );
}

function isFailing(kind: string, failOn: readonly string[]): boolean {
  return failOn.includes('all') || failOn.includes(kind);
}

function queryOf({ kind, consumer, provider, environment, since }: Options): FindingsQuery {
  return {
    ...(kind !== undefined && { kind }),
    ...(consumer !== undefined && { consumer }),
    ...(provider !== undefined && { provider }),
    ...(environment !== undefined && { environment }),
    ...(since !== undefined && { since }),
  };
}

function describeAll(findings: readonly FindingResource[]): string {
  if (findings.length === 0) return '✓ No findings: traffic and contracts agree.';
  return findings.map(describeFinding).join('\n');
}
