import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Change } from '../apply/change.ts';
import { describePlan, hide, planSetup } from '../apply/plan-setup.ts';
import { readSetup, type SetupReading } from '../apply/read-setup.ts';
import type { CliContext } from '../cli-context.ts';
import { CliError } from '../terminal/cli-error.ts';
import { type HubOptions, hubClientOf, withHubOptions } from './hub-options.ts';

interface Options extends HubOptions {
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly json?: boolean;
}

/** `concordat apply`: brings a hub to what a file says; with `--dry-run` exit 1 when something would change. */
export function applyCommand(context: CliContext): Command {
  return withHubOptions(new Command('apply'))
    .description('arrange environments, pacticipants, webhooks and tokens as a file says')
    .argument('<file>', 'YAML; the README says what it may hold')
    .option('--dry-run', 'only say what would change; ends with 1 when something would')
    .option(
      '--prune',
      'also delete environments, webhooks and tokens that the file does not name, of the sections it has; pacticipants stay',
    )
    .option('--json', 'answer as JSON')
    .action((file: string, options: Options) => run(file, options, context));
}

async function run(file: string, options: Options, context: CliContext): Promise<void> {
  const { environment, output } = context;
  const { setup, secrets } = await readFrom(file, context);
  const hub = hubClientOf(options, environment);
  const isJson = options.json === true;
  const changes = await planSetup(hub, setup, options.prune === true).catch(hiding(secrets));
  const isChange = changes.some(({ action }) => action !== 'unchanged');
  if (!isJson) output.result(describePlan(changes, secrets));
  const made =
    options.dryRun === true ? [] : await applyAll(changes, context).catch(hiding(secrets));
  if (isJson) output.result(jsonOf(changes, { made, secrets, applied: options.dryRun !== true }));
  else if (options.dryRun !== true) output.result('✓ The hub is as the file says.');
  for (const { name, secret } of isJson ? [] : made) {
    output.result(`token '${name}', not shown again: ${secret}`);
  }
  context.end(options.dryRun === true && isChange ? 1 : 0);
}

async function readFrom(
  file: string,
  { cwd, environment }: CliContext,
): Promise<Extract<SetupReading, { ok: true }>> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file} cannot be read.`, { cause });
  });
  const reading = readSetup(text, environment.variables);
  if (reading.ok) return reading;
  const defects = reading.defects.map(({ line, message }) => `\n  ${file}:${line}: ${message}`);
  throw new CliError(`Nothing was changed, because of:${defects.join('')}`);
}

interface MadeToken {
  readonly name: string;
  readonly secret: string;
}

/** One after the other; where one fails, those before it are done, and the same file applied again goes on. */
async function applyAll(
  changes: readonly Change[],
  { output, signal }: CliContext,
): Promise<readonly MadeToken[]> {
  const made: MadeToken[] = [];
  for (const [done, { name, apply }] of changes.entries()) {
    signal.throwIfAborted();
    try {
      const secret = await apply();
      if (secret !== undefined) made.push({ name, secret });
    } catch (error) {
      // A secret that is shown once must not get lost with what comes after it.
      for (const token of made)
        output.result(`token '${token.name}', not shown again: ${token.secret}`);
      const reason = (error as Error).message;
      throw new CliError(
        `${reason}\n  ${done} of ${changes.length} are done; apply the file again when this is mended.`,
        { cause: error },
      );
    }
  }
  return made;
}

function hiding(secrets: ReadonlySet<string>) {
  return (error: unknown): never => {
    throw new CliError(hide((error as Error).message, secrets), { cause: error });
  };
}

function jsonOf(
  changes: readonly Change[],
  given: {
    readonly made: readonly MadeToken[];
    readonly secrets: ReadonlySet<string>;
    readonly applied: boolean;
  },
): string {
  const shown = changes.map(({ action, kind, name, details }) => ({ action, kind, name, details }));
  const plan = JSON.parse(hide(JSON.stringify(shown), given.secrets)) as unknown;
  return JSON.stringify({ applied: given.applied, changes: plan, tokens: given.made });
}
