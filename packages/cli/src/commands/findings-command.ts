import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FindingResource, type FindingsQuery, findingSchema } from '@concordat/api';
import { Command, Option } from 'commander';
import type { CliContext } from '../cli-context.ts';
import { findContractFile } from '../findings/find-contract-file.ts';
import { followFindings } from '../findings/follow-findings.ts';
import { type FindingFormat, findingFormats, formatFindings } from '../findings/format-findings.ts';
import { listFindings } from '../findings/list-findings.ts';
import { readPast } from '../findings/read-moment.ts';
import type { FileOf } from '../findings/sarif.ts';
import type { HubClient } from '../hub-client/hub-client.ts';
import { CliError } from '../terminal/cli-error.ts';
import { acknowledgeCommand, unacknowledgeCommand } from './acknowledge-commands.ts';
import { commaList } from './argument-parsers.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly kind: readonly string[];
  readonly consumer?: string;
  readonly provider?: string;
  readonly environment?: string;
  readonly operation?: string;
  readonly since?: string;
  readonly includeAcknowledged?: boolean;
  readonly failOn: readonly string[];
  readonly format: FindingFormat;
  readonly json?: boolean;
  readonly output?: string;
  readonly pacts: string;
  readonly watch?: boolean;
}

const kinds: readonly string[] = findingSchema.shape.kind.options;
const RETRY_MS = 2000;

/** `concordat findings`: exit 1 when there is one of the kinds named by `--fail-on`, else 0. */
export function findingsCommand(context: CliContext): Command {
  return (
    withHubOptions(new Command('findings'))
      // Options of the list stand before the name of a subcommand: its own have the same names.
      .enablePositionalOptions()
      .description('list where traffic and contracts disagree')
      .option('--kind <kinds>', `of ${kinds.join(', ')} (comma between)`, commaList, [])
      .option('--consumer <name>', 'of this consumer')
      .option('--provider <name>', 'of this provider')
      .option('--environment <name>', 'seen in this environment')
      .option('--operation <key>', 'of this operation: "GET /orders/{id}", "send order.placed"')
      .option('--since <time>', 'seen since: an ISO 8601 time, or so long ago (24h, 7d)')
      .option('--include-acknowledged', 'also those that somebody lets be')
      .option(
        '--fail-on <kinds>',
        'end with 1 on these kinds (comma between; all for any)',
        commaList,
        [],
      )
      .addOption(
        new Option('--format <format>', 'how they are written')
          .choices([...findingFormats])
          .default('text'),
      )
      .option('--json', 'the same as --format json')
      .option('--output <file>', 'write them to a file')
      .option('--pacts <folder>', 'where the repository has its pacts', 'contracts/pacts')
      .option('--watch', 'then tell what becomes of them, until interrupted or --fail-on is met')
      .action((options: Options) => run(options, context))
      .addCommand(acknowledgeCommand(context))
      .addCommand(unacknowledgeCommand(context))
  );
}

async function run(options: Options, context: CliContext): Promise<void> {
  checkKinds([...options.kind, ...options.failOn]);
  const query = queryOf(options, new Date());
  const hub = hubClientOf(options, context.environment);
  const findings = await listFindings(hub.insights, query);
  await tell(findings, options, context);
  if (findings.some((finding) => isFailing(finding, options))) context.end(1);
  else if (options.watch === true) await watch(hub, { options, query, context });
  else context.end(0);
}

async function tell(
  findings: readonly FindingResource[],
  options: Options,
  context: CliContext,
): Promise<void> {
  const format = formatOf(options);
  const text = formatFindings(findings, format, fileIn(context, options));
  if (options.output === undefined) {
    context.output.result(text);
    return;
  }
  const file = resolve(context.cwd, options.output);
  await writeFile(file, `${text}\n`).catch((cause: unknown) => {
    throw new CliError(`${file} cannot be written: ${(cause as Error).message}.`, { cause });
  });
  context.output.note(`✓ ${findings.length} findings are in ${options.output}.`);
}

function fileIn({ cwd }: CliContext, { pacts }: Options): FileOf {
  return (finding) => findContractFile({ root: cwd, pacts }, finding);
}

function formatOf({ json, format }: Options): FindingFormat {
  return json === true ? 'json' : format;
}

interface Watching {
  readonly options: Options;
  readonly query: FindingsQuery;
  readonly context: CliContext;
}

/** Who interrupts it has seen enough: that is no failure. */
async function watch(hub: HubClient, { options, query, context }: Watching): Promise<void> {
  const { output, signal } = context;
  const isJson = formatOf(options) === 'json';
  const { state: _, ...asked } = query;
  const onBreak = () => output.note('The connection broke; it is opened again.');
  for await (const turn of followFindings(hub, {
    ...{ query: asked, signal, retryMs: RETRY_MS, onBreak },
  })) {
    if (turn.kind === 'resync') {
      output.note('Some turns may have been missed; list the findings anew.');
      continue;
    }
    const { what, finding } = turn;
    output.result(
      isJson
        ? JSON.stringify({ event: what, finding })
        : `${what}: ${formatFindings([finding], 'text', () => undefined)}`,
    );
    if (isFailing(finding, options)) {
      context.end(1);
      return;
    }
  }
  context.end(0);
}

function checkKinds(given: readonly string[]): void {
  const wrong = given.filter((kind) => kind !== 'all' && !kinds.includes(kind));
  if (wrong.length === 0) return;
  throw new CliError(
    `There is no finding of kind ${wrong.join(', ')}; the kinds are ${kinds.join(', ')}.`,
  );
}

/** What somebody lets be fails nothing unless it is asked for. */
function isFailing(
  { kind, state }: FindingResource,
  { failOn, includeAcknowledged }: Options,
): boolean {
  const counts = state === 'open' || (state === 'acknowledged' && includeAcknowledged === true);
  return counts && (failOn.includes('all') || failOn.includes(kind));
}

function queryOf(options: Options, now: Date): FindingsQuery {
  const { kind, consumer, provider, environment, operation, since } = options;
  return {
    ...(kind.length > 0 && !kind.includes('all') && { kind: kind.join(',') }),
    ...(consumer !== undefined && { consumer }),
    ...(provider !== undefined && { provider }),
    ...(environment !== undefined && { environment }),
    ...(operation !== undefined && { operation }),
    ...(since !== undefined && { since: sinceOf(since, now) }),
    ...(options.includeAcknowledged === true && { state: 'open,acknowledged' }),
  };
}

function sinceOf(text: string, now: Date): string {
  const since = readPast(text, now);
  if (since !== undefined) return since.toISOString();
  throw new CliError(`--since is "${text}"; give an ISO 8601 time or how long ago (24h, 7d).`);
}
